// The newest $limit change sets older than the sequence number $before, newest first.
MATCH (c:ChangeSet)
WHERE c.seq < $before
RETURN properties(c) AS change_set
ORDER BY c.seq DESC
LIMIT $limit
