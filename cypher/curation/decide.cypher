// Give the proposal $id, if it still has $status and $version, the $properties of its next step; no row if not.
MATCH (p:Proposal {id: $id})
SET p.lock = coalesce(p.lock, 0) + 1
WITH p
WHERE p.status = $status AND p.version = $version
SET p += $properties
RETURN properties(p) AS proposal
