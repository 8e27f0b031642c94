// The newest $limit proposals, newest first; those only that fit what is not null of $status, $kind, $by, $since and
// $before (times).
MATCH (p:Proposal)
WHERE ($status IS NULL OR p.status = $status)
  AND ($kind IS NULL OR p.kind = $kind)
  AND ($by IS NULL OR p.by = $by)
  AND ($since IS NULL OR p.at >= $since)
  AND ($before IS NULL OR p.at < $before)
RETURN properties(p) AS proposal
ORDER BY p.at DESC
LIMIT $limit
