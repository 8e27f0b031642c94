// The edges of $rows (id, start, end, kind) that exist, with their evidence.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})-[r]->(b:Entity {id: row.end})
WHERE type(r) = row.kind
RETURN row.id AS id, row.kind AS kind, row.start AS start, row.end AS end,
       COLLECT { MATCH (e:Evidence) WHERE e.id IN r.evidence RETURN properties(e) } AS evidence
