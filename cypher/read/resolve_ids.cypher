// For each of $rows (kind, exact ids, codes, ATC code): the ids of nodes that are meant, best way first.
// way 0: an id; 1: another id of the same thing; 2: a code of WHO ICD-10; 3: a code of ICD-10-CM; 4: an ATC code.
// degree: edges of all kinds there.
UNWIND range(0, size($rows) - 1) AS place
WITH place, $rows[place] AS row
CALL (row) {
  MATCH (n:Entity) WHERE n.id IN row.ids AND row.kind IN labels(n)
  RETURN n, 0 AS way
  UNION ALL
  MATCH (other:Alias) WHERE other.id IN row.ids AND other.kind = row.kind
  MATCH (n:Entity {id: other.of}) WHERE row.kind IN labels(n)
  RETURN n, 1 AS way
  UNION ALL
  MATCH (n:Disease)-[:CODED_AS]->(code:IcdCode) WHERE row.kind = 'Disease' AND code.id IN row.codes
  RETURN n, CASE code.system WHEN 'ICD10' THEN 2 ELSE 3 END AS way
  UNION ALL
  MATCH (n:IcdCode) WHERE row.kind = 'IcdCode' AND n.id IN row.codes
  RETURN n, CASE n.system WHEN 'ICD10' THEN 2 ELSE 3 END AS way
  UNION ALL
  MATCH (n:Drug) WHERE row.kind = 'Drug' AND n.atc = row.atc
  RETURN n, 4 AS way
}
WITH place, n, min(way) AS way
WITH place, n.id AS id, n.name AS name, way, COUNT { (n)--() } AS degree
ORDER BY place, way, id
RETURN place, id, name, way, degree
LIMIT 2000
