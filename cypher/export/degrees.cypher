// At most $limit nodes of $nodes after the id $after, by id, with how many edges of $kinds begin at each.
MATCH (n:Entity)
WHERE n.id > $after AND any(label IN labels(n) WHERE label IN $nodes)
WITH n
ORDER BY n.id
LIMIT $limit
RETURN n.id AS id, COUNT { MATCH (n)-[r]->() WHERE type(r) IN $kinds } AS degree
ORDER BY id
