// The nodes of $kinds found by $query (Lucene) or by an id or code of $ids, best first, at most $limit.
CALL () {
  CALL db.index.fulltext.queryNodes('names', $query) YIELD node AS n, score
  WHERE any(label IN labels(n) WHERE label IN $kinds)
  RETURN n, score
  ORDER BY score DESC, n.id
  LIMIT $limit
  UNION ALL
  MATCH (n:Entity)
  WHERE n.id IN $ids AND any(label IN labels(n) WHERE label IN $kinds)
  RETURN n, 1000.0 AS score
  UNION ALL
  MATCH (code:IcdCode)<-[:CODED_AS]-(n:Disease)
  WHERE code.id IN $ids AND 'Disease' IN $kinds
  RETURN n, 999.0 AS score
  LIMIT $limit
}
RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, properties(n) AS properties,
       max(score) AS score
