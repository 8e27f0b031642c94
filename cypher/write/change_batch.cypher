// Append to the change set $change_set the batch $number of $changed changes ($changes: JSON, packed by zlib).
CREATE (:ChangeBatch {
  id: $change_set + '#' + $number, change_set: $change_set, number: $number, changes: $changes, changed: $changed
})
