// At most $limit nodes of $kinds after the id $after, by id, with their other ids.
MATCH (n:Entity)
WHERE n.id > $after
WITH n, [label IN labels(n) WHERE label IN $kinds][0] AS kind
WHERE kind IS NOT NULL
WITH n, kind
ORDER BY n.id
LIMIT $limit
RETURN kind, properties(n) AS properties,
       COLLECT { MATCH (a:Alias {of: n.id}) WHERE a.kind = kind RETURN properties(a) ORDER BY a.id } AS aliases
ORDER BY n.id
