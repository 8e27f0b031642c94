// Take the aliases of $keys away.
MATCH (a:Alias)
WHERE a.key IN $keys
DELETE a
