// Take the nodes of $ids of KIND away, which no present edge holds. What they were until $seq is kept.
UNWIND $ids AS id
MATCH (n:KIND {id: id})
REMOVE n:Entity:KIND
SET n:Gone:WasKIND, n.until = $seq
