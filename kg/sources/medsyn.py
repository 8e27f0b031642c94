"""What users of MedSyn have: its tables of WikiMed, its symptoms by ICD-10 code, and HSDN with TF-IDF."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, cast

from kg.sources.cells import DOID, MESH, Cells, each, short, told_rows
from kg.sources.checked import checked, fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.heads import with_columns
from kg.sources.icd_codes import code_node
from kg.sources.icd_tree import MAX_SYNONYM, usual_code
from kg.sources.ids import by_code, by_name
from kg.sources.language import language_of
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Place, Record
from kg.sources.scaled import largest, relative
from kg.values import Edge, Node, Same

_DISEASES: Final = ("МКБ-10", "Рубрика", "Действующие вещества")
_MEDS: Final = ("Название", "Фармакологическая группа", "Торговые наименования", "МКБ-10")
_HSDN: Final = ("symptom_name", "disease_name", "tfidf_score", "disease_id", "symptom_id", "doid_code", "doid_name")
# Prose, which no edge can be read from without a language model; told once for each file.
_PROSE: Final = frozenset(
    (
        *("Определение и общие сведения", "Этиология и патогенез", "Клинические проявления", "Диагностика"),
        *("Дифференциальный диагноз", "Лечение", "Профилактика"),
        *("Противопоказания", "Побочные действия", "Взаимодействие"),
    )
)
_SEVERAL: Final = re.compile(r"\s*[\n;,]\s*")
_LINES: Final = re.compile(r"\s*[\n;]\s*")
_CODES: Final = re.compile(r"[\s,;]+")
_SYMPTOMS_HEAD: Final = re.compile(r'\s*\{\s*"[A-Z]\d\d(?:\.\d{1,2})?"\s*:\s*\[\s*(?:"|\])')
# MedSyn's own file has some hundred codes; JSON is held in memory as a whole.
_MAX_JSON: Final = 20_000_000
_TRADE_NAMES: Final = 5

_ORIGIN: Final = Origin("medsyn", "undated", "not told", "MedSyn, from WikiMed")
_HSDN_ORIGIN: Final = Origin("hsdn", "undated", "all rights reserved", "Human Symptoms-Disease Network")


def read_diseases(text: Text) -> Iterator[Record]:
    """Yield diseases told by code with their Russian names, CODED_AS, drugs told by name and TREATS."""
    left_out = LeftOut()
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        codes = _codes_in(row)
        name = row.filled("Рубрика")
        _prose(row, left_out)
        for code in codes:
            disease = by_code("ICD10", code)
            if disease not in seen:
                seen.add(disease)
                yield row.record(Node("Disease", disease, {language_of(name): name}), "Рубрика")
                yield row.record(code_node(f"ICD10:{code}"), "МКБ-10")
                evidence = _ORIGIN.evidence("medsyn wikimed_diseases")
                yield row.record(Edge("CODED_AS", disease, f"ICD10:{code}", (evidence,)), "МКБ-10")
        for substance in _parts(row["Действующие вещества"]):
            yield from _treats(row, substance, codes, "medsyn wikimed_diseases", seen)

    yield from each(text, ",", _DISEASES, of)
    yield from left_out.told()


def read_meds(text: Text) -> Iterator[Record]:
    """Yield drugs told by name, with a few trade names as synonyms, their groups, IN_CLASS and TREATS by code."""
    left_out = LeftOut()
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        name = row.filled("Название")
        codes = _codes_in(row) if row["МКБ-10"] else ()
        _prose(row, left_out)
        drug = by_name("Drug", name)
        trade = [word for word in _parts(row["Торговые наименования"]) if len(word) <= MAX_SYNONYM]
        own = tuple(word for word in trade if word.casefold() != name.casefold())[:_TRADE_NAMES]
        seen.add(drug)
        yield row.record(Node("Drug", drug, {language_of(name): name}, {"ru": own} if own else {}), "Название")
        for group in _LINES.split(row["Фармакологическая группа"]):
            if not group:
                continue
            group_id = by_name("DrugClass", group)
            if group_id not in seen:
                seen.add(group_id)
                yield row.record(Node("DrugClass", group_id, {language_of(group): group}))
            evidence = _ORIGIN.evidence("medsyn wikimed_meds")
            yield row.record(Edge("IN_CLASS", drug, group_id, (evidence,)), "Фармакологическая группа")
        yield from _treats(row, name, codes, "medsyn wikimed_meds", seen)

    yield from each(text, ",", _MEDS, of)
    yield from left_out.told()


def read_hsdn(text: Text) -> Iterator[Record]:
    """Yield diseases by DOID, symptoms and HAS_SYMPTOM; `text` is gone through twice.

    The weight is TF-IDF relative to the disease's largest: TF-IDF itself compares within one disease only.
    """
    most = largest((row["doid_code"], row.number_or("tfidf_score", 0.0)) for row in told_rows(text, "\t", _HSDN))
    seen: set[str] = set()

    def of(row: Cells) -> Iterator[Record]:
        disease, name = row.id("doid_code", DOID), row.filled("symptom_name")
        weight = relative(row.number("tfidf_score"), most.get(disease, 0.0))
        known = MESH.pattern.fullmatch(row["symptom_id"])
        symptom = MESH.prefix + row["symptom_id"] if known else by_name("Symptom", name)
        yield from row.once(seen, "Disease", disease, "doid_name")
        if MESH.pattern.fullmatch(row["disease_id"]):
            link = Same("Disease", disease, MESH.prefix + row["disease_id"], "xref")
            if link.id not in seen:
                seen.add(link.id)
                yield row.record(link, "disease_id")
        yield from row.once(seen, "Symptom", symptom, "symptom_name")
        evidence = _HSDN_ORIGIN.evidence("hsdn tf-idf", {"weight": weight})
        yield row.record(Edge("HAS_SYMPTOM", disease, symptom, (evidence,)))

    yield from each(text, "\t", _HSDN, of)


def read_symptoms(text: Text) -> Iterator[Record]:
    """Yield symptoms told by name and HAS_SYMPTOM of the diseases told by code; the file has no weights.

    JSON has no lines to point at: the place is the code and the number of the symptom, such as `J20[3]`.
    """
    loaded = _json(text)
    if not isinstance(loaded, list):
        yield loaded
        return
    evidence = _ORIGIN.evidence("medsyn symptoms")
    seen: set[str] = set()
    for key, symptoms in loaded:
        place = Place(text.name, 1, short(key))
        code = usual_code("ICD10", key)
        if code is None:
            yield fault(place, "icd-form", key, f"{short(key)!r} is not a code of ICD-10", "Write it like J20.")
            continue
        if not isinstance(symptoms, list):
            yield fault(
                place, "json-form", str(symptoms), f"{short(key)} has no list of symptoms", "Write a list of names."
            )
            continue
        for number, name in enumerate(cast("list[Any]", symptoms), start=1):
            at = Place(text.name, 1, f"{code}[{number}]")
            if not isinstance(name, str) or not name.strip():
                yield fault(at, "empty-name", str(name), "the symptom has no name", "Write a name in quotes.")
                continue
            symptom = by_name("Symptom", name)
            if symptom not in seen:
                seen.add(symptom)
                yield checked(Node("Symptom", symptom, {language_of(name): " ".join(name.split())}), at)
            edge = Edge("HAS_SYMPTOM", by_code("ICD10", code), symptom, (evidence,))
            if edge.id not in seen:
                seen.add(edge.id)
                yield checked(edge, at)


def _json(text: Text) -> list[tuple[str, Any]] | Record:
    pieces: list[str] = []
    size = 0
    for piece in text.pieces():
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_JSON:
            why = f"the file has more than {_MAX_JSON:,} characters"
            return fault(Place(text.name, 1), "json-too-large", "", why, "Cut it into several files.")
    try:
        # As pairs, so that a code that stands twice is not lost.
        found: object = json.loads("".join(pieces), object_pairs_hook=list)
    except json.JSONDecodeError as error:
        why = f"the JSON is damaged: {error.msg}"
        return fault(Place(text.name, error.lineno), "json-form", "", why, "Get the file again.")
    except (RecursionError, ValueError):
        why = "the JSON is damaged: it nests too deep, or has a number beyond measure"
        return fault(Place(text.name, 1), "json-form", "", why, "Get the file again.")
    if not isinstance(found, list) or not all(isinstance(item, tuple) for item in cast("list[object]", found)):
        why = "the file is not `{code: [symptom, ...]}`"
        return fault(Place(text.name, 1), "json-form", "", why, "Write an object of lists.")
    return cast("list[tuple[str, Any]]", found)


def _codes_in(row: Cells) -> tuple[str, ...]:
    """Return the codes of a cell; raise RowRefusedError when one of them is none."""
    found: dict[str, None] = {}
    for told in _CODES.split(row.filled("МКБ-10")):
        code = usual_code("ICD10", told)
        if told and code is None:
            raise row.refused("МКБ-10", "icd-form", f"{told!r} is not a code of ICD-10", "Write it like J20 or J20.9.")
        if code:
            found[code] = None
    return tuple(found)


def _treats(row: Cells, name: str, codes: Sequence[str], reference: str, seen: set[str]) -> Iterator[Record]:
    drug = by_name("Drug", name)
    if drug not in seen:
        seen.add(drug)
        yield row.record(Node("Drug", drug, {language_of(name): name}))
    for code in codes:
        evidence = _ORIGIN.evidence(reference, {"purpose": "unknown"})
        edge = Edge("TREATS", drug, by_code("ICD10", code), (evidence,))
        if edge.id not in seen:
            seen.add(edge.id)
            yield row.record(edge)


def _parts(cell: str) -> list[str]:
    """Return the values of a cell, which stand in lines of their own or, in one line, behind commas."""
    by = _LINES if "\n" in cell else _SEVERAL
    return list(dict.fromkeys(part for part in by.split(cell.strip()) if part))


def _prose(row: Cells, left_out: LeftOut) -> None:
    for column in row.by_column:
        if column in _PROSE and row[column]:
            left_out.add(row.place(column), "prose", row[column], "columns of prose are not read")
            return


def _records(files: Files) -> Iterator[Record]:
    for text in files["diseases"]:
        yield from read_diseases(text)
    for text in files["meds"]:
        yield from read_meds(text)
    for text in files["symptoms"]:
        yield from read_symptoms(text)


def _hsdn(files: Files) -> Iterator[Record]:
    for text in files["hsdn"]:
        yield from read_hsdn(text)


def _plan(files: Files) -> Sequence[Part]:
    parts: list[Part] = []
    if any(files[slot] for slot in ("diseases", "meds", "symptoms")):
        parts.append(_ORIGIN.part(partial(_records, files)))
    if files["hsdn"]:
        parts.append(_HSDN_ORIGIN.part(partial(_hsdn, files)))
    return parts


def _is_symptoms(head: Head) -> bool:
    return head.name.endswith(".json") and _SYMPTOMS_HEAD.match(head.text) is not None


FORMAT: Final = Format(
    "medsyn",
    "MedSyn: WikiMed tables, symptoms by code, HSDN",
    "None stated by MedSyn; HSDN: all rights reserved. For your own use.",
    (
        Slot("diseases", "wikimed_diseases.csv", with_columns(",", *_DISEASES), required=False),
        Slot("meds", "wikimed_meds.csv", with_columns(",", *_MEDS), required=False),
        Slot("symptoms", "JSON `{code: [symptom, ...]}`", _is_symptoms, many=True, required=False),
        Slot("hsdn", "HSDN with TF-IDF, `symptom_name disease_name ...`", with_columns("\t", *_HSDN), required=False),
    ),
    _plan,
)
