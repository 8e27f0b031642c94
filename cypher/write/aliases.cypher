// Give the aliases of $rows (properties) the state told, making those that are missing.
UNWIND $rows AS row
MERGE (a:Alias {key: row.key})
SET a = row
