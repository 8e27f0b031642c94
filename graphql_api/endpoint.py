"""One GraphQL request from its body to its answer: key, guard, parse, measure, run, tell."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
import structlog
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType, parse
from starlette.requests import Request
from starlette.responses import Response

from graphql_api import problems
from graphql_api.context import Context
from graphql_api.guard import Asked, RequestError, answer, body_of, read_body, refused
from graphql_api.keys import Principal, bearer, principal_for
from graphql_api.limits import Measure, measured, operation_of, problem
from graphql_api.loaders import Loaders
from graphql_api.metrics import Metrics
from graphql_api.notes import NoteDesk
from graphql_api.problems import ApiError
from graphql_api.schema import schema
from graphql_api.settings import ApiSettings
from kg.graph import Graph

log = structlog.get_logger("graphql_api")

# The media type of the GraphQL-over-HTTP draft; with it a document that cannot be run answers 400 and not 200.
_RESPONSE_JSON: Final = "application/graphql-response+json"
# Python refuses to read a number of more than 4,300 digits, and validation does not expect that.
_LONG_NUMBER: Final = re.compile(r"\d{4000}")


class Endpoint:
    """Answers POST /graphql."""

    def __init__(self, graph: Graph, notes: NoteDesk, settings: ApiSettings, metrics: Metrics) -> None:
        self._graph = graph
        self._notes = notes
        self._settings = settings
        self._keys = settings.keys
        self._metrics = metrics
        self._schema = schema(settings.introspection)

    async def __call__(self, request: Request) -> Response:
        """Return the answer to a request; never raises."""
        request_id: str = request.state.request_id
        try:
            who = principal_for(bearer(request.headers.get("authorization")), self._keys)
            if who is None:
                told = problems.refusal(
                    problems.UNAUTHENTICATED,
                    "This service needs a key.",
                    hint="Send it as `Authorization: Bearer KEY`.",
                )
                return answer(401, told, {"WWW-Authenticate": "Bearer"})
            asked = read_body(await body_of(request, self._settings.max_body))
            content = await self._answered(asked, who, request_id)
        except RequestError as error:
            return refused(error)
        except Exception as error:
            # The last wall: whatever is wrong inside, a client gets an id and no more.
            return answer(500, {"errors": [problems.masked(error, request_id)]})
        return _response(request, content)

    async def _answered(self, asked: Asked, who: Principal, request_id: str) -> dict[str, Any]:
        began = time.perf_counter()
        operation: OperationDefinitionNode | None = None
        try:
            document = _parsed(asked.query, self._settings.max_tokens)
            operation = operation_of(document, asked.operation)
            if operation is None:
                raise ApiError(problems.BAD_USER_INPUT, "`operationName` must name one operation of the document.")
            if operation.operation is OperationType.SUBSCRIPTION:
                raise ApiError(problems.VALIDATION_FAILED, "There are no subscriptions.")
            measure = measured(self._schema._schema, document, operation, asked.variables)  # pyright: ignore[reportPrivateUsage]
            too_much = problem(measure, self._settings)
            if too_much:
                raise ApiError(problems.TOO_LARGE, too_much)
            content = await self._run(asked, document, operation, measure, who, request_id)
        except GraphQLError as error:
            content = {"errors": [problems.told(_coded(error), request_id)]}
        except RecursionError:
            content = dict(problems.refusal(problems.PARSE_FAILED, "The document is nested too deeply."))
        except ApiError as error:
            content = dict(problems.refusal(error.code, error.message))
        self._noted(operation, content, time.perf_counter() - began, who, request_id)
        return content

    async def _run(
        self,
        asked: Asked,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        measure: Measure,
        who: Principal,
        request_id: str,
    ) -> dict[str, Any]:
        context = Context(self._graph, who, self._notes, Loaders(self._graph.reader), request_id, document)
        # A note has its own deadline, in the queue that it waits in.
        seconds = self._settings.request_deadline
        if operation.operation is OperationType.MUTATION:
            seconds += self._settings.note_deadline
        try:
            async with asyncio.timeout(seconds):
                result: Any = await self._schema.execute(
                    asked.query,
                    variable_values=dict(asked.variables),
                    context_value=context,
                    operation_name=asked.operation,
                )
        except TimeoutError:
            told = f"The operation took longer than {seconds:g} seconds."
            return dict(problems.refusal(problems.TIMEOUT, told, hint="Ask for less: a smaller `first`, fewer levels."))
        content: dict[str, Any] = {}
        if result.errors:
            content["errors"] = [problems.told(error, request_id) for error in result.errors]
        if not (result.errors and result.data is None and _before_running(result.errors)):
            content["data"] = result.data
        content["extensions"] = {"cost": {"nodes": measure.nodes, "depth": measure.depth}}
        return content

    def _noted(
        self,
        operation: OperationDefinitionNode | None,
        content: Mapping[str, Any],
        seconds: float,
        who: Principal,
        request_id: str,
    ) -> None:
        """Count the operation and log it; neither its text nor its variables, which may tell of a patient."""
        kind = operation.operation.value if operation else "none"
        codes = [error["extensions"]["code"] for error in content.get("errors", ())]
        self._metrics.operations.labels(kind, "error" if codes else "ok").inc()
        self._metrics.seconds.labels(kind).observe(seconds)
        for code in codes:
            self._metrics.errors.labels(code).inc()
        log.info(
            "operation",
            request_id=request_id,
            type=kind,
            by=who.name,
            milliseconds=round(seconds * 1000, 1),
            errors=codes,
        )


@lru_cache(maxsize=256)
def _parsed(text: str, max_tokens: int) -> DocumentNode:
    """Return the document; raises GraphQLError. A text that was seen before is not parsed again."""
    if _LONG_NUMBER.search(text):
        raise GraphQLError("The document holds a number that is too long.", extensions={"code": problems.PARSE_FAILED})
    try:
        return parse(text, max_tokens=max_tokens)
    except GraphQLError as error:
        error.extensions = {"code": problems.PARSE_FAILED}
        raise


def _coded(error: GraphQLError) -> GraphQLError:
    error.extensions = {"code": problems.PARSE_FAILED, **(error.extensions or {})}
    return error


def _before_running(errors: list[GraphQLError]) -> bool:
    """Say whether nothing was run: an error of a field has a path, one of the document has none."""
    return all(error.path is None for error in errors)


def _response(request: Request, content: Mapping[str, Any]) -> Response:
    wanted = _RESPONSE_JSON in request.headers.get("accept", "")
    status = 400 if wanted and "data" not in content else 200
    media_type = _RESPONSE_JSON if wanted else "application/json"
    return Response(orjson.dumps(content), status, media_type=media_type)
