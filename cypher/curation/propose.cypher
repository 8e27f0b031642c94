// Keep a new proposal with $properties.
CREATE (p:Proposal)
SET p = $properties
