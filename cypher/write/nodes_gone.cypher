// Take the nodes of $ids away, which no edge holds any more.
MATCH (n:Entity)
WHERE n.id IN $ids
DELETE n
