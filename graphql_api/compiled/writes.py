"""The steps at the desk: each resolver is run, and what it returns is told by a function made beforehand.

The schema would look every field of a payload up anew, and every argument, which cost more time than the step itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, VariableValues

from graphql_api import problems
from graphql_api.access.keys import Role
from graphql_api.access.locks import locks
from graphql_api.bounded import Bounded
from graphql_api.compiled.draft import NotTaken
from graphql_api.compiled.payloads import Told, payload
from graphql_api.compiled.reads import Answer
from graphql_api.compiled.selection import Arguments, Field, Selection, TooWide
from graphql_api.compiled.variables import Variables
from graphql_api.context import Context, GraphInfo
from graphql_api.operations.documents import LONGEST_KEPT, Known
from graphql_api.types.mutations import STEPS, Mutation, Resolver

_MOST_OPERATIONS: Final = 128
_MOST_PLANS: Final = 128
_NEEDED: Final[Mapping[str, Role | None]] = locks(Mutation.__strawberry_definition__)
# What makes an operation one for the schema, which says what is wrong with it.
_REFUSALS: Final = (NotTaken, TooWide, GraphQLError, KeyError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What resolvers of steps read of Strawberry's `Info`."""

    context: Context


@dataclass(frozen=True, slots=True)
class _Step:
    """One field at the top: what it runs with which arguments, and how its payload is told."""

    field: Field
    resolver: Resolver
    arguments: Arguments
    told: Told


@dataclass(frozen=True, slots=True, eq=False)
class _Operation:
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Variables


@dataclass(frozen=True, slots=True)
class _Plan:
    steps: tuple[_Step, ...]
    needs: Role


class Writes:
    """Answers mutations that are steps at the desk alone, and remembers how."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema
        self._core: GraphQLSchema = schema._schema  # pyright: ignore[reportPrivateUsage]
        self._operations: Bounded[tuple[str, str | None], _Operation] = Bounded(_MOST_OPERATIONS)
        self._plans: Bounded[Any, _Plan | None] = Bounded(_MOST_PLANS)

    async def answer(
        self, document: Known, operation_name: str | None, variables: Mapping[str, Any], context: Context
    ) -> Answer | None:
        """Return the answer to a mutation of a valid document, or None when the schema has to execute it.

        Nothing has been done then: what is refused before the first step, the schema tells in its own words.
        """
        known = self._operation(document, operation_name)
        values = known.variables.coerced(variables)
        plan = None if values is None else self._planned(known, values)
        if values is None or plan is None or context.principal.role < plan.needs:
            return None
        try:
            given = [step.arguments.of(values) for step in plan.steps]
        except _REFUSALS:
            return None
        return await _taken(plan, given, context)

    def _operation(self, document: Known, name: str | None) -> _Operation:
        key = (document.text, name)
        known = self._operations.get(key)
        if known is None:
            operation = document.operation(name)
            variables = Variables(self._core, operation.variable_definitions or ())
            known = _Operation(document.document, operation, variables)
            if len(document.text) <= LONGEST_KEPT:
                self._operations.put(key, known)
        return known

    def _planned(self, known: _Operation, values: VariableValues) -> _Plan | None:
        key = (known, known.variables.shape(values))
        plan = self._plans.get(key, _UNSEEN)
        return self._plans.put(key, self._plan(known, values)) if plan is _UNSEEN else plan

    def _plan(self, known: _Operation, values: VariableValues) -> _Plan | None:
        if known.operation.operation is not OperationType.MUTATION:
            return None
        selection = Selection(self._schema, known.document, known.operation, values, known.variables.by_value)
        try:
            return _drawn(selection)
        except _REFUSALS:
            return None


# Stands for what was not looked at yet; None means that it was, and is executed by the schema.
_UNSEEN: Final[Any] = object()


def _drawn(selection: Selection) -> _Plan:
    steps: list[_Step] = []
    needs = Role.VIEWER
    for field in selection.top():
        if field.definition is None:
            steps.append(_Step(field, _named, Arguments(), _same))
            continue
        resolver, needed = STEPS.get(field.python_name), _NEEDED.get(field.python_name)
        if resolver is None or needed is None:
            raise NotTaken(f"{field.name} is done elsewhere")
        steps.append(_Step(field, resolver, selection.arguments(field), payload(selection, field)))
        needs = max(needs, needed)
    return _Plan(tuple(steps), needs)


async def _named(_: GraphInfo) -> str:
    return "Mutation"


def _same(value: Any) -> Any:
    return value


async def _taken(plan: _Plan, given: list[Mapping[str, Any]], context: Context) -> Answer:
    """Take the steps one after another, as mutations are; one that fails is null and does not keep the next back."""
    info = cast("GraphInfo", _Asking(context))
    data: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    for step, arguments in zip(plan.steps, given, strict=True):
        field = step.field
        try:
            data[field.key] = step.told(await step.resolver(info, **arguments))
        except Exception as error:
            data[field.key] = None
            failed = GraphQLError(str(error), [field.node], path=[field.key], original_error=error)
            errors.append(problems.told(failed, context.request_id))
    if not errors:
        return Answer(orjson.dumps({"data": data}))
    return Answer(orjson.dumps({"errors": errors, "data": data}), tuple(one["extensions"]["code"] for one in errors))
