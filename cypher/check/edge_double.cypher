// Edges of $kinds that are there more than once; at most $limit, and how many.
MATCH ()-[r]->()
WHERE type(r) IN $kinds
WITH r.id AS id, count(*) AS times
WHERE times > 1
WITH {subject: [id], times: times} AS found
ORDER BY found.subject[0]
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed
