// One row if the graph has a node, none if it is empty.
MATCH (n:Entity)
RETURN 1 AS some
LIMIT 1
