// Those of the aliases $keys that exist.
MATCH (a:Alias)
WHERE a.key IN $keys
RETURN a.key AS key, properties(a) AS properties
