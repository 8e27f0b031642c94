// The newest $limit proposals, newest first; those in the state $status only, if it is not null.
MATCH (p:Proposal)
WHERE $status IS NULL OR p.status = $status
RETURN properties(p) AS proposal
ORDER BY p.at DESC
LIMIT $limit
