// Lock the proposal $id and return it as it is.
MATCH (p:Proposal {id: $id})
SET p.lock = coalesce(p.lock, 0) + 1
WITH p
RETURN properties(p) AS proposal
