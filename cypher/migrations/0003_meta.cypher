// The one node that says where the graph stands: its schema version, its newest change set, how many there are.
MERGE (meta:Meta {id: 'meta'})
  ON CREATE SET meta.schema_version = 0, meta.head = '', meta.seq = 0, meta.lock = 0;
