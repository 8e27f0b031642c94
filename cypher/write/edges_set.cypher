// Give the edges of $rows (start, end, kind, properties), which exist, the state told.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r]->(b:Entity {id: row.end})
WHERE type(r) = row.kind
SET r = row.properties
