// How many nodes were taken away; the database keeps this count.
MATCH (n:Gone)
RETURN count(n) AS number
