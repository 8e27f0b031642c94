// The $reach nodes nearest to $vector in $indexes, nearest first.
// Nothing when the vectors are not those of $model.
MATCH (s:VectorState {id: 'vectors', model: $model})
UNWIND $indexes AS index
CALL db.index.vector.queryNodes(index, $reach, $vector) YIELD node, score
MATCH (n:Entity {id: node.id})
RETURN [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, properties(n) AS properties,
       2 * score - 1 AS score
ORDER BY score DESC, n.id
LIMIT $reach
