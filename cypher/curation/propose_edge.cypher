// Keep a new proposal ($properties, and its title) of an edge that is not there yet, as the operation $operation. Its
// result is the parts $first, $second and $third with the time and the title between them, in JSON. The graph is locked
// first, as by write/lock. Nothing is kept, and no result comes back, when the operation was done before, when the
// same was proposed before ($key), when $edge is there, or when the ends $start and $end are not, or of other kinds
// than $starts and $ends. KIND stands for the kind of the edge.
MATCH (meta:Meta {id: 'meta'})
SET meta.lock = meta.lock + 1
WITH meta
SET meta.clock = CASE WHEN $now > coalesce(meta.clock, 0) THEN $now ELSE meta.clock + 1 END
WITH meta.clock AS clock
MATCH (start:Entity {id: $start})
MATCH (end:Entity {id: $end})
WHERE any(label IN labels(start) WHERE label IN $starts)
  AND any(label IN labels(end) WHERE label IN $ends)
  AND NOT EXISTS { MATCH (start)-[r:KIND]->() WHERE r.id = $edge }
  AND NOT EXISTS { MATCH (:Proposal {key: $key}) }
  AND NOT EXISTS { MATCH (:Operation {id: $operation}) }
WITH clock, start.name + ' KIND ' + end.name + $claims AS title, datetime({epochSeconds: clock / 1000000}) AS second
// What JSON writes in another way than by a backslash is left to the other way of proposing.
WHERE NOT title =~ '(?s).*[\\x00-\\x1f].*'
WITH title,
  toString(date(second)) + 'T' + right('0' + second.hour, 2) + ':' + right('0' + second.minute, 2) + ':'
  + right('0' + second.second, 2) + '.' + right('00000' + (clock % 1000000), 6) + '+00:00' AS at
WITH title, at, $first + at + $second + replace(replace(title, '\\', '\\\\'), '"', '\\"') + $third AS result
CREATE (p:Proposal)
SET p = $properties, p.title = title, p.at = at
CREATE (:Operation {id: $operation, at: datetime(), tried: 1, result: result})
RETURN result
