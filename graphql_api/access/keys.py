"""API keys: who holds one and what it allows; a key itself is never stored, only its SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Final

from kg.errors import SettingsError


class Role(IntEnum):
    """What a key allows; each role may do what the ones below it may."""

    VIEWER = 1
    CURATOR = 2
    EDITOR = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One configured key: its holder's name, role, the SHA-256 of the key, and the last day on which it works."""

    name: str
    role: Role
    sha256: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and until when their key works (seconds since 1970; None for good).

    `named` is false for the visitor of a service without keys, who may read and generate only.
    """

    name: str
    role: Role
    named: bool = True
    until: float | None = None


VISITOR: Final = Principal("visitor", Role.VIEWER, named=False)

_ENTRY: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9_.@-]{1,64}):(?P<role>viewer|curator|editor|admin):(?P<sha256>[0-9a-f]{64})(:(?P<until>\d{4}-\d\d-\d\d))?$"
)


def read_keys(text: str) -> tuple[ApiKey, ...]:
    """Return the keys of a setting; raise SettingsError when an entry makes no sense, without repeating it."""
    keys: list[ApiKey] = []
    for number, entry in enumerate(re.split(r"[\s,]+", text.strip()) if text.strip() else [], start=1):
        match = _ENTRY.match(entry)
        try:
            until = date.fromisoformat(match["until"]) if match and match["until"] else None
        except ValueError:
            match, until = None, None
        if match is None:
            raise SettingsError(
                f"entry {number} of MKG_API_KEYS is not name:role:sha256",
                place="setting MKG_API_KEYS",
                hint="Roles: viewer, curator, editor, admin. The hash has 64 small hex digits; docs/graphql.md, Keys.",
            )
        keys.append(ApiKey(match["name"], Role[match["role"].upper()], match["sha256"], until))
    names = [key.name for key in keys]
    if len({name.casefold() for name in names}) != len(names):
        # Two keys of one name would let a person accept their own proposal with the other key's role.
        raise SettingsError(
            "MKG_API_KEYS has one name twice", place="setting MKG_API_KEYS", hint="Give each its own name."
        )
    return tuple(keys)


def new_key(name: str, role: Role) -> tuple[str, str]:
    """Return a new random key of 256 bits, shown to its holder once, and the entry for MKG_API_KEYS."""
    key = f"mkg_{secrets.token_urlsafe(32)}"
    return key, f"{name}:{role.name.lower()}:{hashed(key)}"


def hashed(key: str) -> str:
    """Return the SHA-256 of a key; enough for 256 random bits, which nobody can guess by trying."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def bearer(header: str | None) -> str | None:
    """Return the key of an Authorization header `Bearer KEY`, or None."""
    scheme, _, key = (header or "").strip().partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def principal_for(key: str | None, keys: Sequence[ApiKey], today: date | None = None) -> Principal | None:
    """Return who holds this key; None when it is missing, unknown or past its last day.

    Without configured keys everybody is the visitor.
    """
    if not keys:
        return VISITOR
    if key is None:
        return None
    today = today or datetime.now(UTC).date()
    given = hashed(key)
    found: ApiKey | None = None
    for known in keys:
        # Every entry is compared, so that the time taken tells nothing about where a match is.
        if hmac.compare_digest(known.sha256, given):
            found = known
    if found is None or (found.until is not None and today > found.until):
        return None
    return Principal(found.name, found.role, until=_end_of(found.until) if found.until else None)


def _end_of(day: date) -> float:
    """Return when that day is over, by UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC).timestamp()
