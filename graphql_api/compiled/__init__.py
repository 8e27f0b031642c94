"""GraphQL reads as one Cypher statement each, their answers assembled straight from its rows."""
