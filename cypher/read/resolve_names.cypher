// For each of $rows (kind, phrase for Lucene, name in lower case): the ids of nodes of that name, names before synonyms.
// degree: edges of all kinds there.
UNWIND range(0, size($rows) - 1) AS place
WITH place, $rows[place] AS row
CALL (row) {
  CALL db.index.fulltext.queryNodes('names', row.phrase) YIELD node AS n
  WHERE row.kind IN labels(n)
  RETURN n, CASE
    WHEN any(name IN [n.name_en, n.name_ru] WHERE toLower(name) = row.lower) THEN 5
    WHEN any(name IN coalesce(n.synonyms_en, []) + coalesce(n.synonyms_ru, []) WHERE toLower(name) = row.lower) THEN 6
  END AS way
}
WITH place, n, way
WHERE way IS NOT NULL
RETURN place, n.id AS id, n.name AS name, way, COUNT { (n)--() } AS degree
ORDER BY place, way, id
LIMIT 2000
