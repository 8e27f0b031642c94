// Lock the graph for one writer and return where it stands.
MATCH (meta:Meta {id: 'meta'})
SET meta.lock = meta.lock + 1
RETURN meta.head AS head, meta.seq AS seq
