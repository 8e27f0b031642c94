// Begin the change set $id with $properties, and move the head to it.
MATCH (meta:Meta {id: 'meta'})
CREATE (c:ChangeSet {id: $id})
SET c += $properties, meta.head = $id, meta.seq = $properties.seq
