"""A real Neo4j that mkg starts by itself, from Python packages alone."""

from kg.embedded.control import Status, password, start, status, stop, wipe

__all__ = ["Status", "password", "start", "status", "stop", "wipe"]
