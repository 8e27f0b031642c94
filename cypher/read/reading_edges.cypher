// The evidence (JSON) of each of the edges $rows (id, start, end).
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r]->(b:Entity {id: row.end})
WHERE r.id = row.id AND r.until IS NULL
RETURN r.id AS edge, r.told AS told
