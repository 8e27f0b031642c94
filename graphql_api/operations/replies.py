"""What goes out for an operation: its body, its HTTP status, and how a failure is told in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson
from graphql import GraphQLError

from graphql_api import problems
from graphql_api.access.keys import Principal
from graphql_api.context import Context
from graphql_api.operations.documents import Invalid, Known
from graphql_api.problems import ApiError

# A failure of the whole request that its status tells as well, for what stands between a client and the service.
_STATUS: Final[Mapping[str, int]] = {problems.RATE_LIMITED: 429, problems.BUSY: 503, problems.UNAVAILABLE: 503}


class ReadAnswer(Protocol):
    """The answer of the compiled way: the text of `{"data": …}`, with `errors` if there are any, and their codes."""

    @property
    def body(self) -> bytes: ...
    @property
    def codes(self) -> Sequence[str]: ...


class Reads(Protocol):
    """Answers reading operations with one statement; None means that the schema has to execute it."""

    async def answer(
        self, document: Known, operation_name: str | None, variables: Mapping[str, Any], principal: Principal
    ) -> ReadAnswer | None: ...


class Writes(Protocol):
    """Answers mutations without executing the schema; None means that nothing was done and the schema has to."""

    async def answer(
        self, document: Known, operation_name: str | None, variables: Mapping[str, Any], context: Context
    ) -> ReadAnswer | None: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """The body, the HTTP status for it, seconds until another try, and whether anything was run."""

    body: bytes
    status: int = 200
    retry_after: int | None = None
    ran: bool = True


def content_of(result: Any, request_id: str) -> dict[str, Any]:
    """Return a result of the schema as it goes out; without `data` when nothing was run."""
    content: dict[str, Any] = {}
    if result.errors:
        content["errors"] = [problems.told(error, request_id) for error in result.errors]
    # An error of a field has a path, one of the document has none.
    if result.data is not None or not result.errors or any(error.path is not None for error in result.errors):
        content["data"] = result.data
    return content


def codes_of(content: Mapping[str, Any]) -> list[str]:
    """Return the codes of an answer's errors."""
    return [error["extensions"]["code"] for error in content.get("errors", ())]


def refused(error: Exception, request_id: str) -> dict[str, Any]:
    """Return the answer to an operation that was not run."""
    if isinstance(error, Invalid):
        return {"errors": [problems.told(item, request_id) for item in error.errors]}
    if isinstance(error, GraphQLError):
        error.extensions = {"code": problems.PARSE_FAILED, **(error.extensions or {})}
        return {"errors": [problems.told(error, request_id)]}
    if isinstance(error, RecursionError):
        return problems.refusal(ApiError(problems.PARSE_FAILED, "The document is nested too deeply."))
    if isinstance(error, ApiError):
        return problems.refusal(error)
    # The last wall: whatever is wrong inside, a client gets an id and no more.
    return {"errors": [problems.masked(error, request_id)]}


def reply_of(content: Mapping[str, Any], status: int | None = None) -> Reply:
    """Return the reply with this content; a failure of all of it is told by the status too, if that has a word."""
    ran = "data" in content
    codes = codes_of(content)
    data = content.get("data")
    retry = None
    if codes and (data is None or all(value is None for value in data.values())):
        status = status or next((_STATUS[code] for code in codes if code in _STATUS), None)
        if status is None and not ran and problems.INTERNAL in codes:
            status = 500
        retry = max(error["extensions"].get("retryAfter", 0) for error in content["errors"]) or None
    return Reply(orjson.dumps(content), status or 200, retry, ran)


def joined(read: ReadAnswer, cost: Mapping[str, int]) -> Reply:
    """Return the compiled way's answer with its cost written behind; it is read again only when something failed."""
    if read.codes:
        return reply_of({**orjson.loads(read.body), "extensions": {"cost": cost}})
    return Reply(b'%b,"extensions":{"cost":%b}}' % (read.body[:-1], orjson.dumps(cost)))
