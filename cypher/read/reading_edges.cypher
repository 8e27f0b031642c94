// The edges $rows (id, start, end) that there are, with all that is kept of them.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r]->(b:Entity {id: row.end})
WHERE r.id = row.id AND r.until IS NULL
RETURN r.id AS id, properties(r) AS properties
