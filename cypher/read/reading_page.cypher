// One page of a kind: at most $limit nodes after the place $key, $after in the order.
// KIND stands for a kind of node; kg/reading puts conditions and order where the comments are.
MATCH (n:KIND)
WHERE true /* conditions */
RETURN n.id AS id, 'KIND' AS kind, properties(n) AS properties, n.id /* key */ AS key
ORDER BY n.id /* order */
LIMIT $limit
