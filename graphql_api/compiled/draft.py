"""A plan while it is being made: what is selected, and what each place of it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from graphql_api.compiled.assemble import Const, Make, Shape
from graphql_api.compiled.plan import Columns
from graphql_api.compiled.selection import Arguments, Field, Selection
from graphql_api.compiled.wanted import Want


class NotTaken(Exception):
    """The operation holds something that is answered the other way."""


class Draft:
    """Collects what a plan wants while its rows and shapes are put together."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.wants: list[Want] = []

    def want(self, make: Callable[[int], Want]) -> int:
        """Give a want the next place and return it."""
        place = len(self.wants)
        self.wants.append(make(place))
        return place

    def arguments(self, field: Field, *known: str) -> Arguments:
        """Return the arguments of a field; raises NotTaken when one is given that is not known."""
        found = self.selection.arguments(field)
        if given_names(found) - set(known):
            raise NotTaken(f"{field.name} has arguments that are not read here")
        return found


# Draws a field at the top: puts what it reads into the columns and returns the shape of its answer.
Draw: TypeAlias = Callable[[Draft, Field, Columns], Shape]


def given_names(arguments: Arguments) -> set[str]:
    """Return the names of the arguments that are given and not null."""
    fixed = {name for name, value in arguments.fixed.items() if value is not None}
    return fixed | {one.name for one in arguments.moving}


def made_of(draft: Draft, field: Field, places: Mapping[str, Shape]) -> Make:
    """Return the shape of an object whose fields stand at known places."""
    made: list[tuple[str, Shape]] = []
    for under in draft.selection.under(field):
        if under.definition is None:
            made.append((under.key, Const(field.type_name)))
        elif under.python_name in places:
            made.append((under.key, places[under.python_name]))
        else:
            raise NotTaken(f"{under.name} is read elsewhere")
    return Make(tuple(made))
