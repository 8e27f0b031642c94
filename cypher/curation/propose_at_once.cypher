// Keep a new proposal with $properties as the operation $operation, whose result is $before, the time, and $after,
// unless something that it hangs on is not as it was seen. The graph is locked first, as by write/lock. No result
// comes back when nothing was kept. KIND stands for the kind of the edge.
MATCH (meta:Meta {id: 'meta'})
SET meta.lock = meta.lock + 1
WITH meta
SET meta.clock = CASE WHEN $now > coalesce(meta.clock, 0) THEN $now ELSE meta.clock + 1 END
WITH meta.clock AS clock
MERGE (operation:Operation {id: $operation})
ON CREATE SET operation.at = datetime()
SET operation.tried = coalesce(operation.tried, 0) + 1
WITH operation, clock, datetime({epochSeconds: clock / 1000000}) AS second
WITH operation,
  toString(date(second)) + 'T' + right('0' + second.hour, 2) + ':' + right('0' + second.minute, 2) + ':'
  + right('0' + second.second, 2) + '.' + right('00000' + (clock % 1000000), 6) + '+00:00' AS at
CALL (operation, at) {
  WITH operation, at
  WHERE operation.result IS NULL
    AND NOT EXISTS { MATCH (:Proposal {key: $properties.key}) }
    AND COUNT { MATCH (n:Entity) WHERE n.id IN $ids } = size($ids)
    AND COLLECT { MATCH (:Entity {id: $start})-[r:KIND]->() WHERE r.id = $edge RETURN r.told } = $told
  CREATE (p:Proposal)
  SET p = $properties, p.at = at
  SET operation.result = $before + at + $after
}
RETURN operation.result AS result
