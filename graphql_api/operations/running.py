"""One operation from what was asked to its answer, whatever it came by: document, limits, rate, run, tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import orjson
import strawberry
from graphql import OperationDefinitionNode, OperationType
from starlette.types import Receive

from graphql_api import logs, problems
from graphql_api.access.keys import Principal
from graphql_api.access.rates import Rates
from graphql_api.context import Context
from graphql_api.jobs.desk import NoteDesk
from graphql_api.metrics import Metrics
from graphql_api.operations.asked import Asked, RequestError
from graphql_api.operations.documents import Documents, Known, roots_of
from graphql_api.operations.limits import Measure
from graphql_api.operations.persisted import Automatic, DocumentStore, read_trusted
from graphql_api.operations.presence import ClientLeft, Present
from graphql_api.operations.replies import Reads, Reply, Writes, codes_of, content_of, joined, refused, reply_of
from graphql_api.problems import ApiError
from graphql_api.settings import ApiSettings
from graphql_api.telling import Teller
from graphql_api.types.loaders import Loaders
from kg.graph import Graph

# Fields that take minutes: they have a deadline of their own, and nobody does them for a client that has left.
_LONG: Final = frozenset({"generateNote"})


@dataclass(frozen=True, slots=True)
class _Ready:
    """An operation that may be run."""

    known: Known
    operation: OperationDefinitionNode
    measure: Measure


class Operations:
    """Runs operations for somebody. `running` counts those on their way."""

    def __init__(
        self,
        graph: Graph,
        notes: NoteDesk,
        settings: ApiSettings,
        metrics: Metrics,
        schema: strawberry.Schema,
        reads: Reads | None = None,
        writes: Writes | None = None,
        teller: Teller | None = None,
    ) -> None:
        self._graph = graph
        self._notes = notes
        self._settings = settings
        self._keys = settings.keys
        self._metrics = metrics
        self._schema = schema
        self._reads = reads
        self._writes = writes
        self._teller = teller
        inner = schema._schema  # pyright: ignore[reportPrivateUsage]
        self.documents = Documents(inner, settings, settings.max_tokens, introspection=settings.introspection)
        trusted = settings.trusted_documents
        self._store: DocumentStore = (
            Automatic(settings.persisted_documents) if trusted is None else read_trusted(trusted, inner)
        )
        self._rates = Rates(settings.rate_requests, settings.rate_cost)
        self.running = 0

    async def answer(
        self, asked: Asked, who: Principal, request_id: str, *, by_get: bool = False, watch: Receive | None = None
    ) -> Reply:
        """Return the answer to a query or mutation; by GET only queries are run.

        With `watch` a client that leaves stops what is read for it, and ClientLeft is raised.
        """
        began = time.perf_counter()
        kind = "none"
        codes: Sequence[str] = ()
        self.running += 1
        try:
            if self.running > self._settings.max_running:
                raise ApiError(problems.BUSY, "Too many operations are running (MKG_MAX_RUNNING).", retry_after=1)
            known, operation = self._found(asked)
            kind = operation.operation.value
            _check_way(operation, by_get)
            ready = self._checked(known, operation, asked, who)
            if watch is None or not _stops_with_client(operation):
                reply, codes = await self._run(ready, asked, who, request_id)
            else:
                async with Present(watch):
                    reply, codes = await self._run(ready, asked, who, request_id)
        except ClientLeft:
            self._metrics.left.inc()
            codes = ("CLIENT_LEFT",)
            raise
        except Exception as error:
            content = refused(error, request_id)
            codes = codes_of(content)
            reply = reply_of(content, getattr(error, "status", None))
        finally:
            self.running -= 1
            self._noted(kind, codes, time.perf_counter() - began, who, request_id)
        return reply

    async def stream(self, asked: Asked, who: Principal, request_id: str) -> AsyncGenerator[dict[str, Any]]:
        """Yield each result of an operation of any type; a refusal is one result with errors and without data."""
        began = time.perf_counter()
        codes: list[str] = []
        try:
            known, operation = self._found(asked)
            if operation.operation is not OperationType.SUBSCRIPTION:
                # Counted and logged as any other; the answer is one result.
                yield orjson.loads((await self.answer(asked, who, request_id)).body)
                return
            ready = self._checked(known, operation, asked, who)
            async with aclosing(self._subscribed(ready, asked, who, request_id)) as results:
                async for content in results:
                    codes += codes_of(content)
                    yield content
        except Exception as error:
            content = refused(error, request_id)
            codes += codes_of(content)
            yield content
        self._noted("subscription", codes, time.perf_counter() - began, who, request_id)

    def stops_with_client(self, asked: Asked) -> bool:
        """Say whether an operation is given up when its client leaves."""
        try:
            return _stops_with_client(self._found(asked)[1])
        except Exception:
            return True

    def _found(self, asked: Asked) -> tuple[Known, OperationDefinitionNode]:
        known = self.documents.known(self._store.text(asked))
        return known, known.operation(asked.operation)

    def _checked(self, known: Known, operation: OperationDefinitionNode, asked: Asked, who: Principal) -> _Ready:
        measure = self.documents.checked(known, asked.operation, asked.variables)
        self._store.keep(asked)
        self._rates.spend(who.name, measure.cost)
        return _Ready(known, operation, measure)

    async def _run(self, ready: _Ready, asked: Asked, who: Principal, request_id: str) -> tuple[Reply, Sequence[str]]:
        seconds = self._settings.request_deadline
        # A note has its own deadline, in the queue that it waits in.
        if roots_of(ready.operation) & _LONG:
            seconds += self._settings.note_deadline
        try:
            async with asyncio.timeout(seconds):
                if self._reads is not None and ready.operation.operation is OperationType.QUERY:
                    read = await self._reads.answer(ready.known, asked.operation, asked.variables, who)
                    if read is not None:
                        return joined(read, self._cost(ready.measure)), read.codes
                context = self._context(ready, who, request_id)
                if self._writes is not None and ready.operation.operation is OperationType.MUTATION:
                    wrote = await self._writes.answer(ready.known, asked.operation, asked.variables, context)
                    if wrote is not None:
                        return joined(wrote, self._cost(ready.measure)), wrote.codes
                result: Any = await self._schema.execute(
                    ready.known.text,
                    variable_values=dict(asked.variables),
                    context_value=context,
                    operation_name=asked.operation,
                )
        except TimeoutError as error:
            raise ApiError(
                problems.TIMEOUT,
                f"The operation took longer than {seconds:g} seconds (MKG_REQUEST_DEADLINE).",
                hint="Ask for less: a smaller `first`, fewer levels.",
            ) from error
        content = content_of(result, request_id)
        if "data" in content:
            content["extensions"] = {"cost": self._cost(ready.measure)}
        return reply_of(content), codes_of(content)

    async def _subscribed(
        self, ready: _Ready, asked: Asked, who: Principal, request_id: str
    ) -> AsyncGenerator[dict[str, Any]]:
        results: Any = await self._schema.subscribe(
            ready.known.text,
            variable_values=dict(asked.variables),
            context_value=self._context(ready, who, request_id),
            operation_name=asked.operation,
        )
        async with aclosing(results):
            async for result in results:
                yield content_of(result, request_id)

    def _context(self, ready: _Ready, who: Principal, request_id: str) -> Context:
        loaders = Loaders(self._graph.reader)
        document = ready.known.document
        return Context(self._graph, who, self._notes, loaders, request_id, document, self._keys, self._teller)

    def _cost(self, measure: Measure) -> dict[str, int]:
        most = self._settings.max_cost
        return {"value": measure.cost, "limit": most, "nodes": measure.nodes, "depth": measure.depth}

    def _noted(self, kind: str, codes: Sequence[str], seconds: float, who: Principal, request_id: str) -> None:
        """Count the operation and log it; neither its text nor its variables, which may tell of a patient."""
        self._metrics.operation(kind, codes, seconds)
        logs.operation(request_id, kind, who.name, seconds, codes)


def _check_way(operation: OperationDefinitionNode, by_get: bool) -> None:
    if operation.operation is OperationType.SUBSCRIPTION:
        raise ApiError(
            problems.BAD_USER_INPUT,
            "A subscription is answered as a stream.",
            hint="Use graphql-transport-ws, or POST with `Accept: text/event-stream`.",
        )
    if by_get and operation.operation is not OperationType.QUERY:
        raise RequestError(405, "By GET only queries are run; send this by POST.")


def _stops_with_client(operation: OperationDefinitionNode) -> bool:
    """Say whether nobody needs the operation done when its client has left: writes come to their end."""
    return operation.operation is OperationType.QUERY or bool(roots_of(operation) & _LONG)
