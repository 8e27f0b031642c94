// Make the nodes of $rows (properties) of KIND, a kind of node.
UNWIND $rows AS row
CREATE (n:Entity:KIND)
SET n = row
