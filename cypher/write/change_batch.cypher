// Append to the change set $change_set a batch of $changed changes ($changes, JSON); $part is the writer's own count.
MATCH (c:ChangeSet {id: $change_set})
SET c.batches = c.batches + 1, c.changed = c.changed + $changed
CREATE (:ChangeBatch {
  id: $change_set + '#' + c.batches, change_set: $change_set, number: c.batches, part: $part, changes: $changes
})
