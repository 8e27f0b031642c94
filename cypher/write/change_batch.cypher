// Append the batch $id to the change set $change_set: its number and its changes (JSON).
MATCH (c:ChangeSet {id: $change_set})
CREATE (batch:ChangeBatch {id: $id, change_set: $change_set, number: $number, changes: $changes})
SET c.changed = coalesce(c.changed, 0) + $changed
