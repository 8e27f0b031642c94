// Take the nodes of $ids away; the database refuses while an edge still holds one.
MATCH (n:Entity)
WHERE n.id IN $ids
DELETE n
