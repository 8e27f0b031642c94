// Keep new proposals that bring evidence for edges. Each of $rows is one: its properties (`properties`, and its
// title), the operation as which it is kept, and that operation's result: the parts `first`, `second` and `third` with
// the time and the title between them, in JSON. The graph is locked once for all of them, as by write/lock; each gets a
// time of its own. Returned are the numbers and results of those that are kept. One is not when its operation was done
// before, when the same was proposed before (`key`), when evidence on the edge has its reference (`reference`, as it
// stands in the JSON), or when the ends are not there, or are of other kinds than $starts and $ends. No two rows have
// one key or one operation. KIND stands for the kind of the edges.
MATCH (meta:Meta {id: 'meta'})
SET meta.lock = meta.lock + 1
WITH meta
SET meta.clock = CASE WHEN $now > coalesce(meta.clock, 0) THEN $now ELSE meta.clock + 1 END + size($rows) - 1
WITH meta.clock - size($rows) + 1 AS first
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row, first + number AS clock
MATCH (start:Entity {id: row.start})
MATCH (end:Entity {id: row.end})
WHERE any(label IN labels(start) WHERE label IN $starts)
  AND any(label IN labels(end) WHERE label IN $ends)
  AND NOT EXISTS { MATCH (start)-[known:KIND]->(end) WHERE known.told CONTAINS row.reference }
  AND NOT EXISTS { MATCH (:Proposal {key: row.key}) }
  AND NOT EXISTS { MATCH (:Operation {id: row.operation}) }
WITH number, row, clock, start.name + ' KIND ' + end.name + row.claims AS title,
  datetime({epochSeconds: clock / 1000000}) AS second
// What JSON writes in another way than by a backslash is left to the other way of proposing.
WHERE NOT title =~ '(?s).*[\\x00-\\x1f].*'
WITH number, row, title,
  toString(date(second)) + 'T' + right('0' + second.hour, 2) + ':' + right('0' + second.minute, 2) + ':'
  + right('0' + second.second, 2) + '.' + right('00000' + (clock % 1000000), 6) + '+00:00' AS at
WITH number, row, title, at,
  row.first + at + row.second + replace(replace(title, '\\', '\\\\'), '"', '\\"') + row.third AS result
CREATE (p:Proposal)
SET p = row.properties, p.title = title, p.at = at
CREATE (:Operation {id: row.operation, at: datetime(), tried: 1, result: result})
RETURN number, result
