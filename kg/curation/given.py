"""What a caller gives with every step at the desk: who it is, a note, and a name for the operation. Pure functions."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import uuid4

from kg.errors import CurationError
from kg.values import check_text

_MAX_PERSON: Final = 100
_MAX_NOTE: Final = 2_000


def operation_name(given: str | None, *subject: str) -> str:
    """Return the name of a write: the caller's word for it and what it is done to, so that no two things share one."""
    return hashlib.sha256("\x1f".join((given or uuid4().hex, *subject)).encode()).hexdigest()


def person(by: str) -> str:
    """Return the name without surrounding space; raise CurationError or RecordRejected when it names nobody."""
    clean = check_text(by, _MAX_PERSON)
    if not clean or not clean.isprintable():
        raise CurationError("nobody is named", hint="Say who you are: --by NAME.")
    return clean


def note_of(note: str) -> str:
    """Return the note without surrounding space; raise RecordRejected when it is too long or hides characters."""
    return check_text(note, _MAX_NOTE)
