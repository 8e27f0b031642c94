"""What one request wants at one place of a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, LiteralString, Protocol

from graphql import VariableValues

from graphql_api.compiled.selection import Arguments


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request wants at one place: the texts of it, and the values beside them.

    `clauses` name the nodes of a list and `order` sorts it; `beyond` is what holds for the page and not for the list.
    """

    clauses: LiteralString = ""
    where: tuple[LiteralString, ...] = ()
    beyond: tuple[LiteralString, ...] = ()
    order: LiteralString = ""
    values: tuple[Any, ...] = field(default=(), compare=False)
    limit: int | None = field(default=None, compare=False)
    given: tuple[Any, ...] = field(default=(), compare=False)


class Refused(Exception):
    """The other way of answering has to say why this request cannot be answered, or answer it itself."""


class Want(Protocol):
    """Something that a request wants at one place of a plan."""

    @property
    def arguments(self) -> Arguments:
        """What the document says about it."""
        ...

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        ...
