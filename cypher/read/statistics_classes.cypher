// How many drugs are in each class or in a class inside it; the $limit largest, largest first.
MATCH (d:Drug)-[:IN_CLASS*1..8]->(n:DrugClass)
WITH n, count(DISTINCT d) AS number
ORDER BY number DESC, n.id
LIMIT $limit
RETURN n.id AS id, 'DrugClass' AS kind, properties(n) AS properties, number
