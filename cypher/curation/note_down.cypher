// Append a decision with $properties to the log.
CREATE (d:Decision)
SET d = $properties
