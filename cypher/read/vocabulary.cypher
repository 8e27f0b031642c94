// All nodes of $kinds with their names and synonyms.
MATCH (n:Entity)
WHERE any(kind IN $kinds WHERE kind IN labels(n))
RETURN [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, properties(n) AS properties
ORDER BY n.id
