// The kind of each node of $ids that the graph has.
MATCH (n:Entity)
WHERE n.id IN $ids
RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind
