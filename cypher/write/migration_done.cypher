// Record that the migration $id with the text of $sha256 was applied; the first makes the node that says where all stands.
MERGE (migration:Migration {id: $id})
  ON CREATE SET migration.sha256 = $sha256, migration.at = datetime()
MERGE (meta:Meta {id: 'meta'})
  ON CREATE SET meta.head = '', meta.seq = 0, meta.lock = 0
SET meta.schema_version = toInteger(left($id, 4))
