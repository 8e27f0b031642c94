// Give the nodes of $rows (id, kind, properties) the state told, making those that are missing.
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:$(row.kind)
SET n = row.properties
