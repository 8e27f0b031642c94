// Which migrations were applied, with the hash of their text.
MATCH (migration:Migration)
RETURN migration.id AS id, migration.sha256 AS sha256
ORDER BY id
