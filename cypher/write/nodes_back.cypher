// Bring back those nodes of $rows (properties) of KIND that were taken away; return their ids. What they were is kept.
UNWIND $rows AS row
MATCH (n:Gone:WasKIND {id: row.id})
CREATE (p:Past)
SET p = properties(n), p.kind = 'KIND'
REMOVE n:Gone:WasKIND
SET n:Entity:KIND, n = row
RETURN n.id AS id
