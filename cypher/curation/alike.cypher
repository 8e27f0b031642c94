// All proposals that ask for the same thing ($key), newest first.
MATCH (p:Proposal {key: $key})
RETURN properties(p) AS proposal
ORDER BY p.at DESC
