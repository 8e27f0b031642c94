// The aliases that are one of $ids or stand for one of them.
CALL () {
  MATCH (a:Alias) WHERE a.id IN $ids RETURN a
  UNION
  MATCH (a:Alias) WHERE a.of IN $ids RETURN a
}
RETURN a.kind AS kind, a.id AS id, a.of AS of, a.why AS why, a.source AS source
