// The present edges of the nodes $ids, either way, with their evidence (JSON).
MATCH (n:Entity)-[r]-()
WHERE n.id IN $ids AND r.until IS NULL
RETURN DISTINCT r.id AS id, r.told AS told
