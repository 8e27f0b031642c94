// Give the nodes of $rows (properties) of KIND, which exist, the state told. The state before $seq is kept.
UNWIND $rows AS row
MATCH (n:KIND {id: row.id})
FOREACH (_ IN CASE WHEN n.since = $seq THEN [] ELSE [1] END |
  CREATE (p:Past)
  SET p = properties(n), p.kind = 'KIND', p.until = $seq)
SET n = row
