// Other ids of a node that are at the same time a node of that kind; at most $limit, and how many.
MATCH (a:Alias)
WHERE a.id <> a.of AND EXISTS { MATCH (n:Entity {id: a.id}) WHERE a.kind IN labels(n) }
WITH {subject: [a.kind, a.id], kind: a.kind, other: a.id, of: a.of} AS found
ORDER BY found.kind, found.other
WITH collect(found) AS every
RETURN size(every) AS total, every[..$limit] AS listed
