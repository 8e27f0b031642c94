// How many nodes there are; the database keeps this count.
MATCH (n:Entity)
RETURN count(n) AS number
