"""The door: an operation that only reads is answered with one statement, or handed back to be answered otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableValues,
)

from graphql_api import problems
from graphql_api.access.keys import Principal
from graphql_api.bounded import Bounded
from graphql_api.compiled.answers import Answers, Kept, Key, key_of
from graphql_api.compiled.batch import Batcher
from graphql_api.compiled.draft import Draft, NotTaken
from graphql_api.compiled.operation import Top, drawn
from graphql_api.compiled.planned import Planned, Texts
from graphql_api.compiled.selection import Selection, TooWide
from graphql_api.compiled.standing import Standing
from graphql_api.compiled.variables import Variables
from graphql_api.compiled.wanted import Refused
from graphql_api.operations.documents import LONGEST_KEPT, Known
from graphql_api.problems import ApiError
from kg.errors import KgError, StoreError
from kg.store import Store

# A client that makes up documents cannot fill the memory; directives and constants make several plans of one.
_MOST_OPERATIONS: Final = 512
_MOST_PLANS: Final = 512
# What resolvers raise when they cannot answer; the resolvers then say so themselves.
_REFUSALS: Final = (Refused, NotTaken, TooWide, ApiError, KgError, GraphQLError, KeyError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an operation: the text of `{"data": …}`, with `errors` if there are any, and their codes."""

    body: bytes
    codes: tuple[str, ...] = ()


class Reads:
    """Answers operations that only read, and remembers how."""

    def __init__(self, store: Store, schema: strawberry.Schema, keep: int = 0) -> None:
        """`keep` is how many bytes of answers are kept until the graph changes; none by default."""
        self._schema = schema
        self._core: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._batcher = Batcher(store)
        self._standing = Standing(store)
        self.kept = Answers(keep)
        self._keeps = keep > 0
        self._texts = Texts()
        self._plans: Bounded[Any, Planned | None] = Bounded(_MOST_PLANS)
        self._operations: Bounded[tuple[str, str | None], _Operation | None] = Bounded(_MOST_OPERATIONS)

    async def answer(
        self, document: Known, operation_name: str | None, variables: Mapping[str, Any], principal: Principal
    ) -> Answer | None:
        """Return the answer to an operation of a valid document, or None when it has to be answered the other way.

        That is so for everything but queries, for fields that are no plain reads, and for whatever is refused: the
        resolvers tell every refusal in their own words. Only failures of the database are told here.
        """
        known = self._operation(document, operation_name)
        if known is None:
            return None
        values = known.variables.coerced(variables)
        planned = None if values is None else self._planned(known, values)
        if values is None or planned is None or principal.role < planned.needs:
            return None
        try:
            if not self._keeps or not planned.reads:
                return await self._read_now(planned, values)
            key = key_of(document.text, operation_name, variables, principal.role)
            return await (self._read_now(planned, values) if key is None else self._read_or_kept(key, planned, values))
        except StoreError as error:
            return _failed(planned.tops, error)
        except _REFUSALS:
            return None

    async def _read_now(self, planned: Planned, values: VariableValues) -> Answer:
        request = planned.request(values)
        row = await self._batcher.row(request) if planned.reads else []
        return Answer(orjson.dumps({"data": planned.assemble(row, request.given)}))

    async def _read_or_kept(self, key: Key, planned: Planned, values: VariableValues) -> Answer:
        """Return a kept answer if the graph stands where it stood then; else read, and keep what is wanted."""
        known = self.kept.get(key)
        if known is not None:
            if await self._standing.now() == known.standing:
                self.kept.hits += 1
                return Answer(known.body)
            self.kept.drop(key)
        elif not self.kept.is_wanted(key):
            return await self._read_now(planned, values)
        request = planned.request(values, standing=True)
        row = await self._batcher.row(request)
        body = orjson.dumps({"data": planned.assemble(row, request.given)})
        if row[-1] is not None:
            # What was written since makes the graph stand elsewhere: then this is never told.
            self.kept.put(key, Kept(body, row[-1]))
        return Answer(body)

    def _operation(self, document: Known, name: str | None) -> _Operation | None:
        key = (document.text, name)
        known = self._operations.get(key, _UNSEEN)
        if known is not _UNSEEN:
            return known
        known = self._read(document, name)
        return self._operations.put(key, known) if len(document.text) <= LONGEST_KEPT else known

    def _read(self, document: Known, name: str | None) -> _Operation | None:
        operation = document.operation(name)
        if operation.operation is not OperationType.QUERY:
            return None
        return _Operation(document.document, operation, Variables(self._core, operation.variable_definitions or ()))

    def _planned(self, known: _Operation, values: VariableValues) -> Planned | None:
        key = (known, known.variables.shape(values))
        planned = self._plans.get(key, _UNSEEN)
        return self._plans.put(key, self._plan(known, values)) if planned is _UNSEEN else planned

    def _plan(self, known: _Operation, values: VariableValues) -> Planned | None:
        selection = Selection(self._schema, known.document, known.operation, values, known.variables.by_value)
        try:
            return Planned(drawn(Draft(selection)), self._texts)
        except (*_REFUSALS, RecursionError):
            return None


class _Operation:
    """One operation of a document."""

    def __init__(self, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) -> None:
        self.document = document
        self.operation = operation
        self.variables = variables


# Stands for what was not looked at yet; None means that it was, and is answered the other way.
_UNSEEN: Final[Any] = object()


def _failed(tops: tuple[Top, ...], error: StoreError) -> Answer:
    """Return the answer when the database failed: no field has a value, and one that may not be null ends it all."""
    strict = [top for top in tops if not top.nullable]
    errors = [
        problems.told(GraphQLError(error.message, [top.field.node], path=[top.field.key], original_error=error), "")
        for top in strict[:1] or tops
    ]
    data = None if strict else {top.field.key: None for top in tops}
    body = orjson.dumps({"errors": errors, "data": data})
    return Answer(body, tuple(told["extensions"]["code"] for told in errors))
