// Up to $limit names and synonyms of the kind $kind that look like $phrase (Lucene, made from escaped words).
CALL db.index.fulltext.queryNodes('names', $phrase) YIELD node AS n, score
WHERE $kind IN labels(n)
RETURN n.id AS id, n.name AS name,
       [name IN [n.name_en, n.name_ru] WHERE name IS NOT NULL] + coalesce(n.synonyms_en, []) + coalesce(n.synonyms_ru, []) AS names
ORDER BY score DESC, n.id
LIMIT $limit
