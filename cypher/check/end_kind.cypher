// Edges of $kinds whose ends are not of kinds that $allowed names ('EDGE START END'); at most $limit, and how many.
MATCH (a)-[r]->(b)
WHERE type(r) IN $kinds
WITH r, [label IN labels(a) WHERE label <> 'Entity'][0] AS start, [label IN labels(b) WHERE label <> 'Entity'][0] AS end
WHERE NOT coalesce(type(r) + ' ' + start + ' ' + end IN $allowed, false)
WITH {subject: [r.id], kind: type(r), start: coalesce(start, 'nothing'), end: coalesce(end, 'nothing')} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed
