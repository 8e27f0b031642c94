// Those of the nodes of $ids that an edge still holds, $limit at most.
MATCH (n:Entity)
WHERE n.id IN $ids AND EXISTS { (n)--() }
RETURN n.id AS id
ORDER BY id
LIMIT $limit
