"""Any csv or tsv table: nodes and edges as a mapping file says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kg.changes import AUTHORITY
from kg.errors import RecordRejected
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, EdgeKind, NodeKind, Property, property_of
from kg.sources.checked import checked, fault, not_held, refused
from kg.sources.mapping import Each, EdgeSpec, NodeSpec, SourceSpec, TableMapping, TableSpec, columns_of
from kg.sources.records import Place, Problem, Record
from kg.sources.rows import Row, header_of, rows
from kg.sources.templates import template
from kg.values import MAX_NAME, Edge, Evidence, Node, check_curie, check_text


def read(mapping: TableMapping, tables: Mapping[str, Iterable[str]]) -> Iterator[Record]:
    """Yield the nodes of all tables, then their edges.

    `tables` holds the lines of each file that the mapping names, by that name; each is gone through more than once,
    so it has to be something that can be.
    """
    readers = [_Reader(mapping.source, spec, tables[spec.file]) for spec in mapping.tables]
    for reader in readers:
        yield from reader.nodes()
    for reader in readers:
        yield from reader.edges()


class _RowRefusedError(Exception):
    """Ends the reading of one record; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Reader:
    """Reads one table."""

    def __init__(self, source: SourceSpec, spec: TableSpec, lines: Iterable[str]) -> None:
        self._source = source
        self._spec = spec
        self._lines = lines
        self._delimiter = spec.delimiter or ("\t" if ".tsv" in spec.file.lower() else ",")
        self._columns = columns_of(spec)

    def nodes(self) -> Iterator[Record]:
        """Yield the nodes, and every row that is none."""
        yield from self._unused_columns()
        told: dict[str, Node] = {}
        for row in self._rows():
            if isinstance(row, Problem):
                yield row
                continue
            for spec in self._spec.nodes:
                for cells in _expanded(row, spec.when, spec.each):
                    cell = _Cells(self._spec.file, row.line, cells)
                    try:
                        node = _node(spec, cell)
                    except _RowRefusedError as refusal:
                        yield refusal.problem
                        continue
                    # Tables tell of the same disease in row after row.
                    if told.get(node.id) != node:
                        told[node.id] = node
                        yield checked(node, cell.place())

    def edges(self) -> Iterator[Record]:
        """Yield the edges; rows that are none were told with the nodes."""
        for row in self._rows() if self._spec.edges else ():
            if isinstance(row, Problem):
                continue
            for spec in self._spec.edges:
                for cells in _expanded(row, spec.when, spec.each):
                    cell = _Cells(self._spec.file, row.line, cells)
                    try:
                        yield checked(_edge(spec, self._source, cell), cell.place())
                    except _RowRefusedError as refusal:
                        yield refusal.problem

    def _uncommented(self) -> Iterator[str]:
        """Yield the lines with comments emptied, so that the others keep their numbers."""
        comment = self._spec.comment
        return ("\n" if comment and line.startswith(comment) else line for line in self._lines)

    def _rows(self) -> Iterator[Row | Problem]:
        return rows(self._uncommented(), self._spec.file, self._delimiter, self._columns)

    def _unused_columns(self) -> Iterator[Problem]:
        line, names = header_of(self._uncommented(), self._delimiter)
        for name in names:
            if name not in self._columns and name not in self._spec.ignore:
                why = f"the mapping makes nothing of the column {name!r}"
                fix = "Use it in the mapping, or list it under `ignore`."
                yield not_held(Place(self._spec.file, line, name), "column-not-used", name, why, fix)


class _Cells:
    """The cells of one row, or of one part of it, read by template; what is wrong is raised with its column."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str]) -> None:
        self._file = file
        self._line = line
        self._cells = {**cells, "@file": file, "@line": str(line)}

    def place(self, text: str = "") -> Place:
        """Return the place of the first column of a template, or of the row."""
        columns = template(text).columns
        return Place(self._file, self._line, columns[0] if columns else "")

    def curie(self, text: str) -> str:
        """Return the id that a template makes; an empty cell is refused."""
        parts = template(text)
        empty = parts.empty_column(self._cells)
        if empty is not None:
            place = Place(self._file, self._line, empty)
            fix = "Fill it in, or leave such rows out with `when`."
            raise _RowRefusedError(fault(place, "empty-cell", "", f"the cell of {empty!r} is empty", fix))
        return self._clean(parts.filled(self._cells), text, "id-form", check_curie)

    def text(self, text: str | None, limit: int | None = None) -> str:
        """Return the text that a template makes, on one line; empty when there is none or one of its cells is."""
        if text is None:
            return ""

        def one_line(value: str) -> str:
            if "\n" in value:
                raise RecordRejected("the text goes over several lines", hint="Is a quote left open above?")
            return check_text(value, limit) if limit else check_text(value)

        return self._clean(template(text).filled(self._cells), text, "text", one_line)

    def words(self, text: str, split: str | None) -> tuple[str, ...]:
        """Return the parts of a text once each, told apart without regard to case."""
        whole = template(text).filled(self._cells)
        found: dict[str, str] = {}
        for part in whole.split(split) if split else (whole,):
            word = self._clean(part.strip(), text, "text", lambda value: check_text(value, MAX_NAME))
            if word:
                found.setdefault(word.casefold(), word)
        return tuple(found.values())

    def value(self, known: Property, told: str | int | float) -> Any:
        """Return a property's value, a number where the schema says so; None when a cell is empty."""
        if not isinstance(told, str):
            return self._fitting(known, told, "")
        text = template(told).filled(self._cells)
        if not text:
            return None
        if known.type in ("text", "choice"):
            return self._fitting(known, text, told)
        try:
            number = float(text)
        except ValueError:
            why = f"{known.name} is {text!r} but must be a number"
            fix = "Write it like 0.5, with a point."
            raise _RowRefusedError(fault(self.place(told), "property", text, why, fix)) from None
        whole = known.type == "integer" and number.is_integer()
        return self._fitting(known, int(number) if whole else number, told)

    def _fitting(self, known: Property, value: Any, told: str) -> Any:
        problem = known.problem(value)
        if problem:
            why = f"{known.name} is {value!r} but {problem}"
            raise _RowRefusedError(fault(self.place(told), "property", str(value), why, known.meaning))
        return value

    def _clean(self, value: str, text: str, rule: str, check: Callable[[str], str]) -> str:
        try:
            return check(value)
        except RecordRejected as error:
            raise _RowRefusedError(refused(self.place(text), rule, value, error)) from error


def _expanded(row: Row, when: str | None, each: Each | None) -> Iterator[Mapping[str, str]]:
    """Yield the cells to make records of: none, the row's, or one set for each part of a cell."""
    if when and not row.cells[when]:
        return
    if each is None:
        yield row.cells
        return
    for part in row.cells[each.column].split(each.by):
        if part.strip():
            yield {**row.cells, each.column: part.strip()}


def _node(spec: NodeSpec, cells: _Cells) -> Node:
    key = cells.curie(spec.id)
    told = {language: cells.text(text, MAX_NAME) for language, text in spec.names.items()}
    names = {language: name for language, name in told.items() if name}
    if not names:
        place = cells.place(next(iter(spec.names.values())))
        fix = "Fill in a name, or leave such rows out with `when`."
        raise _RowRefusedError(fault(place, "empty-cell", "", f"{key} has no name", fix))
    heard = {language: cells.words(text, spec.split) for language, text in spec.synonyms.items()}
    other = {
        language: tuple(word for word in words if word.casefold() != names.get(language, "").casefold())
        for language, words in heard.items()
    }
    xrefs = {check for text in spec.xrefs if (check := cells.text(text)) and cells.curie(text)}
    return Node(
        spec.kind,
        key,
        names,
        {language: words for language, words in other.items() if words},
        _values(NODE_BY_LABEL[spec.kind], spec.properties, cells),
        tuple(sorted(xrefs - {key})),
    )


def _edge(spec: EdgeSpec, source: SourceSpec, cells: _Cells) -> Edge:
    told = spec.evidence
    evidence = Evidence(
        source=_source_name(told.source, cells) or source.name,
        version=cells.text(told.version) or source.version,
        licence=cells.text(told.licence) or source.licence,
        reference=cells.text(told.reference) or cells.text(source.reference),
        asserted_by=cells.text(told.asserted_by) or source.asserted_by,
        snippet=cells.text(told.snippet) or None,
        direction=told.direction,
        claims=_values(EDGE_BY_TYPE[spec.kind], spec.claims, cells),
    )
    return Edge(spec.kind, cells.curie(spec.start), cells.curie(spec.end), (evidence,))


def _source_name(text: str | None, cells: _Cells) -> str:
    name = cells.text(text)
    # Else a cell could give itself the weight of an expert's decision.
    if name in AUTHORITY:
        why = f"the source name {name!r} is kept for the project itself"
        raise _RowRefusedError(
            fault(cells.place(text or ""), "source-reserved", name, why, "Name where it really comes from.")
        )
    return name


def _values(kind: NodeKind | EdgeKind, told: Mapping[str, str | int | float], cells: _Cells) -> Mapping[str, Any]:
    """Return the properties that are filled in."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        known = property_of(kind, name)
        read_value = None if known is None else cells.value(known, value)
        if read_value is not None:
            found[name] = read_value
    return found
