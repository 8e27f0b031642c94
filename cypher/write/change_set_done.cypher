// Close the change set $id.
MATCH (c:ChangeSet {id: $id})
SET c.status = 'done', c.finished = $at
