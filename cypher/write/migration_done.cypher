// Record that the migration $id with the text of $sha256 was applied.
MERGE (migration:Migration {id: $id})
  ON CREATE SET migration.sha256 = $sha256, migration.at = datetime()
WITH migration
MERGE (meta:Meta {id: 'meta'})
SET meta.schema_version = toInteger(left($id, 4))
