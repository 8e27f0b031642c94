// Make the edges of $rows (start, end, properties) of KIND, a kind of edge; return how many, so that a missing end is noticed.
UNWIND $rows AS row
MATCH (a:Entity {id: row.start})
MATCH (b:Entity {id: row.end})
CREATE (a)-[r:KIND]->(b)
SET r = row.properties
RETURN count(r) AS number
