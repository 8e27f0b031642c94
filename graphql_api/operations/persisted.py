"""Documents that a client names and does not send: automatic ones (APQ), and those that are trusted."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
from graphql import GraphQLError, GraphQLSchema, parse, specified_rules
from strawberry.schema.schema import validate_document

from graphql_api.operations.asked import Asked, RequestError
from graphql_api.problems import (
    PERSISTED_QUERY_NOT_FOUND,
    PERSISTED_QUERY_NOT_IN_LIST,
    PERSISTED_QUERY_NOT_SUPPORTED,
    QUERY_NOT_IN_SAFELIST,
    ApiError,
)
from kg.errors import SettingsError

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")
_MOST_BYTES: Final = 8 * 1024 * 1024
_SETTING: Final = "setting MKG_TRUSTED_DOCUMENTS"
_SUFFIXES: Final = (".graphql", ".gql")


class DocumentStore(Protocol):
    """Knows documents by their ids."""

    def text(self, asked: Asked) -> str:
        """Return the document that is asked for; raise ApiError when there is none."""
        ...

    def keep(self, asked: Asked) -> None:
        """Remember the document of an operation that turned out to be a good one."""
        ...


class Automatic:
    """Remembers documents by the SHA-256 that their client names: at most `most` of them, and 8 MiB of text."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0

    def text(self, asked: Asked) -> str:
        """Return the text that was sent, or was sent before under this hash."""
        if asked.document is None:
            assert asked.query is not None
            return asked.query
        if not self._most:
            raise ApiError(PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported")
        name = asked.document.removeprefix("sha256:")
        if asked.query is not None:
            if not _SHA256.match(name) or hashlib.sha256(asked.query.encode()).hexdigest() != name:
                raise RequestError(400, "The hash is not the SHA-256 of `query`.")
            return asked.query
        found = self._texts.get(name)
        if found is None:
            # Clients look for this very message, and send the text with the hash then.
            raise ApiError(PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
        self._texts.move_to_end(name)
        return found

    def keep(self, asked: Asked) -> None:
        """Remember a text under its hash."""
        if asked.document is None or asked.query is None:
            return
        name = asked.document.removeprefix("sha256:")
        if name in self._texts:
            return
        self._texts[name] = asked.query
        self._bytes += len(asked.query)
        while len(self._texts) > self._most or self._bytes > _MOST_BYTES:
            self._bytes -= len(self._texts.popitem(last=False)[1])


class Trusted:
    """Answers the documents of a list, by their id or their text, and no others."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._known = frozenset(texts.values())

    def text(self, asked: Asked) -> str:
        """Return the text of the list."""
        if asked.document is not None:
            found = self._texts.get(asked.document) or self._texts.get(asked.document.removeprefix("sha256:"))
            if found is None:
                raise ApiError(PERSISTED_QUERY_NOT_IN_LIST, "This service answers trusted documents; this id is none.")
            if asked.query is not None and asked.query != found:
                raise RequestError(400, "The id is not that of `query`.")
            return found
        assert asked.query is not None
        if asked.query not in self._known:
            raise ApiError(
                QUERY_NOT_IN_SAFELIST,
                "This service answers trusted documents; this one is not in its list (MKG_TRUSTED_DOCUMENTS).",
            )
        return asked.query

    def keep(self, asked: Asked) -> None:
        """Do nothing: the list is made by whoever runs the service."""


def read_trusted(path: Path, schema: GraphQLSchema) -> Trusted:
    """Return the documents of a folder of .graphql files (by SHA-256) or of a JSON file (by the ids it gives).

    Raises SettingsError for what cannot be read, is no GraphQL or does not fit the schema, naming the document.
    """
    texts: dict[str, str] = {}
    try:
        for name, text in _folder(path) if path.is_dir() else _manifest(path):
            _check(name, text, schema)
            texts[name] = text
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingsError(
            f"the trusted documents cannot be read: {reason}", place=_SETTING, hint=f"Look at {path}."
        ) from error
    if not texts:
        raise SettingsError("there are no trusted documents", place=_SETTING, hint=f"{path} holds none.")
    return Trusted(texts)


def _folder(path: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(item for item in path.rglob("*") if item.suffix in _SUFFIXES):
        # As bytes: the hash is that of what the client sends, to the last line end.
        text = file.read_bytes().decode("utf-8")
        yield hashlib.sha256(text.encode()).hexdigest(), text


def _manifest(path: Path) -> Iterator[tuple[str, str]]:
    """Yield ids and texts of `{id: text}`, or of the manifest that Apollo's tools write."""
    try:
        told: Any = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise SettingsError(
            f"{path.name} is not JSON: {error.msg}", place=_SETTING, hint="See docs/graphql.md."
        ) from error
    pairs: list[tuple[Any, Any]] = []
    if isinstance(told, dict) and isinstance(told.get("operations"), list):
        pairs = [(item.get("id"), item.get("body")) for item in told["operations"] if isinstance(item, dict)]
    elif isinstance(told, dict):
        pairs = list(told.items())
    for name, text in pairs:
        if not isinstance(name, str) or not isinstance(text, str):
            raise SettingsError(
                f"{path.name} is not `{{id: document}}`", place=_SETTING, hint="See docs/graphql.md, Trusted documents."
            )
        yield name, text


def _check(name: str, text: str, schema: GraphQLSchema) -> None:
    try:
        errors = validate_document(schema, parse(text), tuple(specified_rules))
    except GraphQLError as error:
        errors = [error]
    if errors:
        raise SettingsError(
            f"the trusted document {name[:80]} does not fit the schema: {errors[0].message}",
            place=_SETTING,
            hint="Correct it, or take it out of the list.",
        )
