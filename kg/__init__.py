"""The medical knowledge graph: what is in it, how it comes in, how it is asked and how it changes."""
