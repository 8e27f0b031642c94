// The finished import made from $key, if nothing was taken back since.
MATCH (c:ChangeSet {key: $key, status: 'done', kind: 'import'})
WHERE NOT EXISTS { MATCH (u:ChangeSet {kind: 'undo'}) WHERE u.seq > c.seq }
RETURN c.id AS id, c.about AS about
ORDER BY c.seq DESC
LIMIT 1
