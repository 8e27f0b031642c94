"""Documents that were parsed, measured and validated before, so that each text costs that once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
)
from graphql.language import FieldNode
from strawberry.schema.schema import validate_document

from graphql_api.bounded import Bounded
from graphql_api.operations.limits import Limits, Measure, Passed, measured, operation_of, passed, too_many_fragments
from graphql_api.problems import BAD_USER_INPUT, PARSE_FAILED, TOO_LARGE, ApiError

# Python refuses to read a number of more than 4,300 digits, and validation does not expect that.
_LONG_NUMBER: Final = re.compile(r"\d{4000}")
_MOST_DOCUMENTS: Final = 512
_MOST_MEASURES: Final = 64
# Longer texts are answered and not kept, so that the store stays at some tens of megabytes.
LONGEST_KEPT: Final = 20_000


class Known:
    """One document and what is known of it."""

    def __init__(self, text: str, document: DocumentNode) -> None:
        self.text = text
        self.document = document
        self._chosen: dict[str | None, OperationDefinitionNode | None] = {}
        self._measures: dict[Any, Measure] = {}
        self._sizes: dict[str | None, tuple[str, ...]] = {}
        self._errors: list[GraphQLError] | None = None

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation to run; raise ApiError when the name fits none or it is not clear which."""
        if name not in self._chosen:
            # Names that fit nothing are not remembered: a client can send as many of them as it likes.
            found = operation_of(self.document, name)
            if found is None:
                raise ApiError(BAD_USER_INPUT, "`operationName` must name one operation of the document.")
            self._chosen[name] = found
        found = self._chosen[name]
        assert found is not None
        return found

    def measure(self, schema: GraphQLSchema, name: str | None, variables: Mapping[str, Any]) -> Measure:
        """Return what an operation asks for with these variables; only those that are sizes of lists matter."""
        sizes = self._sizes.get(name)
        if sizes is not None:
            key = (name, *(_size(variables.get(size)) for size in sizes))
            known = self._measures.get(key)
            if known is not None:
                return known
        measure, used = measured(schema, self.document, self.operation(name), variables)
        self._sizes[name] = used
        if len(self._measures) >= _MOST_MEASURES:
            self._measures.clear()
        self._measures[(name, *(_size(variables.get(size)) for size in used))] = measure
        return measure

    def errors(self, schema: GraphQLSchema, rules: tuple[type[ASTValidationRule], ...]) -> list[GraphQLError]:
        """Return what does not fit the schema."""
        if self._errors is None:
            self._errors = validate_document(schema, self.document, rules)
        return self._errors


class Documents:
    """Keeps the documents that were used last; `hits` and `misses` count for the metrics."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, max_tokens: int, *, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._max_tokens = max_tokens
        self._rules = (*specified_rules, *(() if introspection else (NoSchemaIntrospectionCustomRule,)))
        self._known: Bounded[str, Known] = Bounded(_MOST_DOCUMENTS)
        self.hits = 0
        self.misses = 0

    def known(self, text: str) -> Known:
        """Return the parsed document; raises GraphQLError or RecursionError."""
        found = self._known.get(text)
        if found is not None:
            self.hits += 1
            return found
        self.misses += 1
        found = Known(text, _parsed(text, self._max_tokens))
        problem = too_many_fragments(found.document, self._limits)
        if problem:
            raise too_large(problem)
        if len(text) <= LONGEST_KEPT:
            self._known.put(text, found)
        return found

    def checked(self, known: Known, name: str | None, variables: Mapping[str, Any]) -> Measure:
        """Return the measure of an operation that may be run.

        Raises ApiError for a limit that it passes, Invalid for what does not fit the schema.
        """
        measure = known.measure(self._schema, name, variables)
        problem = passed(measure, self._limits)
        if problem:
            raise too_large(problem)
        errors = known.errors(self._schema, self._rules)
        if errors:
            raise Invalid(errors)
        return measure


class Invalid(Exception):
    """A document that does not fit the schema, with all that is wrong with it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("the document does not fit the schema")
        self.errors = errors


def too_large(problem: Passed) -> ApiError:
    """Return the refusal for a limit that is passed."""
    return ApiError(TOO_LARGE, problem.message, limit=problem.setting, asked=problem.asked, allowed=problem.allowed)


def roots_of(operation: OperationDefinitionNode) -> frozenset[str]:
    """Return the names of the fields that stand at the top itself, fragments left out."""
    return frozenset(item.name.value for item in operation.selection_set.selections if isinstance(item, FieldNode))


def _size(value: Any) -> Any:
    if isinstance(value, list):
        return (len(value),)  # pyright: ignore[reportUnknownArgumentType]
    return value if isinstance(value, int) else None


def _parsed(text: str, max_tokens: int) -> DocumentNode:
    if _LONG_NUMBER.search(text):
        raise GraphQLError("The document holds a number that is too long.", extensions={"code": PARSE_FAILED})
    try:
        return parse(text, max_tokens=max_tokens)
    except GraphQLError as error:
        error.extensions = {"code": PARSE_FAILED}
        raise
