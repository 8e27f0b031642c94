// Take the edges of $rows (start, end, kind) away.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r]->(b:Entity {id: row.end})
WHERE type(r) = row.kind
DELETE r
