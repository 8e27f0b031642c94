// Where the graph stands; no row when it was never migrated.
MATCH (meta:Meta {id: 'meta'})
RETURN meta.schema_version AS schema_version, meta.head AS head, meta.seq AS seq, meta.lock AS lock
