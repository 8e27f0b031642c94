"""The mapping file of a table: which columns make which nodes and edges, and where the evidence comes from."""

from __future__ import annotations

import difflib
from collections import abc
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg.errors import DataError
from kg.schema import EDGE_BY_TYPE, LANGUAGES, NODE_BY_LABEL, EdgeKind, NodeKind, property_of
from kg.sources.templates import Template, template

MAX_BYTES: Final = 1_000_000
T = TypeVar("T")

_PAGE: Final = "docs/loading.md shows a mapping with every key."


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Each(_Part):
    """A cell that holds several values: one record is made of each."""

    column: str = Field(min_length=1)
    by: str = Field(min_length=1, max_length=5)


class EvidenceSpec(_Part):
    """Where an edge comes from. Left out, a field is that of `source`."""

    source: str | None = None
    version: str | None = None
    licence: str | None = None
    asserted_by: str | None = None
    reference: str | None = None
    snippet: str | None = None
    direction: Literal["for", "against"] = "for"


class SourceSpec(_Part):
    """Who tells all this: the defaults of every edge's evidence, and the source of every node."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[a-z0-9][a-z0-9._\-]*$")
    version: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    asserted_by: str = Field(min_length=1)
    reference: str = Field("{@file}", min_length=1)


class NodeSpec(_Part):
    """How a row becomes a node."""

    kind: str
    id: str
    names: dict[str, str] = Field(min_length=1)
    synonyms: dict[str, str] = {}
    properties: dict[str, str | int | float] = {}
    xrefs: list[str] = []
    split: str | None = Field(None, min_length=1, max_length=5)
    when: str | None = None
    each: Each | None = None


class EdgeSpec(_Part):
    """How a row becomes an edge."""

    kind: str
    start: str
    end: str
    claims: dict[str, str | int | float] = {}
    evidence: EvidenceSpec = EvidenceSpec()
    when: str | None = None
    each: Each | None = None


class TableSpec(_Part):
    """One file: how its cells are set apart, and what each row tells."""

    file: str = Field(min_length=1)
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    comment: str | None = Field(None, min_length=1, max_length=5)
    ignore: list[str] = []
    nodes: list[NodeSpec] = []
    edges: list[EdgeSpec] = []


class TableMapping(_Part):
    """A whole mapping file."""

    source: SourceSpec
    tables: list[TableSpec] = Field(min_length=1)


# These stand for where a row was read; no table has columns of such names.
PLACE_COLUMNS: Final = ("@file", "@line")


def read_mapping(text: str, file: str) -> TableMapping:
    """Return the mapping; raise DataError naming the key that makes no sense and what to write."""
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}, line {mark.line + 1}" if mark else file
        raise DataError(f"the mapping is not YAML: {str(error).splitlines()[0]}", place=place, hint=_PAGE) from error
    try:
        mapping = TableMapping.model_validate(told)
    except ValidationError as error:
        raise _invalid(cast("dict[str, Any]", error.errors()[0]), file) from error
    for at, table in enumerate(mapping.tables):
        _check_table(table, f"{file}, tables[{at}]")
    for column in _template(mapping.source.reference, f"{file}, source.reference").columns:
        if column not in PLACE_COLUMNS:
            hint = "Only {@file} and {@line} can be used here; a column goes into the evidence of an edge."
            raise DataError(f"{column!r} is not of every table", place=f"{file}, source.reference", hint=hint)
    names = [table.file for table in mapping.tables]
    for name in names:
        if names.count(name) > 1:
            raise DataError(
                f"two tables are of the file {name!r}", place=file, hint="Put their nodes and edges together."
            )
    return mapping


def columns_of(table: TableSpec) -> tuple[str, ...]:
    """Return every column that the table's nodes and edges are made from, once each, in order."""
    found: dict[str, None] = {}
    for spec in (*table.nodes, *table.edges):
        for _, text in _texts(spec):
            found.update(dict.fromkeys(template(text).columns))
        if spec.when:
            found[spec.when] = None
        if spec.each:
            found[spec.each.column] = None
    return tuple(name for name in found if name not in PLACE_COLUMNS)


def _texts(spec: NodeSpec | EdgeSpec) -> Iterator[tuple[str, str]]:
    """Yield every template of a node or an edge, with the key it stands under."""
    if isinstance(spec, NodeSpec):
        yield "id", spec.id
        yield from ((f"names.{language}", text) for language, text in spec.names.items())
        yield from ((f"synonyms.{language}", text) for language, text in spec.synonyms.items())
        yield from (("xrefs", text) for text in spec.xrefs)
        values = spec.properties
    else:
        yield "start", spec.start
        yield "end", spec.end
        told = spec.evidence.model_dump(exclude={"direction"}, exclude_none=True)
        yield from ((f"evidence.{name}", text) for name, text in told.items())
        values = spec.claims
    yield from ((name, value) for name, value in values.items() if isinstance(value, str))


def _check_table(table: TableSpec, place: str) -> None:
    if not table.nodes and not table.edges:
        raise DataError("the table makes neither nodes nor edges", place=place, hint=_PAGE)
    for at, node in enumerate(table.nodes):
        here = f"{place}.nodes[{at}]"
        kind = _known(node.kind, NODE_BY_LABEL, "kind of node", f"{here}.kind")
        for language in (*node.names, *node.synonyms):
            _known(language, {name: name for name in LANGUAGES}, "language", f"{here}.names")
        _check_properties(kind, node.properties, f"{here}.properties")
        _check_texts(node, here)
    for at, edge in enumerate(table.edges):
        here = f"{place}.edges[{at}]"
        kind = _known(edge.kind, EDGE_BY_TYPE, "kind of edge", f"{here}.kind")
        _check_properties(kind, edge.claims, f"{here}.claims")
        _check_texts(edge, here)


def _check_properties(kind: NodeKind | EdgeKind, names: Iterable[str], place: str) -> None:
    for name in names:
        if property_of(kind, name) is None:
            _known(name, {known.name: known for known in kind.properties}, "property", place)


def _check_texts(spec: NodeSpec | EdgeSpec, place: str) -> None:
    for key, text in _texts(spec):
        _template(text, f"{place}.{key}")


def _template(text: str, place: str) -> Template:
    try:
        return template(text)
    except DataError as error:
        raise DataError(error.message, place=place, hint=error.hint) from error


def _known(name: str, known: abc.Mapping[str, T], what: str, place: str) -> T:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    names = ", ".join(known) or "none"
    hint = f"Did you mean {near[0]}?" if near else f"There are: {names}."
    raise DataError(f"{name!r} is not a {what} here", place=place, hint=hint)


def _invalid(first: dict[str, Any], file: str) -> DataError:
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    kind, told = str(first["type"]), str(first["msg"])
    if kind == "missing":
        message = f"{place} is missing"
    elif kind == "extra_forbidden":
        message = f"{place} is not a key of a mapping"
    else:
        message = f"{place or 'the mapping'} makes no sense: {told[:1].lower()}{told[1:]}"
    return DataError(message, place=file, hint=_PAGE)
