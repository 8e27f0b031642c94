"""The core graph that ships with the project: eleven tables of lines in, records out."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from typing import Any, Final

from rapidfuzz import process

from kg.errors import RecordRejected
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, property_of
from kg.sources.format import Files, Format, Head, Part, Slot
from kg.sources.records import Found, Place, Problem, Record
from kg.values import NOTHING, Edge, Evidence, Node, checked_edge, checked_node

MIN_SYMPTOMS: Final = 6
_LICENCE: Final = "Apache-2.0"
_SHOWN: Final = 80

SOURCE: Final = "mkg-core"

# Columns of each table; a trailing "?" marks a cell that may stay empty, "??" a column that may be left out as well.
_COLUMNS: Final[Mapping[str, str]] = {
    "icd10.csv": "code level parent? name_en name_ru",
    "diseases.csv": "id icd10 name_en name_ru synonyms_en? synonyms_ru? sex? age_min? age_max? prior?",
    "symptoms.csv": "id name_en name_ru synonyms_en? synonyms_ru?",
    "drug_classes.csv": "id name_en name_ru parent?",
    "drugs.csv": "id atc name_en name_ru synonyms_en? synonyms_ru?",
    "side_effects.csv": "id name_en name_ru",
    "disease_symptoms.csv": "disease symptom weight",
    "disease_drugs.csv": "disease drug purpose dose??",
    "contraindications.csv": "drug disease reason",
    "drug_side_effects.csv": "drug side_effect frequency",
    "resembling.csv": "disease other score sign",
}
TABLES: Final[tuple[str, ...]] = tuple(_COLUMNS)

_ICD_CODE: Final[Mapping[str, re.Pattern[str]]] = {
    "chapter": re.compile(r"[IVX]+"),
    "block": re.compile(r"[A-Z][0-9]{2}-[A-Z][0-9]{2}"),
    "category": re.compile(r"[A-Z][0-9]{2}"),
}
_ICD_PARENT: Final[Mapping[str, str]] = {"block": "chapter", "category": "block"}
_CLASS_ID: Final = re.compile(r"ATC:[A-Z](?:[0-9]{2}(?:[A-Z]{1,2})?)?")
_CLASS_PARENT_LENGTH: Final[Mapping[int, int]] = {3: 1, 4: 3, 5: 4}
_ATC: Final = re.compile(r"[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: its cells by column, without surrounding space."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def place(self, column: str = "") -> Place:
        return Place(self.file, self.line, column)

    def values(self, column: str) -> tuple[str, ...]:
        """The values of a cell that may hold several, parted by `;`."""
        return tuple(value for part in self.cells[column].split(";") if (value := part.strip()))

    def problem(self, column: str, rule: str, message: str, fix: str) -> Problem:
        value = self.cells.get(column, "")
        return Problem(self.place(column), rule, _short(value), message, fix, "error")


@dataclass(slots=True)
class _Things:
    """The things of one table that are taken, by the key that other tables use for them."""

    word: str
    table: str
    rows: dict[str, _Row] = field(default_factory=dict[str, _Row])
    ids: dict[str, str] = field(default_factory=dict[str, str])
    refused: set[str] = field(default_factory=set[str])

    def missing(self, row: _Row, column: str, key: str) -> Problem | None:
        """The problem of a cell that names something which this table does not hold."""
        if key in self.ids:
            return None
        rule = f"unknown-{self.word.replace(' ', '-')}"
        if key in self.refused:
            message = f"the row of {key!r} in {self.table} has a fault of its own"
            return row.problem(column, rule, message, f"Mend that row of {self.table} first.")
        return row.problem(
            column, rule, f"{self.table} has no {self.word} {key!r}", _nearest(key, self.ids, self.table)
        )


def read(tables: Mapping[str, Iterable[str]], version: str) -> Iterator[Record]:
    """Yield the nodes and then the edges of the core graph, and a Problem for every row that breaks a rule.

    `tables` has the lines of each file named in TABLES, `version` is the release that the evidence names.
    What is yielded beside an error is not the whole graph: load it only when there is none.
    """
    rows: dict[str, list[_Row]] = {}
    unread = False
    for name in tables:
        if name not in _COLUMNS:
            yield Problem(
                Place(name, 1), "unknown-table", name, "no such table", _nearest(name, TABLES, "TABLES"), "error"
            )
    for name in TABLES:
        rows[name] = []
        if name not in tables:
            message = "the table is missing"
            yield Problem(
                Place(name, 1), "missing-table", name, message, "Bring every table, if only a header.", "error"
            )
            unread = True
            continue
        for item in _rows(name, tables[name]):
            if isinstance(item, Problem):
                unread = unread or item.place.line == 1
                yield item
            else:
                rows[name].append(item)
    # Without one table every row that refers to it would be called wrong as well.
    if unread:
        return

    seen: dict[str, _Row] = {}
    codes = _Things("code", "icd10.csv")
    diseases = _Things("disease", "diseases.csv")
    symptoms = _Things("symptom", "symptoms.csv")
    classes = _Things("class", "drug_classes.csv")
    drugs = _Things("drug", "drugs.csv")
    effects = _Things("side effect", "side_effects.csv")

    levels = {row["code"]: row["level"] for row in rows["icd10.csv"]}
    class_ids = {row["id"] for row in rows["drug_classes.csv"]}
    kinds: tuple[tuple[_Things, str, Callable[[_Row], Node], Callable[[_Row], Problem | None]], ...] = (
        (codes, "code", _code_node, lambda row: _code_problem(row, levels)),
        (diseases, "name_en", _disease_node, lambda row: _disease_problem(row, codes)),
        (symptoms, "name_en", _plain_node("Symptom"), lambda row: None),
        (classes, "id", _plain_node("DrugClass"), lambda row: _class_problem(row, class_ids)),
        (drugs, "name_en", _drug_node, lambda row: _drug_problem(row, classes)),
        (effects, "name_en", _plain_node("SideEffect"), lambda row: None),
    )
    for things, key, build, rule in kinds:
        yield from _nodes(rows[things.table], things, key, build, rule, seen)

    for row in codes.rows.values():
        if row["parent"] in codes.ids:
            yield _edge("PART_OF", _code_id(row["code"]), _code_id(row["parent"]), row, version)
    for row in diseases.rows.values():
        for code in dict.fromkeys(row.values("icd10")):
            yield _edge("CODED_AS", row["id"], _code_id(code), row, version)
    for row in classes.rows.values():
        if row["parent"] in classes.ids:
            yield _edge("IN_CLASS", row["id"], row["parent"], row, version)
    for row in drugs.rows.values():
        yield _edge("IN_CLASS", row["id"], _class_of(row), row, version)

    has_symptoms: Counter[str] = Counter()
    relations = (
        ("disease_symptoms.csv", "HAS_SYMPTOM", "disease", diseases, "symptom", symptoms),
        ("disease_drugs.csv", "TREATS", "drug", drugs, "disease", diseases),
        ("contraindications.csv", "CONTRAINDICATED_FOR", "drug", drugs, "disease", diseases),
        ("drug_side_effects.csv", "CAUSES", "drug", drugs, "side_effect", effects),
        ("resembling.csv", "RESEMBLES", "disease", diseases, "other", diseases),
    )
    for name, kind, start, starts, end, ends in relations:
        for record in _relation(rows[name], kind, (start, starts), (end, ends), version):
            if kind == "HAS_SYMPTOM" and isinstance(record, Found) and isinstance(record.record, Edge):
                has_symptoms[record.record.start] += 1
            yield record
    for row in diseases.rows.values():
        count = has_symptoms[row["id"]]
        if count < MIN_SYMPTOMS:
            message = (
                f"{row['name_en']} has {count} symptoms in disease_symptoms.csv, at least {MIN_SYMPTOMS} are needed"
            )
            yield row.problem(
                "name_en", "too-few-symptoms", message, "Add the symptoms it is known by, each with a weight."
            )


def _rows(name: str, lines: Iterable[str]) -> Iterator[_Row | Problem]:
    """Yield the rows of a table; a wrong header refuses the whole table, an empty cell its row."""
    wanted = {column.rstrip("?"): not column.endswith("?") for column in _COLUMNS[name].split()}
    optional = {column.rstrip("?") for column in _COLUMNS[name].split() if column.endswith("??")}
    reader = csv.reader(lines, strict=True)
    try:
        # A spreadsheet may put a byte order mark before the first name.
        header = [cell.strip().lstrip("\ufeff") for cell in next(reader, [])]
        wrong = list(_header_problems(name, header, tuple(wanted), optional))
        yield from wrong
        if wrong:
            return
        line = reader.line_num + 1
        for cells in reader:
            first, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                message = f"the row has {len(cells)} cells, the header {len(header)}"
                fix = "Put a cell that holds a comma in double quotes."
                yield Problem(Place(name, first), "wrong-cell-count", _short(",".join(cells)), message, fix, "error")
                continue
            row = _Row(name, first, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
            empty = [column for column, needed in wanted.items() if needed and not row[column]]
            for column in empty:
                rule = "missing-russian-name" if column == "name_ru" else "empty-cell"
                yield row.problem(column, rule, f"{column} is empty", "Fill it in, or take the whole row out.")
            if not empty:
                yield row
    except csv.Error as error:
        fix = "Save the table as CSV: UTF-8, comma, double quotes."
        yield Problem(Place(name, reader.line_num), "not-csv", "", f"the row cannot be read: {error}", fix, "error")


def _header_problems(
    name: str, header: list[str], wanted: tuple[str, ...], optional: Collection[str]
) -> Iterator[Problem]:
    for column in wanted:
        if column not in header and column not in optional:
            message = f"column {column} is missing"
            fix = f"The header is {','.join(wanted)}."
            yield Problem(Place(name, 1, column), "missing-column", _short(",".join(header)), message, fix, "error")
    for column, count in Counter(header).items():
        if column not in wanted:
            message = f"column {column!r} is not known here"
            yield Problem(
                Place(name, 1, column), "unknown-column", column, message, _nearest(column, wanted, name), "error"
            )
        elif count > 1:
            message = f"column {column} stands there {count} times"
            yield Problem(Place(name, 1, column), "duplicate-column", column, message, "Keep one of them.", "error")


def _nodes(
    rows: list[_Row],
    things: _Things,
    key: str,
    build: Callable[[_Row], Node],
    rule: Callable[[_Row], Problem | None],
    seen: dict[str, _Row],
) -> Iterator[Record]:
    """Yield a node for each row and note it in `things`; `seen` holds the ids of all tables."""
    names: dict[tuple[str, str], _Row] = {}
    for row in rows:
        found = _node(row, build, rule, names, seen)
        if isinstance(found, Found):
            things.rows[row[key]] = row
            things.ids[row[key]] = found.record.id
        else:
            things.refused.add(row[key])
        yield found


def _node(
    row: _Row,
    build: Callable[[_Row], Node],
    rule: Callable[[_Row], Problem | None],
    names: dict[tuple[str, str], _Row],
    seen: dict[str, _Row],
) -> Record:
    problem = rule(row)
    if problem:
        return problem
    node = build(row)
    column = "code" if "code" in row.cells else "id"
    if node.id in seen:
        return _duplicate(row, column, "duplicate-id", node.id, seen[node.id])
    own = [(language, name, f"name_{language}") for language, name in node.names.items()]
    own += [(language, name, f"synonyms_{language}") for language, group in node.synonyms.items() for name in group]
    # Two rows under one name could not be told apart, neither in a question nor in a note.
    mine: set[tuple[str, str]] = set()
    for language, name, where in own:
        spelling = (language, name.casefold())
        if spelling in names or spelling in mine:
            return _duplicate(row, where, "duplicate-name", name, names.get(spelling, row))
        mine.add(spelling)
    try:
        checked = checked_node(node)
    except RecordRejected as error:
        return _refused(row, error)
    seen[node.id] = row
    names.update(dict.fromkeys(mine, row))
    return Found(checked, row.place())


def _relation(
    rows: list[_Row], kind: str, start: tuple[str, _Things], end: tuple[str, _Things], version: str
) -> Iterator[Record]:
    """Yield an edge for each row of a relation table; its other columns are the edge's properties."""
    seen: dict[str, _Row] = {}
    for row in rows:
        problems = [
            problem
            for column, things in (start, end)
            if (problem := things.missing(row, column, row[column])) is not None
        ]
        claims: dict[str, Any] = {}
        for column in row.cells:
            # What may be left empty claims nothing then; a cell that is needed is filled, or the row is not here.
            if column in (start[0], end[0]) or not row[column]:
                continue
            value, problem = _property(row, column, EDGE_BY_TYPE[kind].type)
            claims[column] = value
            problems += [problem] if problem else []
        if problems:
            yield from problems
            continue
        record = _edge(kind, start[1].ids[row[start[0]]], end[1].ids[row[end[0]]], row, version, claims)
        if isinstance(record, Found) and isinstance(record.record, Edge):
            if record.record.id in seen:
                record = _duplicate(row, start[0], "duplicate-row", row[start[0]], seen[record.record.id])
            else:
                seen[record.record.id] = row
        yield record


def _edge(
    kind: str, start: str, end: str, row: _Row, version: str, claims: Mapping[str, Any] = NOTHING
) -> Found | Problem:
    evidence = Evidence(
        source=SOURCE,
        version=version,
        licence=_LICENCE,
        # Without a line, so that moving a row changes no evidence.
        reference=f"kg/core/{row.file}",
        asserted_by="mkg authors, not clinically reviewed",
        claims=claims,
    )
    try:
        return Found(checked_edge(Edge(kind, start, end, (evidence,))), row.place())
    except RecordRejected as error:
        return _refused(row, error)


def _property(row: _Row, column: str, kind: str) -> tuple[Any, Problem | None]:
    """Return the value of a cell as the schema has it for this kind of node or edge, or the rule it breaks."""
    owner = EDGE_BY_TYPE.get(kind) or NODE_BY_LABEL[kind]
    known = property_of(owner, column)
    assert known is not None, f"{kind} has no property {column}"
    text = row[column]
    value: str | int | float = text
    if known.type in ("number", "integer"):
        try:
            value = int(text) if known.type == "integer" else float(text)
        except ValueError:
            what = "a whole number" if known.type == "integer" else "a number such as 0.35"
            return text, row.problem(
                column, f"bad-{column.replace('_', '-')}", f"{text!r} is not {what}", known.meaning
            )
    broken = known.problem(value)
    # A share of zero says that it does not occur; such a row belongs out of the table.
    if broken is None and known.type == "number" and value == 0:
        broken = "must be above 0"
    if broken:
        return value, row.problem(
            column, f"bad-{column.replace('_', '-')}", f"{column} is {text!r} but {broken}", known.meaning
        )
    return value, None


def _code_problem(row: _Row, levels: Mapping[str, str]) -> Problem | None:
    pattern = _ICD_CODE.get(row["level"])
    if pattern is None:
        return row.problem("level", "bad-level", f"{row['level']!r} is not a level", f"Levels: {', '.join(_ICD_CODE)}.")
    if not pattern.fullmatch(row["code"]):
        message = f"{row['code']!r} is not the code of a {row['level']}"
        return row.problem(
            "code", "bad-code", message, "A chapter is like X, a block like J20-J22, a category like J20."
        )
    wanted = _ICD_PARENT.get(row["level"])
    if wanted is None and row["parent"]:
        return row.problem("parent", "bad-parent", "a chapter lies in nothing", "Leave the cell empty.")
    if wanted is not None and row["parent"] not in levels:
        message = f"the parent {row['parent']!r} of {row['code']} is not in icd10.csv"
        return row.problem("parent", "missing-parent", message, f"Add its {wanted} as a row of its own.")
    if wanted is not None and levels[row["parent"]] != wanted:
        return row.problem(
            "parent", "bad-parent", f"{row['parent']} is not a {wanted}", f"Name the {wanted} it lies in."
        )
    return None


def _disease_problem(row: _Row, codes: _Things) -> Problem | None:
    for code in row.values("icd10"):
        problem = codes.missing(row, "icd10", code)
        if problem:
            return problem
        if codes.rows[code]["level"] != "category":
            return row.problem("icd10", "bad-icd10", f"{code} is not a category", "Name a category such as J20.")
    ages: dict[str, Any] = {}
    for column in ("sex", "age_min", "age_max", "prior"):
        if row[column]:
            ages[column], problem = _property(row, column, "Disease")
            if problem:
                return problem
    if ages.get("age_min", 0) > ages.get("age_max", ages.get("age_min", 0)):
        return row.problem(
            "age_min", "bad-age-min", "age_min is above age_max", "Give the youngest age first, in years."
        )
    return None


def _class_problem(row: _Row, ids: set[str]) -> Problem | None:
    if not _CLASS_ID.fullmatch(row["id"]):
        message = f"{row['id']!r} is not a class of ATC"
        return row.problem("id", "bad-class", message, "Write ATC: and a code of level 1 to 4, for instance ATC:R05CB.")
    code = row["id"].removeprefix("ATC:")
    length = _CLASS_PARENT_LENGTH.get(len(code))
    wanted = f"ATC:{code[:length]}" if length else ""
    if row["parent"] != wanted:
        message = f"the parent of {row['id']} is {wanted or 'nothing'}, not {row['parent'] or 'nothing'}"
        return row.problem("parent", "bad-parent", message, f"Write {wanted}." if wanted else "Leave the cell empty.")
    if wanted and wanted not in ids:
        message = f"the parent {wanted} of {row['id']} is not in drug_classes.csv"
        return row.problem("parent", "missing-parent", message, "Add it as a row of its own.")
    return None


def _drug_problem(row: _Row, classes: _Things) -> Problem | None:
    if not _ATC.fullmatch(row["atc"]):
        message = f"{row['atc']!r} is not an ATC code of level 5"
        return row.problem("atc", "bad-atc", message, "Write it as one letter, two digits, two letters, two digits.")
    wanted = _class_of(row)
    if wanted in classes.ids:
        return None
    message = f"the class {wanted} of {row['name_en']} is not among the rows taken from drug_classes.csv"
    return row.problem("atc", "unknown-class", message, f"Add {wanted} to drug_classes.csv, or mend the code.")


def _code_id(code: str) -> str:
    return f"ICD10:{code}"


def _class_of(row: _Row) -> str:
    return f"ATC:{row['atc'][:5]}"


def _code_node(row: _Row) -> Node:
    return Node("IcdCode", _code_id(row["code"]), _names(row), properties={"system": "ICD10", "level": row["level"]})


def _disease_node(row: _Row) -> Node:
    properties = {
        column: _property(row, column, "Disease")[0] for column in ("sex", "age_min", "age_max", "prior") if row[column]
    }
    return Node("Disease", row["id"], _names(row), _synonyms(row), properties)


def _drug_node(row: _Row) -> Node:
    return Node("Drug", row["id"], _names(row), _synonyms(row), {"atc": row["atc"]})


def _plain_node(label: str) -> Callable[[_Row], Node]:
    return lambda row: Node(label, row["id"], _names(row), _synonyms(row))


def _names(row: _Row) -> Mapping[str, str]:
    return {"en": row["name_en"], "ru": row["name_ru"]}


def _synonyms(row: _Row) -> Mapping[str, tuple[str, ...]]:
    found = {
        language: row.values(f"synonyms_{language}") for language in ("en", "ru") if f"synonyms_{language}" in row.cells
    }
    return {language: names for language, names in found.items() if names}


def _duplicate(row: _Row, column: str, rule: str, value: str, first: _Row) -> Problem:
    where = "twice in this row" if first is row else f"already in {first.file}, line {first.line}"
    message = f"{value!r} stands {where}"
    return Problem(
        row.place(column), rule, _short(value), message, "Keep one of the two, or make them differ.", "error"
    )


def _refused(row: _Row, error: RecordRejected) -> Problem:
    value = _short(",".join(row.cells.values()))
    return Problem(row.place(), "refused-by-schema", value, error.message, error.hint or "Mend the row.", "error")


def _nearest(word: str, known: Iterable[str], table: str) -> str:
    best = process.extractOne(word, list(known), score_cutoff=60)
    return f"Did you mean {best[0]}?" if best else f"Look for the right word in {table}, or add it there."


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"


def _plan(files: Files) -> Sequence[Part]:
    version = metadata.version("mkg")
    # By the name of the table, whatever the file is called, so that places and evidence stay the same.
    tables = {name: text for name in TABLES for text in files[name]}
    return (Part(SOURCE, version, _LICENCE, partial(read, tables, version)),)


def _recognises(name: str) -> Callable[[Head], bool]:
    wanted = {column.rstrip("?"): column.endswith("??") for column in _COLUMNS[name].split()}
    needed = {column for column, optional in wanted.items() if not optional}

    def recognises(head: Head) -> bool:
        return head.name == name and needed <= set(head.columns(",")) <= set(wanted)

    return recognises


FORMAT: Final = Format(
    "core",
    "the core graph that ships with the project",
    "Apache-2.0; ours, not clinically reviewed.",
    tuple(Slot(name, f"{name} of the core graph", _recognises(name)) for name in TABLES),
    _plan,
)
