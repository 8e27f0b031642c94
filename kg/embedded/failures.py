"""What a failed start of Neo4j means, told from the messages of its exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.errors import EmbeddedError

_KNOWN: Final = (
    (
        ("Address already in use", "BindException"),
        "Port {port} is taken by another program",
        "Choose another with --port or MKG_BOLT_PORT; 0 takes a free one.",
    ),
    (
        ("No space left on device", "Disk quota exceeded"),
        "The disk is full",
        "Free space (at least 500 MB) where the data directory lies and start again; nothing acknowledged is lost.",
    ),
    (
        ("FileLockException", "store_lock"),
        "Another program has the store open",
        "End the Neo4j that uses this data directory, or choose another with MKG_DATA_DIR.",
    ),
    (
        ("Permission denied", "AccessDeniedException", "Read-only file system", "Operation not permitted"),
        "The data directory cannot be written",
        "Give it back to this user, or choose another with MKG_DATA_DIR.",
    ),
    (
        ("newer version", "UnsupportedFormatVersion", "UnknownStoreVersion", "StoreVersion", "store version"),
        "The store was written by another version of Neo4j",
        "Start it with the mkg that wrote it, or choose another data directory with MKG_DATA_DIR.",
    ),
)


def explained(messages: Sequence[str], port: int) -> EmbeddedError:
    """Return the failure in the words of the table above, with the root cause as its place."""
    root = messages[-1].strip()
    whole = "\n".join(messages)
    for words, message, hint in _KNOWN:
        if any(word in whole for word in words):
            return EmbeddedError(message.format(port=port), place=root, hint=hint)
    return EmbeddedError(f"Neo4j did not start: {root}")
