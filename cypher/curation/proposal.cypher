// The proposal $id.
MATCH (p:Proposal {id: $id})
RETURN properties(p) AS proposal
