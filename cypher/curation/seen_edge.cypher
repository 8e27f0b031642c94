// All that a proposal hangs on: the result of $operation if it was done before, how many proposals ask for the same
// ($key), the nodes of $ids, and what is told of $edge from $start, which is of KIND. KIND stands for a kind.
OPTIONAL MATCH (operation:Operation {id: $operation})
RETURN
  operation.result AS result,
  COUNT { MATCH (:Proposal {key: $key}) } AS alike,
  COLLECT {
    MATCH (n:Entity)
    WHERE n.id IN $ids
    RETURN {id: n.id, kind: [label IN labels(n) WHERE label <> 'Entity'][0], properties: properties(n)}
  } AS nodes,
  COLLECT {
    MATCH (:Entity {id: $start})-[r:KIND]->()
    WHERE r.id = $edge
    RETURN r.told
  } AS told
