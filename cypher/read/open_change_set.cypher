// The unfinished change set made from $key, if there is one.
MATCH (c:ChangeSet {key: $key, status: 'open'})
RETURN c.id AS id, c.at AS at
