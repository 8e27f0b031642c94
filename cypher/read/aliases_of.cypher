// The aliases for which one of $ids stands.
MATCH (a:Alias)
WHERE a.of IN $ids
RETURN a.kind AS kind, a.id AS id, a.of AS of, a.why AS why, a.source AS source
