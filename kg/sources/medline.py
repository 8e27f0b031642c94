"""What is written about together in MEDLINE: diseases with diseases, and diseases with symptoms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import DOID, MESH, Cells, each, told_rows
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_columns, with_header
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.sources.scaled import largest, relative
from kg.values import Edge, Node, Same

_DISEASES: Final = ("doid_code_0", "doid_name_0", "doid_code_1", "doid_name_1", "enrichment", "p_fisher")
_SYMPTOMS: Final = ("doid_code", "doid_name", "mesh_id", "mesh_name", "enrichment", "p_fisher")
_MESH: Final = ("doid_code", "doid_name", "mesh_id", "mesh_name")
# The level below which Hetionet takes a co-occurrence for more than chance.
MAX_P: Final = 0.005

_ORIGIN: Final = Origin("medline", "undated", "CC0-1.0", "MEDLINE topics, counted by dhimmel/medline")


def read(text: Text) -> Iterator[Record]:
    """Yield diseases, and RESEMBLES for pairs that are written about together more than chance has it (p < 0.005).

    The raw strength of a pair is ln(enrichment), enrichment being the articles about both over those that chance
    would give. A disease's strongest pair is its measure, and as an edge has two diseases the score is the geometric
    mean of both shares: s(a, b) = sqrt(r(a, b) / max r(a, .) * r(a, b) / max r(b, .)). Both directions of a pair are
    in the file and give one edge. `text` is gone through twice. What is told together is not always alike.
    """
    most = largest(_strengths(text, _DISEASES, ("doid_code_0", "doid_code_1")))
    left_out = LeftOut()
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        ends = (row.id("doid_code_0", DOID), row.id("doid_code_1", DOID))
        strength = _strength(row, Cells.number)
        for end, column in zip(ends, ("doid_name_0", "doid_name_1"), strict=True):
            yield from row.once(seen, "Disease", end, column)
        if strength is None:
            left_out.add(row.place("p_fisher"), "chance", row["p_fisher"], _CHANCE)
            return
        pair = " ".join(sorted(ends))
        if pair in seen:
            return
        seen.add(pair)
        shares = [relative(strength, most.get(end, 0.0)) for end in ends]
        evidence = _ORIGIN.evidence("medline disease-disease", {"score": round(math.sqrt(shares[0] * shares[1]), 6)})
        yield row.record(Edge("RESEMBLES", *ends, (evidence,)))

    yield from each(text, "\t", _DISEASES, of)
    yield from left_out.told()


def read_symptoms(text: Text) -> Iterator[Record]:
    """Yield diseases, symptoms and HAS_SYMPTOM for pairs beyond chance; `text` is gone through twice.

    The weight is ln(enrichment), relative to the disease's strongest symptom.
    """
    most = largest(_strengths(text, _SYMPTOMS, ("doid_code",)))
    left_out = LeftOut()
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease, symptom = row.id("doid_code", DOID), row.id("mesh_id", MESH)
        strength = _strength(row, Cells.number)
        yield from row.once(seen, "Disease", disease, "doid_name")
        yield from row.once(seen, "Symptom", symptom, "mesh_name")
        if strength is None:
            left_out.add(row.place("p_fisher"), "chance", row["p_fisher"], _CHANCE)
            return
        weight = relative(strength, most.get(disease, 0.0))
        evidence = _ORIGIN.evidence("medline disease-symptom", {"weight": weight})
        yield row.record(Edge("HAS_SYMPTOM", disease, symptom, (evidence,)))

    yield from each(text, "\t", _SYMPTOMS, of)
    yield from left_out.told()


def read_mesh(text: Text) -> Iterator[Record]:
    """Yield the diseases, and which MeSH heading each is."""

    def of(row: Cells) -> Iterator[Record]:
        disease, heading = row.id("doid_code", DOID), row.id("mesh_id", MESH)
        yield row.record(Node("Disease", disease, {"en": row.filled("doid_name")}, xrefs=(heading,)))
        # A few diseases have two headings, so it counts as a cross-reference only.
        yield row.record(Same("Disease", disease, heading, "xref"), "mesh_id")

    yield from each(text, "\t", _MESH, of)


def _strength(row: Cells, number: Callable[[Cells, str], float]) -> float | None:
    """Return ln(enrichment) of a pair beyond chance, else None."""
    p, enrichment = number(row, "p_fisher"), number(row, "enrichment")
    return math.log(enrichment) if p < MAX_P and enrichment > 1 else None


def _strengths(text: Text, columns: Sequence[str], ends: Sequence[str]) -> Iterator[tuple[str, float]]:
    for row in told_rows(text, "\t", columns):
        strength = _strength(row, lambda cells, column: cells.number_or(column, 1.0))
        if strength is not None:
            for end in ends:
                yield row[end], strength


_CHANCE: Final = f"two things are not told together more often than chance has it (p < {MAX_P})"


def _records(files: Files) -> Iterator[Record]:
    for text in files["mesh"]:
        yield from read_mesh(text)
    for text in files["diseases"]:
        yield from read(text)
    for text in files["symptoms"]:
        yield from read_symptoms(text)


def _plan(files: Files) -> Sequence[Part]:
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "medline",
    "MEDLINE co-occurrence of diseases and of symptoms",
    "CC0-1.0.",
    (
        Slot("diseases", "disease-disease-cooccurrence.tsv", with_columns("\t", *_DISEASES), required=False),
        Slot("symptoms", "disease-symptom-cooccurrence.tsv", with_columns("\t", *_SYMPTOMS), required=False),
        Slot(
            "mesh",
            "DO-slim-to-mesh.tsv, `doid_code doid_name mesh_id mesh_name`",
            with_header("\t", *_MESH),
            required=False,
        ),
    ),
    _plan,
)
