// Edges of $kinds from $starts to nodes of $nodes after ($kind, $end), at most $limit, by start, kind and end, with their evidence (JSON).
MATCH (a:Entity)-[r]->(b:Entity)
WHERE a.id IN $starts AND type(r) IN $kinds AND any(label IN labels(b) WHERE label IN $nodes)
  AND (type(r) > $kind OR (type(r) = $kind AND b.id > $end))
RETURN a.id AS start, type(r) AS kind, b.id AS end, coalesce(r.told, '[]') AS told
ORDER BY start, kind, end
LIMIT $limit
