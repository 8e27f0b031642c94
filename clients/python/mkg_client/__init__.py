"""A sample client of the GraphQL service, typed from its schema."""
