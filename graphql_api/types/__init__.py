"""The types of the schema and what resolves them."""
