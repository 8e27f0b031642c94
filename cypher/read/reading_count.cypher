// How many nodes of a kind meet the conditions. KIND stands for a kind of node.
MATCH (n:KIND)
WHERE true /* conditions */
RETURN count(n) AS number
