// Those of the edges of $rows (start, end) that exist as KIND, with their evidence (JSON). KIND stands for a kind.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r:KIND]->(b:Entity {id: row.end})
RETURN r.id AS id, r.told AS told
