// The nodes of $ids with all that is known of them.
MATCH (n:Entity)
WHERE n.id IN $ids
RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, properties(n) AS properties
