"""How failures are told to a client: a code, a message, a hint, and never the inside of the service."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

import structlog
from graphql import GraphQLError

from kg.errors import (
    AmbiguousName,
    CurationError,
    DataError,
    EncoderBusy,
    KgError,
    ProposalNotFound,
    QueryError,
    StoreConflict,
    StoreError,
    StoreTimeout,
    StoreUnavailable,
    UnknownName,
)

log = structlog.get_logger("graphql_api")

BAD_USER_INPUT: Final = "BAD_USER_INPUT"
UNAUTHENTICATED: Final = "UNAUTHENTICATED"
FORBIDDEN: Final = "FORBIDDEN"
NOT_FOUND: Final = "NOT_FOUND"
CONFLICT: Final = "CONFLICT"
BUSY: Final = "BUSY"
TIMEOUT: Final = "TIMEOUT"
UNAVAILABLE: Final = "SERVICE_UNAVAILABLE"
INTERNAL: Final = "INTERNAL_SERVER_ERROR"
PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
TOO_LARGE: Final = "QUERY_TOO_LARGE"
RATE_LIMITED: Final = "RATE_LIMITED"
PERSISTED_QUERY_NOT_FOUND: Final = "PERSISTED_QUERY_NOT_FOUND"
PERSISTED_QUERY_NOT_SUPPORTED: Final = "PERSISTED_QUERY_NOT_SUPPORTED"
PERSISTED_QUERY_NOT_IN_LIST: Final = "PERSISTED_QUERY_NOT_IN_LIST"
QUERY_NOT_IN_SAFELIST: Final = "QUERY_NOT_IN_SAFELIST"

# Seconds after which it is worth asking again what could not be reached or had too much to do.
RETRY_AFTER: Final = 2

# The first class that fits gives the code, so the narrow ones stand before the wide ones.
_CODES: Final[tuple[tuple[type[KgError], str], ...]] = (
    (UnknownName, NOT_FOUND),
    (ProposalNotFound, NOT_FOUND),
    (QueryError, BAD_USER_INPUT),
    (DataError, BAD_USER_INPUT),
    (StoreUnavailable, UNAVAILABLE),
    (StoreTimeout, TIMEOUT),
    (StoreConflict, CONFLICT),
    (EncoderBusy, BUSY),
    (CurationError, CONFLICT),
)

# This package knows nothing of the generator but the codes that its pages list.
_OF_THE_GENERATOR: Final[Mapping[str, str]] = {"RECIPE_INVALID": BAD_USER_INPUT, "NOTHING_TO_TELL": NOT_FOUND}


class ApiError(Exception):
    """A refusal by the service itself.

    `code` by Apollo's names, a message, a hint, seconds until another try, and what else stands in `extensions`.
    """

    def __init__(
        self, code: str, message: str, *, hint: str | None = None, retry_after: int | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.retry_after = retry_after
        self.more = more


def code_of(error: BaseException) -> str | None:
    """Return the code of an expected failure, or None for one that nobody expected."""
    if isinstance(error, ApiError):
        return error.code
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    if isinstance(error, KgError) and error.code in _OF_THE_GENERATOR:
        return _OF_THE_GENERATOR[error.code]
    if isinstance(error, StoreError) and error.hint:
        # With a hint there is something to do about it; without one it is a fault of ours and stays inside.
        return UNAVAILABLE
    # What is left says what is missing, a model for instance; only a refusal of the database is ours alone.
    return UNAVAILABLE if isinstance(error, KgError) and not isinstance(error, StoreError) else None


def extensions_of(error: BaseException, code: str) -> dict[str, Any]:
    """Return what stands beside the message of an expected failure."""
    extensions: dict[str, Any] = {"code": code}
    hint = getattr(error, "hint", None)
    if hint:
        extensions["hint"] = hint
    if isinstance(error, AmbiguousName):
        extensions["candidates"] = [{"id": node_id, "name": name} for node_id, name in error.candidates]
    if isinstance(error, ApiError):
        extensions.update(error.more)
        if error.retry_after is not None:
            extensions["retryAfter"] = error.retry_after
    if isinstance(error, StoreUnavailable | EncoderBusy):
        extensions["retryAfter"] = RETRY_AFTER
    return extensions


def told(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """Return a GraphQL error as it goes out; one that nobody expected becomes a short id that the log shows as well."""
    formatted: Mapping[str, Any] = dict(error.formatted)
    answer: dict[str, Any] = {key: formatted[key] for key in ("message", "locations", "path") if key in formatted}
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        answer["extensions"] = {"code": VALIDATION_FAILED, **(error.extensions or {})}
        return answer
    code = code_of(cause)
    if code is None:
        return {**answer, **masked(cause, request_id)}
    answer["message"] = getattr(cause, "message", str(cause))
    answer["extensions"] = extensions_of(cause, code)
    return answer


def masked(error: BaseException, request_id: str) -> dict[str, Any]:
    """Log an unexpected failure under a short id and return what a client may know of it."""
    error_id = secrets.token_hex(4)
    log.error("unexpected error", error_id=error_id, request_id=request_id, exc_info=error)
    return {
        "message": f"Something went wrong inside the service (error {error_id}).",
        "extensions": {"code": INTERNAL, "errorId": error_id},
    }


def refusal(error: ApiError) -> dict[str, Any]:
    """Return a whole answer that holds this refusal and no data."""
    return {"errors": [{"message": error.message, "extensions": extensions_of(error, error.code)}]}
