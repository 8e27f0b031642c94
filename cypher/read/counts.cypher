// How many nodes and edges of each kind there are; the database keeps these counts, so it is cheap.
CALL () {
  MATCH (n:Entity)
  RETURN 'node' AS what, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, count(*) AS number
  UNION ALL
  MATCH ()-[r]->()
  WHERE NOT type(r) STARTS WITH 'WAS_'
  RETURN 'edge' AS what, type(r) AS kind, count(*) AS number
}
RETURN what, kind, number
ORDER BY what DESC, number DESC, kind
