"""Opens the generated client, and says what a refusal means."""

from __future__ import annotations

from typing import Any, cast

import httpx

from .generated.async_base_client import HttpClient
from .generated.client import MkgClient
from .generated.exceptions import GraphQLClientGraphQLMultiError, GraphQLClientHttpError


def connected(address: str, key: str | None = None) -> MkgClient:
    """Return a client of the service at `address`, which ends in /graphql; use it with `async with`.

    `key` is needed only by a service that has keys. Queries go over HTTP, subscriptions over a WebSocket.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return MkgClient(
        url=address,
        # The service ends an operation after 20 seconds by itself. The generated type asks for less than httpx does.
        http_client=cast(HttpClient, httpx.AsyncClient(headers=headers, timeout=30)),
        ws_url="ws" + address.removeprefix("http"),
        ws_headers=headers,
    )


class Refusal(Exception):
    """The service said no; `code` is one of those in docs/graphql.md.

    `retry_after` is the number of seconds after which to ask again.
    """

    def __init__(self, code: str, message: str, hint: str | None = None, retry_after: int | None = None) -> None:
        super().__init__("\n".join(filter(None, (f"{code}: {message}", hint))))
        self.code = code
        self.hint = hint
        self.retry_after = retry_after


def refusal(error: GraphQLClientGraphQLMultiError | GraphQLClientHttpError) -> Refusal:
    """Return what an error of the generated client says."""
    if isinstance(error, GraphQLClientHttpError):
        # The service answers a refused request in JSON too; a proxy on the way does not.
        try:
            told = cast(httpx.Response, error.response).json()["errors"][0]
        except (ValueError, LookupError, TypeError):
            return Refusal("UNKNOWN", f"no answer but status {error.status_code} came back")
        return _refusal(told["message"], told.get("extensions") or {})
    first = error.errors[0]
    return _refusal(first.message, first.extensions or {})


def _refusal(message: str, extensions: dict[str, Any]) -> Refusal:
    return Refusal(extensions.get("code", "UNKNOWN"), message, extensions.get("hint"), extensions.get("retryAfter"))
