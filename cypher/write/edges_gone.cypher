// Take the edges of $rows (start, end) of KIND away. What they were until $seq is kept.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r:KIND]->(b:Entity {id: row.end})
FOREACH (_ IN CASE WHEN r.since = $seq THEN [] ELSE [1] END |
  CREATE (a)-[w:WAS_KIND]->(b)
  SET w = properties(r), w.until = $seq)
DELETE r
