"""Tokens of an OIDC issuer: whose they are and what they allow; the issuer's keys come from a file or its address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import jwt
import orjson
import structlog

from graphql_api.access.keys import Principal, Role
from kg.errors import SettingsError

log = structlog.get_logger("graphql_api")

# Signatures with a key that only the issuer has; with a symmetric one whoever can check a token can make one.
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_LONGEST_TOKEN: Final = 8192
_LONGEST_NAME: Final = 100
_LEEWAY: Final = 30
# Seconds: how long a set of keys counts, and how soon it is fetched again for a key that it lacks.
_KEYS_LAST: Final = 3600.0
_KEYS_AGAIN: Final = 30.0
_FETCH_SECONDS: Final = 5.0
_LARGEST_SET: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are accepted, and what their claims mean here."""

    issuer: str
    audience: str
    jwks: str
    algorithms: tuple[str, ...]
    name_claim: str
    roles_claim: str
    roles: Mapping[str, Role]


def read_roles(entries: Sequence[str]) -> Mapping[str, Role]:
    """Return what `word=role` entries mean; raise SettingsError for one that makes no sense."""
    roles: dict[str, Role] = {}
    for entry in entries:
        word, _, role = entry.rpartition("=")
        if not word or role.upper() not in Role.__members__:
            raise SettingsError(
                f"{entry!r} is not word=role",
                place="setting MKG_OIDC_ROLES",
                hint="Roles: viewer, curator, editor, admin.",
            )
        roles[word] = Role[role.upper()]
    return roles


def read_algorithms(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names; raise SettingsError for one that is unknown, symmetric or `none`."""
    for name in names:
        if name not in ALGORITHMS:
            raise SettingsError(
                f"{name!r} is not an algorithm that is accepted",
                place="setting MKG_OIDC_ALGORITHMS",
                hint=f"Accepted: {', '.join(sorted(ALGORITHMS))}.",
            )
    if not names:
        raise SettingsError("no algorithm is accepted", place="setting MKG_OIDC_ALGORITHMS", hint="For instance RS256.")
    return tuple(names)


class KeySet:
    """The public keys of an issuer, by their id; read again when a token names one that is not there."""

    def __init__(self, place: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._place = place
        self._clock = clock
        self._keys: Mapping[str | None, jwt.PyJWK] = {}
        self._read_at: float | None = None
        self._turn = asyncio.Lock()
        self._remote = "://" in place
        if self._remote:
            _check_address(place)
        else:
            self._keys = _keys(_file(Path(place)), place)
            self._read_at = clock()

    async def key(self, name: str | None) -> jwt.PyJWK | None:
        """Return the key of that id, or the only one there is; None when there is none."""
        found = self._found(name)
        age = None if self._read_at is None else self._clock() - self._read_at
        if age is None or age > (_KEYS_AGAIN if found is None else _KEYS_LAST):
            async with self._turn:
                # Whoever waited here finds what the first one read.
                if age is None or self._read_at is None or self._clock() - self._read_at >= age:
                    await self._read_again()
            found = self._found(name)
        return found

    def _found(self, name: str | None) -> jwt.PyJWK | None:
        if name is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(name)

    async def _read_again(self) -> None:
        self._read_at = self._clock()
        try:
            text = await _fetched(self._place) if self._remote else _file(Path(self._place))
            self._keys = _keys(text, self._place)
        except (SettingsError, httpx.HTTPError) as error:
            # The keys of before stay; a token of a new one is refused until they can be read.
            log.warning("keys of the issuer cannot be read", reason=type(error).__name__)


class Tokens:
    """Says whose a token is."""

    def __init__(self, issuer: Issuer, keys: KeySet | None = None) -> None:
        self._issuer = issuer
        self._keys = keys or KeySet(issuer.jwks)

    async def principal(self, token: str) -> Principal | None:
        """Return who holds this token; None when it is not a good one of this issuer, or gives no role."""
        if len(token) > _LONGEST_TOKEN or token.count(".") != 2:
            return None
        try:
            name = jwt.get_unverified_header(token).get("kid")
            key = await self._keys.key(name if isinstance(name, str) else None)
            if key is None:
                return None
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(self._issuer.algorithms),
                audience=self._issuer.audience,
                issuer=self._issuer.issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud", self._issuer.name_claim]},
            )
        except jwt.PyJWTError as error:
            log.info("token refused", reason=type(error).__name__)
            return None
        return self._told(claims)

    def _told(self, claims: Mapping[str, Any]) -> Principal | None:
        name = claims.get(self._issuer.name_claim)
        role = role_of(claims, self._issuer.roles_claim, self._issuer.roles)
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or role is None:
            return None
        return Principal(name, role, until=float(claims["exp"]) + _LEEWAY)


def role_of(claims: Mapping[str, Any], path: str, roles: Mapping[str, Role]) -> Role | None:
    """Return the highest role that the claim at `path` gives; a dot in the path leads into an object."""
    # An issuer may use the whole name, with its dots, as one claim.
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for word in path.split("."):
            value = value.get(word) if isinstance(value, dict) else None
    words: list[Any] = value if isinstance(value, list) else str(value).split() if isinstance(value, str) else []
    return max((roles[word] for word in words if isinstance(word, str) and word in roles), default=None)


def _check_address(place: str) -> None:
    parts = urlsplit(place)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")):
        raise SettingsError(
            "the keys of the issuer come from a file or by https only",
            place="setting MKG_OIDC_JWKS",
            hint="Whoever can change them on their way can make tokens.",
        )


async def _fetched(address: str) -> bytes:
    async with (
        httpx.AsyncClient(timeout=_FETCH_SECONDS, follow_redirects=False) as client,
        client.stream("GET", address, headers={"accept": "application/json"}) as response,
    ):
        response.raise_for_status()
        text = b""
        async for part in response.aiter_bytes():
            text += part
            if len(text) > _LARGEST_SET:
                raise httpx.DecodingError("the set of keys is too large")
        return text


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"the keys of the issuer cannot be read: {error.strerror or error}",
            place="setting MKG_OIDC_JWKS",
            hint="Name a file with a JWK set, or the issuer's `jwks_uri`.",
        ) from error


def _keys(text: bytes, place: str) -> Mapping[str | None, jwt.PyJWK]:
    """Return the keys for signatures by their id; symmetric ones are left out."""
    try:
        found = jwt.PyJWKSet.from_dict(orjson.loads(text)).keys
    except (jwt.PyJWTError, orjson.JSONDecodeError, AttributeError, TypeError) as error:
        raise SettingsError(
            "this is not a set of public keys (JWK set)", place="setting MKG_OIDC_JWKS", hint=f"Look at {place}."
        ) from error
    return {key.key_id: key for key in found if key.key_type != "oct" and key.public_key_use in (None, "sig")}
