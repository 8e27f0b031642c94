"""Which nodes, edges, hits or records a request wants, but for lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import VariableValues

from graphql_api.arguments.common import MAX_FIRST, checked_first
from graphql_api.compiled.selection import Arguments
from graphql_api.compiled.wanted import Refused, Wanted
from graphql_api.jobs.fields import is_job
from graphql_api.types.queries import exactly_one
from kg.reading.lucene import cleaned, codes_for, phrase_for
from kg.reading.search import FIND_NOTHING, hit_values, pool_of
from kg.schema import NodeKind


@dataclass(frozen=True, slots=True)
class WantedNode:
    """One node, by id, code or name; by id alone when no kind is named."""

    place: int
    arguments: Arguments
    kind: NodeKind | None
    word: str

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        told = self.arguments.of(variables)
        if self.kind is None:
            if is_job(told["id"]):
                raise Refused("a job is not in the graph")
            return Wanted(values=(told["id"],))
        names = ("id", "name", "icd10") if self.kind.label == "Disease" else ("id", "name")
        _, value = exactly_one(**{name: told.get(name) for name in names})
        if self.word == "icd10":
            codes = codes_for(value)
            if not codes:
                raise Refused("no code is written so")
            return Wanted(values=(list(codes),))
        if self.word == "name":
            clean = cleaned(value)
            phrase = phrase_for(clean)
            # Nothing is called by a name without a word.
            return Wanted(values=(clean.lower(), phrase) if phrase else (None, "a"))
        return Wanted(values=(value,))


@dataclass(frozen=True, slots=True)
class WantedNodes:
    """The nodes of some ids."""

    place: int
    arguments: Arguments

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        ids = self.arguments.of(variables)["ids"]
        if len(ids) > MAX_FIRST or any(map(is_job, ids)):
            raise Refused("too many ids, or a job's")
        return Wanted(values=(sorted(set(ids)),), given=(ids,))


@dataclass(frozen=True, slots=True)
class WantedHits:
    """What a search finds."""

    place: int
    arguments: Arguments

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        told = self.arguments.of(variables)
        text, size = told["text"], checked_first(told["first"])
        language = told["language"].value if told.get("language") else None
        values = hit_values(text, [kind.value for kind in told.get("kinds") or ()], language, size)
        # A text without a word finds nothing, as a search among no kinds does.
        return Wanted(values=values or FIND_NOTHING, limit=pool_of(size), given=(cleaned(text), language, size))


@dataclass(frozen=True, slots=True)
class WantedEdge:
    """One edge, and perhaps an item of its evidence."""

    place: int
    arguments: Arguments
    name: str  # of the argument that is the edge's id

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants."""
        told = self.arguments.of(variables)
        edge: str = told[self.name]
        start, _, end = edge.split("/") if edge.count("/") == 2 else ("", "", "")
        return Wanted(values=(edge, start, end), given=(edge, told.get("id")))


@dataclass(frozen=True, slots=True)
class WantedRecords:
    """What a fixed statement returns; `read` makes its values and the limit of the arguments."""

    place: int
    arguments: Arguments
    read: Callable[[Mapping[str, Any]], tuple[tuple[Any, ...], int | None]]

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        values, limit = self.read(self.arguments.of(variables))
        return Wanted(values=values, limit=limit)


@dataclass(frozen=True, slots=True)
class WantedSize:
    """How many items of a list that is kept whole."""

    place: int
    arguments: Arguments

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants; raises what the resolver would raise."""
        return Wanted(given=(checked_first(self.arguments.of(variables)["first"]),))


@dataclass(frozen=True, slots=True)
class WantedMoment:
    """The change set as which a top field is read."""

    place: int
    arguments: Arguments

    def wanted(self, variables: VariableValues) -> Wanted:
        """Return what one request wants."""
        asked = self.arguments.of(variables)["as_of"]
        return Wanted(values=(asked,), given=(asked,))
