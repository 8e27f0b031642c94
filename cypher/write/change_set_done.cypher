// Close the change set $id and count what it changed.
MATCH (c:ChangeSet {id: $id})
CALL (c) {
  MATCH (b:ChangeBatch {change_set: $id})
  RETURN sum(b.changed) AS changed, count(b) AS batches
}
SET c.status = 'done', c.finished = $at, c.changed = changed, c.batches = batches
