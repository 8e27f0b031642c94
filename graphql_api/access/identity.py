"""Who sends a request: the holder of an API key, or of a token of the OIDC issuer."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Final

from graphql_api.access.keys import VISITOR, ApiKey, Principal, bearer, principal_for
from graphql_api.access.oidc import Tokens
from graphql_api.bounded import Bounded
from graphql_api.problems import UNAUTHENTICATED, ApiError

_MOST_KNOWN: Final = 2048
CHALLENGE: Final = (b"www-authenticate", b"Bearer")


class Identity:
    """Says who a key or a token belongs to, and remembers it by its hash until it ends."""

    def __init__(
        self, keys: Sequence[ApiKey], tokens: Tokens | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._keys = tuple(keys)
        self._tokens = tokens
        self._clock = clock
        self._names = frozenset(key.name.casefold() for key in keys)
        self._known: Bounded[bytes, Principal] = Bounded(_MOST_KNOWN)

    @property
    def needed(self) -> bool:
        """Whether every request needs a key or a token."""
        return bool(self._keys) or self._tokens is not None

    async def of(self, authorization: str | None) -> Principal:
        """Return who sends this Authorization header; raise ApiError when nobody may."""
        if not self.needed:
            return VISITOR
        given = bearer(authorization)
        # The place in the store is a hash, which nobody can steer towards that of a key they do not have; so the time
        # that a look-up takes tells nothing about keys.
        digest = hashlib.sha256((given or "").encode("utf-8", "surrogateescape")).digest()
        found = self._known.get(digest)
        if found is None:
            found = await self._looked_up(given)
            if found is not None:
                self._known.put(digest, found)
        if found is None or not self.holds(found):
            raise ApiError(UNAUTHENTICATED, "This service needs a key.", hint="Send it as `Authorization: Bearer KEY`.")
        return found

    def holds(self, who: Principal) -> bool:
        """Say whether the key of somebody still works."""
        return who.until is None or self._clock() < who.until

    async def _looked_up(self, given: str | None) -> Principal | None:
        if given is None:
            return None
        found = principal_for(given, self._keys) if self._keys else None
        if found is not None or self._tokens is None:
            return found
        told = await self._tokens.principal(given)
        # The name of a key is a person here: a token of the same name would let them decide on their own proposal.
        return None if told is not None and told.name.casefold() in self._names else told
