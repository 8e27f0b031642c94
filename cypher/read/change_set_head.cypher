// The change set $id without its changes.
MATCH (c:ChangeSet {id: $id})
RETURN properties(c) AS change_set
