// Other ids whose node is gone or of another kind; at most $limit, and how many.
MATCH (a:Alias)
WHERE NOT EXISTS { MATCH (n:Entity {id: a.of}) WHERE a.kind IN labels(n) }
WITH {subject: [a.kind, a.id], kind: a.kind, other: a.id, of: a.of} AS found
ORDER BY found.kind, found.other
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed
