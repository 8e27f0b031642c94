// The change set $id with its changes (JSON, one text a batch, in order).
MATCH (c:ChangeSet {id: $id})
RETURN properties(c) AS change_set,
       COLLECT { MATCH (b:ChangeBatch {change_set: $id}) RETURN b.changes ORDER BY b.number } AS batches
