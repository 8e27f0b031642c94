// The aliases that are one of $ids.
MATCH (a:Alias)
WHERE a.id IN $ids
RETURN a.kind AS kind, a.id AS id, a.of AS of, a.why AS why, a.source AS source
