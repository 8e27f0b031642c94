"""The fields of nodes and edges that are kept on them: properties, names, evidence."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal, LiteralString

from graphql_api.arguments.common import checked_first
from graphql_api.compiled import leaves
from graphql_api.compiled.assemble import At, Call, Const, Each, Given, Shape
from graphql_api.compiled.draft import Draft, NotTaken, made_of
from graphql_api.compiled.plan import Columns, Stored
from graphql_api.compiled.selection import Field
from graphql_api.compiled.wanting import WantedSize
from kg.schema import LANGUAGES, EdgeKind, NodeKind


def property_shape(field: Field, kind: NodeKind | EdgeKind, columns: Columns, side: Literal["node", "edge"]) -> Shape:
    """Return the shape of a property of a row's node or edge; raises NotTaken for what is none."""
    item = next((item for item in kind.properties if item.name == field.python_name), None)
    if item is None:
        raise NotTaken(f"{field.name} is read elsewhere")
    stored = At(columns.at(Stored(item.name, side)))
    read = leaves.reader_of(item)
    return stored if read is None else Call(read, (stored,))


def language_of(draft: Draft, field: Field) -> LiteralString | None:
    """Return the language that a field is asked for in, None for every one."""
    given = draft.arguments(field, "language").fixed.get("language")
    return None if given is None else next(known for known in LANGUAGES if known == given.value)


def names_shape(draft: Draft, field: Field, columns: Columns) -> Shape:
    """Return the shape of a node's name in each language that has one."""
    stored = tuple(At(columns.at(Stored(f"name_{language}"))) for language in LANGUAGES)
    places = {"language": At(0), "name": At(1)}
    return Each(Call(leaves.names, stored), made_of(draft, field, places))


def synonyms_shape(columns: Columns, language: LiteralString | None) -> Shape:
    """Return the shape of a node's other names in a language, or in all."""
    stored = [Stored(f"synonyms_{known}") for known in LANGUAGES if language in (None, known)]
    return Call(leaves.joined, tuple(At(columns.at(each)) for each in stored))


# What an item of evidence has, by the names that it is kept under.
EVIDENCE: Final[dict[str, Shape]] = {
    "direction": Call(leaves.constants(("for", "against")), (At("direction"),)),
    **{
        name: At(name)
        for name in (
            *("id", "edge", "source", "version", "licence", "reference", "snippet"),
            *("asserted_by", "claims", "change_set", "at"),
        )
    },
}


def evidence_shape(draft: Draft, field: Field, columns: Columns) -> Shape:
    """Return the shape of the evidence behind the edge of a row."""
    given = draft.arguments(field, "first")
    told = At(columns.at(Stored("told", "edge")))
    if given.moving:
        size: Shape = Given(draft.want(partial(WantedSize, arguments=given)))
    else:
        size = Const(checked_first(given.fixed["first"]))
    made = made_of(draft, field, EVIDENCE)
    if any(part == At("edge") for _, part in made.fields):
        items: Shape = Call(leaves.evidence_on, (told, size, At(columns.at(Stored("id", "edge")))))
    else:
        items = Call(leaves.evidence, (told, size))
    return Each(items, made)
