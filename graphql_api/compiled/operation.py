"""A whole operation drawn: what it reads, what its answer looks like, and who may ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql_api.access.keys import Role
from graphql_api.access.locks import locks
from graphql_api.compiled.assemble import Const, Make, Shape
from graphql_api.compiled.counts import COUNTS
from graphql_api.compiled.draft import Draft, Draw, NotTaken
from graphql_api.compiled.edges import EDGES
from graphql_api.compiled.history import HISTORY
from graphql_api.compiled.plan import Columns, Row
from graphql_api.compiled.selection import Field
from graphql_api.compiled.things import THINGS
from graphql_api.compiled.wanted import Want
from graphql_api.types.queries import Query

_FIELDS: Final[Mapping[str, Draw]] = {**THINGS, **EDGES, **HISTORY, **COUNTS}
_NEEDED: Final[Mapping[str, Role | None]] = locks(Query.__strawberry_definition__)


@dataclass(frozen=True, slots=True)
class Top:
    """A field at the top, for telling what went wrong: its key, where it stands, and whether it may be null."""

    field: Field
    nullable: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole operation: what is read, what its answer looks like, what it is asked for, and who may ask it."""

    columns: Row
    shape: Make
    wants: tuple[Want, ...]
    tops: tuple[Top, ...]
    needs: Role


def drawn(draft: Draft) -> Drawn:
    """Return the plan of an operation; raises NotTaken when something in it is answered the other way."""
    # What a row of the answer begins with is the number of the request.
    top = Columns(1)
    made: list[tuple[str, Shape]] = []
    tops: list[Top] = []
    needs = Role.VIEWER
    for field in draft.selection.top():
        if field.name == "__typename":
            made.append((field.key, Const("Query")))
            continue
        draw = _FIELDS.get(field.python_name)
        needed = _NEEDED.get(field.python_name)
        if draw is None or needed is None:
            raise NotTaken(f"{field.name} is answered elsewhere")
        made.append((field.key, draw(draft, field, top)))
        tops.append(Top(field, nullable=not field.required))
        needs = max(needs, needed)
    return Drawn(top.row(), Make(tuple(made)), tuple(draft.wants), tuple(tops), needs)
