// All names and synonyms of the nodes of KIND, a kind of node.
MATCH (n:KIND)
RETURN n.id AS id, [name IN [n.name_en, n.name_ru] WHERE name IS NOT NULL] + coalesce(n.synonyms_en, []) + coalesce(n.synonyms_ru, []) AS names
