"""The command `mkg`: its words, its exit codes, and how it fails."""

from mkg.cli.main import main

__all__ = ["main"]
