// Edges of $kinds that have evidence, all of it against them; at most $limit, and how many.
MATCH (:Entity)-[r]->(:Entity)
WHERE type(r) IN $kinds AND size(r.evidence) > 0 AND coalesce(size(r.sources), 0) = 0
WITH {subject: [r.id], number: size(r.evidence)} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed
