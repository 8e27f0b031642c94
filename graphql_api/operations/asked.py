"""What a client asks, read from a body or from the address of a GET; anything else is refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from graphql_api.problems import BAD_USER_INPUT, ApiError

# Longer ones are no hash and no name that somebody gave a document.
_LONGEST_ID: Final = 256
_SHAPE: Final = "The body must be an object with `query` and, if needed, `variables` and `operationName`."


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as it was sent: the document's text, its id (a SHA-256 for APQ), or both."""

    query: str | None
    variables: Mapping[str, Any]
    operation: str | None
    document: str | None = None


class RequestError(ApiError):
    """A request that is not looked at any further, with its HTTP status."""

    def __init__(self, status: int, message: str, code: str = BAD_USER_INPUT, *, hint: str | None = None) -> None:
        super().__init__(code, message, hint=hint)
        self.status = status


def read_body(body: bytes, most: int = 1) -> Asked | tuple[Asked, ...]:
    """Return what a body asks: one operation, or up to `most` as a list; raise RequestError for anything else.

    The parser refuses wrong UTF-8, lone surrogates, NaN, numbers beyond a double and nesting beyond 1,024.
    """
    told = _json(body, "The body")
    if isinstance(told, list):
        return _batch(told, most)
    return asked_of(told)


def read_address(query_string: bytes) -> Asked:
    """Return what the address of a GET asks; raise RequestError for anything else."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=8, separator="&"
        )
    except ValueError as error:
        raise RequestError(400, "The address is not `?query=…&variables=…&operationName=…`, in UTF-8.") from error
    told: dict[str, Any] = dict(pairs)
    if len(told) != len(pairs):
        raise RequestError(400, "The address names something twice.")
    for name in ("variables", "extensions"):
        if told.get(name):
            told[name] = _json(told[name].encode(), f"`{name}`")
        else:
            told.pop(name, None)
    return asked_of({name: value for name, value in told.items() if value != ""})


def asked_of(told: Any) -> Asked:
    """Return the operation that one JSON object asks; raise RequestError when it is none."""
    if not isinstance(told, dict):
        raise RequestError(400, _SHAPE)
    # A field that is null is as if it were not there.
    given: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    query, variables, operation = given.get("query"), given.get("variables", {}), given.get("operationName")
    if query is not None and (not isinstance(query, str) or not query.strip()):
        raise RequestError(400, "`query` must be text that holds a GraphQL document.")
    if not isinstance(variables, dict):
        raise RequestError(400, "`variables` must be an object.")
    if operation is not None and not isinstance(operation, str):
        raise RequestError(400, "`operationName` must be text.")
    document = _document_id(given)
    if query is None and document is None:
        raise RequestError(400, "`query` must be text that holds a GraphQL document.")
    return Asked(query, variables, operation, document)


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(400, f"{what} is not JSON: {error.msg} at position {error.pos}.") from error


def _batch(told: list[Any], most: int) -> tuple[Asked, ...]:
    if most == 1:
        raise RequestError(400, "Lists of operations are not answered here (MKG_MAX_BATCH); send one object.")
    if not 0 < len(told) <= most:
        raise RequestError(400, f"The list has {len(told)} operations; 1 to {most} are allowed (MKG_MAX_BATCH).")
    return tuple(asked_of(item) for item in told)


def _document_id(given: Mapping[str, Any]) -> str | None:
    extensions = given.get("extensions", {})
    if not isinstance(extensions, dict):
        raise RequestError(400, "`extensions` must be an object.")
    persisted: Any = extensions.get("persistedQuery")
    found: Any = given.get("documentId")
    if persisted is not None:
        if not isinstance(persisted, dict) or persisted.get("version") != 1:
            raise RequestError(400, "`extensions.persistedQuery` must be `{version: 1, sha256Hash: …}`.")
        found = persisted.get("sha256Hash")
        if not isinstance(found, str):
            raise RequestError(400, "`extensions.persistedQuery.sha256Hash` must be text.")
    if found is not None and (not isinstance(found, str) or not 0 < len(found) <= _LONGEST_ID):
        raise RequestError(400, f"`documentId` must be text of up to {_LONGEST_ID} signs.")
    return found
