"""The arguments that many fields share: how much of a list, as of when, and the constants made from kg.schema."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Final

import strawberry

from graphql_api.problems import BAD_USER_INPUT, ApiError
from kg.schema import EDGE_KINDS, LANGUAGES, NODE_KINDS

DEFAULT_FIRST: Final = 20
MAX_FIRST: Final = 200

Few = Annotated[int, strawberry.argument(description=f"How many at most; up to {MAX_FIRST}.")]
First = Annotated[
    int | None,
    strawberry.argument(description=f"How many at most; {DEFAULT_FIRST} unless told otherwise, up to {MAX_FIRST}."),
]
After = Annotated[str | None, strawberry.argument(description="The `endCursor` of the page before.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end, or before `before`.")]
Before = Annotated[str | None, strawberry.argument(description="The `startCursor` of the page behind.")]
AsOf = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="A change set, or the beginning of its id: the graph as that one left it."),
]


def enum_of(name: str, values: Mapping[str, str], description: str) -> Any:
    """Return a GraphQL enum with these names and the values they stand for."""
    made: Any = Enum(name, dict(values))
    return strawberry.enum(made, description=description)


def constant(word: str) -> str:
    """Return a word as GraphQL writes its constants: `DrugClass` becomes DRUG_CLASS."""
    return "".join(
        f"_{sign}" if sign.isupper() and at and word[at - 1].islower() else sign for at, sign in enumerate(word)
    ).upper()


if TYPE_CHECKING:

    class Choice:
        """What the type checker sees of an enum whose constants come from the schema."""

        value: str

        def __init__(self, value: str) -> None: ...

    Kind = EdgeKind = Language = Choice
else:
    Kind = enum_of("Kind", {constant(kind.label): kind.label for kind in NODE_KINDS}, "A kind of node.")
    EdgeKind = enum_of("EdgeKind", {kind.type: kind.type for kind in EDGE_KINDS}, "A kind of edge.")
    Language = enum_of("Language", {code.upper(): code for code in LANGUAGES}, "A language of names.")

ENGLISH: Final = Language("en")


@strawberry.enum(description="Which way a piece of evidence speaks.")
class Direction(Enum):
    FOR = "for"
    AGAINST = "against"


def checked_first(first: int, argument: str = "first") -> int:
    """Return the size of a page; raise ApiError when it is out of bounds."""
    if not 0 <= first <= MAX_FIRST:
        hint = "Page on with `after`." if argument == "first" else "Page on with `before`."
        raise ApiError(BAD_USER_INPUT, f"`{argument}` is {first}; it may be from 0 to {MAX_FIRST}.", hint=hint)
    return first
