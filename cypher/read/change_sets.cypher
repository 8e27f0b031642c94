// The newest $limit change sets older than the sequence number $before, newest first; those only that fit what is not
// null of $kind, $by, $status and $since (a time).
MATCH (c:ChangeSet)
WHERE c.seq < $before
  AND ($kind IS NULL OR c.kind = $kind)
  AND ($by IS NULL OR c.by = $by)
  AND ($status IS NULL OR c.status = $status)
  AND ($since IS NULL OR c.at >= $since)
RETURN properties(c) AS change_set
ORDER BY c.seq DESC
LIMIT $limit
