"""One operation, from its document to its answer."""
