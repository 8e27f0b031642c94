"""The query language: text, builder and JSON spell one tree, and a tree becomes one Cypher statement."""
