// The next $limit nodes behind the id $after: English names, and the hash of the vector that there is.
MATCH (n:Entity)
WHERE n.id > $after
WITH n
ORDER BY n.id
LIMIT $limit
OPTIONAL MATCH (v:Vector {id: n.id})
RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind,
       n.name_en AS name, n.synonyms_en AS synonyms, v.hash AS hash
ORDER BY id
