// Nodes without any edge of $kinds; at most $limit, and how many.
MATCH (n:Entity)
WHERE NOT EXISTS { MATCH (n)-[r]-() WHERE type(r) IN $kinds }
WITH {subject: [n.id], kind: [label IN labels(n) WHERE label <> 'Entity'][0], name: n.name} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed
