// Those of the nodes of $ids that a present edge still holds, $limit at most.
MATCH (n:Entity)
WHERE n.id IN $ids AND EXISTS { (n)-[r]-() WHERE r.until IS NULL }
RETURN n.id AS id
ORDER BY id
LIMIT $limit
