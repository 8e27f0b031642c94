// For each of $rows (kind, exact ids, name in lower case): the ids of nodes that were removed, or had that name before.
// way 7: the id of what was removed; 8: an earlier name. The past is looked through as a whole; few questions need it.
UNWIND range(0, size($rows) - 1) AS place
WITH place, $rows[place] AS row
CALL (row) {
  MATCH (n:Gone) WHERE n.id IN row.ids AND 'Was' + row.kind IN labels(n)
  RETURN n, 7 AS way
  UNION ALL
  MATCH (n:Gone) WHERE 'Was' + row.kind IN labels(n) AND any(name IN [n.name_en, n.name_ru] WHERE toLower(name) = row.lower)
  RETURN n, 8 AS way
  UNION ALL
  MATCH (n:Past) WHERE n.kind = row.kind AND any(name IN [n.name_en, n.name_ru] WHERE toLower(name) = row.lower)
  RETURN n, 8 AS way
}
WITH place, n.id AS id, min(way) AS way, head(collect(coalesce(n.name, n.id))) AS name, max(COUNT { (n)--() }) AS degree
ORDER BY place, way, id
RETURN place, id, name, way, degree
LIMIT 2000
