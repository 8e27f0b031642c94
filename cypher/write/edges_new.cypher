// Make the edges of $rows (start, end, kind, properties); return those made, so that a missing end is noticed.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})
MATCH (b:Entity {id: row.end})
CREATE (a)-[r:$(row.kind)]->(b)
SET r = row.properties
RETURN r.id AS id
