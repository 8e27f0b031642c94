// The evidence of each of the edges $edges, at most $limit for each: what speaks for it first, then by source and id.
UNWIND $edges AS edge
CALL (edge) {
  MATCH (e:Evidence {edge: edge})
  RETURN e
  ORDER BY e.direction DESC, e.source, e.id
  LIMIT $limit
}
RETURN edge, properties(e) AS evidence
