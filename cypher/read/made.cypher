// The nodes whose id is made of a name alone ($prefix), with their kind.
MATCH (n:Entity)
WHERE n.id STARTS WITH $prefix
RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind
