// The edges from narrower to wider things.
MATCH (a:Entity)-[r:IS_A|PART_OF|IN_CLASS]->(b:Entity)
RETURN type(r) AS kind, a.id AS start, b.id AS end
