"""Russian symptoms by ICD-10 code, counted in the training notes of RuMedBench."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from kg.sources.cells import Cells, each, told_rows
from kg.sources.format import Files, Format, Part, Slot, Text
from kg.sources.heads import with_header
from kg.sources.icd_codes import code_node
from kg.sources.icd_tree import usual_code
from kg.sources.ids import by_code, by_name
from kg.sources.origin import Origin
from kg.sources.records import Record
from kg.sources.scaled import largest, relative
from kg.values import Edge, Node

_COUNTS: Final = ("icd10", "symptom_ru", "n_events", "n_code_events", "n_symptom_events", "p_symptom_given_code")
_NAMES: Final = ("icd10", "name_ru", "n_train")

_ORIGIN: Final = Origin("rumedbench", "1", "CC BY-NC 4.0", "RuMedBench, counted in its training notes")


def read(text: Text) -> Iterator[Record]:
    """Yield Russian symptoms and HAS_SYMPTOM; diseases are told by their code. `text` is gone through twice.

    The weight is the share of the code's notes with the symptom, relative to the code's most frequent symptom.
    """
    most = largest(_shares(text))
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease = disease_id(row)
        name = row.filled("symptom_ru")
        symptom = by_name("Symptom", name)
        weight = relative(row.number("p_symptom_given_code"), most.get(disease, 0.0))
        if symptom not in seen:
            seen.add(symptom)
            yield row.record(Node("Symptom", symptom, {"ru": name}), "symptom_ru")
        evidence = _ORIGIN.evidence("rumedbench icd10_symptom_ru_counts", {"weight": weight})
        yield row.record(Edge("HAS_SYMPTOM", disease, symptom, (evidence,)))

    yield from each(text, "\t", _COUNTS, of, quoted=False)


def read_names(text: Text) -> Iterator[Record]:
    """Yield the diseases of the codes with their Russian names, and CODED_AS."""
    evidence = _ORIGIN.evidence("rumedbench top3_train_codes")

    def of(row: Cells) -> Iterator[Record]:
        disease = disease_id(row)
        curie = f"ICD10:{disease.partition(':')[2]}"
        yield row.record(Node("Disease", disease, {"ru": row.filled("name_ru")}), "name_ru")
        yield row.record(code_node(curie))
        yield row.record(Edge("CODED_AS", disease, curie, (evidence,)))

    yield from each(text, "\t", _NAMES, of)


def disease_id(row: Cells) -> str:
    """Return the id of the disease that the row's code tells; raise RowRefusedError when it is no code."""
    code = usual_code("ICD10", row["icd10"])
    if code is None:
        raise row.refused("icd10", "icd-form", f"{row['icd10']!r} is not a code of ICD-10", "Write it like J20.")
    return by_code("ICD10", code)


def _shares(text: Text) -> Iterator[tuple[str, float]]:
    for row in told_rows(text, "\t", _COUNTS, quoted=False):
        code = usual_code("ICD10", row["icd10"])
        share = row.number_or("p_symptom_given_code", 0.0)
        if code:
            yield by_code("ICD10", code), share


def _records(files: Files) -> Iterator[Record]:
    for text in files["names"]:
        yield from read_names(text)
    for text in files["counts"]:
        yield from read(text)


def _plan(files: Files) -> Sequence[Part]:
    return (_ORIGIN.part(partial(_records, files)),)


FORMAT: Final = Format(
    "rumed",
    "RuMedBench: Russian symptoms by ICD-10 code",
    "CC BY-NC 4.0 (NonCommercial): for tests and evaluation only, never shipped.",
    (
        Slot("counts", "icd10_symptom_ru_counts.tsv", with_header("\t", *_COUNTS)),
        Slot("names", "top3_train_codes.tsv, `icd10 name_ru n_train`", with_header("\t", *_NAMES), required=False),
    ),
    _plan,
)
