"""The Cypher statements of this project, one file each."""
