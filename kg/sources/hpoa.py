"""Annotations of diseases with signs by the Human Phenotype Ontology (`phenotype.hpoa`)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from kg.errors import RecordRejected
from kg.sources.cells import RowRefusedError
from kg.sources.checked import checked, fault, not_held
from kg.sources.curies import usual_curie
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.hpo_frequency import weight_of
from kg.sources.left_out import columns_not_read
from kg.sources.records import Found, Place, Problem, Record
from kg.values import NOTHING, Edge, Evidence, Node

SOURCE: Final = "hpo-annotations"
LICENCE: Final = "HPO licence"
LICENCE_OMIM: Final = "HPO licence; from OMIM, whose consent reuse in other products needs"
COLUMNS: Final = (
    *("database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence"),
    *("onset", "frequency", "sex", "modifier", "aspect", "biocuration"),
)
_READ: Final = (*COLUMNS[:6], "frequency", "aspect")
_DATABASES: Final = ("OMIM:", "ORPHA:", "DECIPHER:")
# What the other aspects tell of: the course, the inheritance, the history and the modifiers of a disease.
_ASPECTS: Final = {"C": "clinical course", "H": "past medical history", "I": "inheritance", "M": "clinical modifier"}
_EVIDENCE: Final = ("IEA", "PCS", "TAS")
_VERSION: Final = re.compile(r"#\s*(?:version|date):\s*(\d{4}-\d{2}-\d{2})")
_HEAD_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Why a cell is refused, for the rows that have the same text in it."""

    column: str
    rule: str
    value: str
    message: str
    fix: str

    def at(self, file: str, line: int) -> Problem:
        return fault(Place(file, line, self.column), self.rule, self.value, self.message, self.fix)


class _Reader:
    """Reads one file. The same ids and the same evidence stand in row after row, so each is looked at once."""

    def __init__(self, file: str, version: str) -> None:
        self._file = file
        self._version = version
        self._diseases: dict[str, str | _Wrong] = {}
        self._signs: dict[str, str | _Wrong] = {}
        self._evidence: dict[tuple[str, ...], tuple[Evidence] | _Wrong] = {}
        self._told: set[tuple[str, str]] = set()

    def row(self, line: int, cells: Sequence[str]) -> Iterator[Record]:
        """Yield the edge of a row, and the disease's node when this name of it is new."""
        file = self._file
        database, name, qualifier, sign, reference, code, _, frequency, _, _, aspect, _ = cells
        if aspect != "P":
            raise RowRefusedError(self._other_aspect(line, aspect))
        disease_id = self._diseases.get(database) or self._disease(database)
        sign_id = self._signs.get(sign) or self._sign(sign)
        key = (reference, code, frequency, qualifier)
        evidence = self._evidence.get(key)
        fresh = evidence is None
        if evidence is None:
            evidence = self._evidence[key] = self._new_evidence(*key)
        # Spelled out, since a loop over the three costs as much as the rest of the row.
        if isinstance(disease_id, _Wrong):
            raise RowRefusedError(disease_id.at(file, line))
        if isinstance(sign_id, _Wrong):
            raise RowRefusedError(sign_id.at(file, line))
        if isinstance(evidence, _Wrong):
            raise RowRefusedError(evidence.at(file, line))
        if (database, name) not in self._told:
            self._told.add((database, name))
            yield checked(Node("Disease", disease_id, {"en": name}), Place(file, line, "disease_name"))
        edge = Edge("HAS_SYMPTOM", disease_id, sign_id, evidence)
        place = Place(file, line)
        if not fresh:
            yield Found(edge, place)
            return
        found = checked(edge, place)
        if isinstance(found, Problem):
            self._evidence[key] = _Wrong("reference", found.rule, reference, found.message, found.fix)
        yield found

    def _disease(self, text: str) -> str | _Wrong:
        fix = f"Ids of diseases begin with one of: {', '.join(_DATABASES)}."
        made = self._id("database_id", text, _DATABASES, fix)
        self._diseases[text] = made
        return made

    def _sign(self, text: str) -> str | _Wrong:
        made = self._id("hpo_id", text, ("HP:",), "Write it as HP:0002094.")
        self._signs[text] = made
        return made

    def _id(self, column: str, text: str, prefixes: tuple[str, ...], fix: str) -> str | _Wrong:
        if not text.startswith(prefixes):
            return _Wrong(column, "id-form", text, f"{text[:80]!r} is not an id that stands here", fix)
        try:
            return usual_curie(text)
        except RecordRejected as error:
            return _Wrong(column, "id-form", text, error.message, fix)

    def _new_evidence(self, reference: str, code: str, frequency: str, qualifier: str) -> tuple[Evidence] | _Wrong:
        if code not in _EVIDENCE:
            why = f"{code[:80]!r} is not a code of evidence"
            return _Wrong("evidence", "evidence-unknown", code, why, f"Write one of: {', '.join(_EVIDENCE)}.")
        if qualifier not in ("", "NOT"):
            why = f"{qualifier[:80]!r} is not a qualifier"
            return _Wrong("qualifier", "qualifier-unknown", qualifier, why, "Write NOT, or nothing.")
        weight = weight_of(frequency) if frequency else None
        if frequency and weight is None:
            why = f"{frequency[:80]!r} is not a frequency"
            return _Wrong(
                "frequency", "frequency-form", frequency, why, "Write 7/12, 45% or a term such as HP:0040281."
            )
        against = qualifier == "NOT" or weight == 0.0
        return (
            Evidence(
                source=SOURCE,
                version=self._version,
                licence=LICENCE_OMIM if code == "IEA" else LICENCE,
                reference=reference,
                asserted_by=f"HPO {code}",
                snippet=f"frequency {frequency}" if frequency else None,
                direction="against" if against else "for",
                claims=NOTHING if against or weight is None else {"weight": weight},
            ),
        )

    def _other_aspect(self, line: int, aspect: str) -> Problem:
        place = Place(self._file, line, "aspect")
        if aspect in _ASPECTS:
            why = f"the row tells of the {_ASPECTS[aspect]} of a disease, not of a sign"
            return not_held(place, "aspect-not-held", aspect, why, "Held is the aspect P.")
        fix = f"Write P or one of: {', '.join(_ASPECTS)}."
        return fault(place, "aspect-unknown", aspect, f"{aspect[:80]!r} is not an aspect", fix)


def read(text: Text, version: str) -> Iterator[Record]:
    """Yield an edge for every row about a sign, and each disease when it is first named."""
    reader = _Reader(text.name, version)
    headed = False
    for number, line in enumerate(text, start=1):
        if line.startswith("#") or line.isspace():
            continue
        try:
            cells = _cells(line)
        except csv.Error:
            fix = 'Close the quote, or double a quote mark: "".'
            yield fault(Place(text.name, number), "quoting", '"', "a quote opens in the line and never closes", fix)
            continue
        if not headed:
            headed = True
            if tuple(cells) != COLUMNS:
                yield _header_problem(text.name, number, cells)
                return
            yield from columns_not_read(text.name, number, COLUMNS, _READ)
            continue
        if len(cells) != len(COLUMNS):
            why = f"the row has {len(cells)} cells and the header {len(COLUMNS)}"
            yield fault(
                Place(text.name, number), "row-width", str(len(cells)), why, "Leave a cell empty rather than out."
            )
            continue
        try:
            yield from reader.row(number, cells)
        except RowRefusedError as refusal:
            yield refusal.problem
    if not headed:
        yield fault(Place(text.name, 1), "empty-file", "", "the file has no header", "Get the file again.")


def _cells(line: str) -> list[str]:
    if '"' not in line:
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in next(csv.reader([line], delimiter="\t", strict=True))]


def _header_problem(file: str, line: int, cells: Sequence[str]) -> Problem:
    wrong = next((name for name, cell in zip(COLUMNS, cells, strict=False) if name != cell), COLUMNS[-1])
    fix = f"The columns are: {', '.join(COLUMNS)}."
    return fault(Place(file, line, wrong), "missing-column", wrong, f"the column {wrong!r} is not in its place", fix)


def _version_of(text: Text) -> str:
    told = (_VERSION.match(line) for line in islice(text, _HEAD_LINES))
    return next((found[1] for found in told if found), "undated")


def _recognises(head: Head) -> bool:
    lines = (line for line in head.text.splitlines() if not line.startswith("#"))
    return next(lines, "").split("\t")[:4] == list(COLUMNS[:4])


def _plan(files: Files) -> Sequence[Part]:
    parts: list[Part] = []
    for text in files["annotations"]:
        version = _version_of(text)
        parts.append(Part(SOURCE, version, LICENCE, partial(read, text, version)))
    return parts


FORMAT: Final = Format(
    name="hpoa",
    title="signs of diseases with frequencies, by the Human Phenotype Ontology (names of signs: hp.obo)",
    licence="HPO licence: cite, keep the version, do not alter; rows with evidence IEA come from OMIM.",
    slots=(Slot("annotations", "the annotations (phenotype.hpoa)", _recognises),),
    plan=_plan,
)
