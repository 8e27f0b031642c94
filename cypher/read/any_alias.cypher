// One row if the graph keeps another id of any node, none if it keeps no such id.
MATCH (a:Alias)
RETURN 1 AS some
LIMIT 1
