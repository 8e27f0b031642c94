"""The English example notes are what their labels say: every name told, nothing else named, nothing copied."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from functools import cache
from importlib import resources
from typing import Any

import pytest
import yaml

from generator.checking.check import check
from generator.facts import Fact
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import words_of
from generator.patient import Patient

LANGUAGE = "en"
LEAST = {"outpatient": 60, "emergency": 35, "follow-up": 35, "discharge": 35}
LENGTHS = {"short": (25, 60), "long": (80, 180)}
STYLES = {"plain", "telegraphic", "narrative", "structured"}
KEYS = {"id", "code", "kind", "length", "style", "patient", "names", "text"}
TABLES = {"Disease": "diseases", "Symptom": "symptoms", "Drug": "drugs", "SideEffect": "side_effects"}
KINDS = {"diagnosis", "symptom", "drug", "side_effect", "absent_symptom", "resembling", "history"}
LONGEST_COPY = 7
WIDEST_LINE = 120

# An amount that is given and not measured: "500 mg", "0.05 to 0.2 mg" and "1% cream", but not "48 mg/l" or "78 %".
_AMOUNT = re.compile(
    r"\d[\d.,/]*(?:(?: to |-)[\d.,]+)? ?"
    r"(?:(?:mg|mcg|micrograms|g|ml|units|IU)(?![\w/])|% (?=cream|ointment|gel|lotion|solution|drops|spray|paste))"
)
_YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    text = (resources.files("kg") / "core" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def raw(kind: str) -> str:
    return (resources.files("generator") / "examples" / "notes" / LANGUAGE / f"{kind}.yaml").read_text(encoding="utf-8")


@cache
def notes() -> tuple[dict[str, Any], ...]:
    return tuple(item for kind in LEAST for item in yaml.safe_load(raw(kind)) or ())


def every_note() -> Any:
    return pytest.mark.parametrize("note", notes(), ids=lambda note: note["id"])


@cache
def terms(kind: str) -> dict[str, Term]:
    """The things of one kind by their English name."""
    found: dict[str, Term] = {}
    for row in table(TABLES[kind]):
        names = [row["name_en"], row["name_ru"]]
        for column in ("synonyms_en", "synonyms_ru"):
            names += filter(None, (row.get(column) or "").split(";"))
        found[row["name_en"]] = Term(row["id"], kind, tuple(names))
    return found


@cache
def vocabulary() -> Vocabulary:
    classes = (Term(row["id"], "DrugClass", (row["name_en"], row["name_ru"])) for row in table("drug_classes"))
    return Vocabulary((*(term for kind in TABLES for term in terms(kind).values()), *classes))


def disease_of(note: dict[str, Any]) -> dict[str, str]:
    (told,) = note["names"]["diagnosis"]
    name = told.removesuffix(f" ({note['code']})")
    assert name != told, f"{told} does not end with the note's code"
    return next(row for row in table("diseases") if row["name_en"] == name)


def term_of(kind: str, name: str) -> Term:
    if kind in {"diagnosis", "resembling"}:
        return terms("Disease")[re.sub(r" \([A-Z]\d\d\)$", "", name)]
    if kind == "history":
        return next(terms(table)[name] for table in TABLES if name in terms(table))
    return terms({"drug": "Drug", "side_effect": "SideEffect"}.get(kind, "Symptom"))[name]


def facts_of(note: dict[str, Any]) -> list[Fact]:
    """Return what the text has to tell; a hidden diagnosis is not among it."""
    return [
        Fact(f"{kind}: {name}", kind, name, name, None, (term_of(kind, name),))
        for kind, names in note["names"].items()
        for name in names
        if not (kind == "diagnosis" and note.get("hidden"))
    ]


def related(name: str, start: str, end: str, of: str) -> set[str]:
    return {row[end] for row in table(name) if row[start] == of}


def length_of(note: dict[str, Any]) -> int:
    return len(note["text"].split())


@pytest.mark.parametrize("kind", LEAST)
def test_each_kind_has_its_share_of_lengths_and_styles(kind: str) -> None:
    mine = [note for note in notes() if note["kind"] == kind]
    lengths = Counter(note["length"] for note in mine)
    styles = Counter(note["style"] for note in mine)
    assert len(mine) >= LEAST[kind]
    assert min(lengths["short"], lengths["long"]) >= 0.45 * len(mine)
    assert set(styles) == STYLES
    assert min(styles.values()) >= 0.1 * len(mine)
    assert all(note["id"].startswith(f"{LANGUAGE}-{kind}-") for note in mine)


def test_the_notes_are_spread_over_codes_ages_and_sexes() -> None:
    ages = [note["patient"]["age"] for note in notes()]
    sexes = Counter(note["patient"]["sex"] for note in notes())
    hidden = sum(bool(note.get("hidden")) for note in notes())
    assert len({note["id"] for note in notes()}) == len(notes())
    assert len({note["code"] for note in notes()}) >= 100
    assert (min(ages), max(ages)) == (0, 95)
    assert set(sexes) == {"female", "male"}
    assert min(sexes.values()) >= 0.4 * len(notes())
    assert 0.28 <= hidden / len(notes()) <= 0.39


@pytest.mark.parametrize("kind", LEAST)
def test_the_file_is_tidy(kind: str) -> None:
    lines = raw(kind).splitlines()
    assert [line for line in lines if len(line) > WIDEST_LINE or line != line.rstrip()] == []


@every_note()
def test_a_note_has_the_fields_and_the_length_it_says(note: dict[str, Any]) -> None:
    assert KEYS <= set(note) <= KEYS | {"hidden"}
    assert note["style"] in STYLES
    assert set(note["names"]) <= KINDS
    assert all(note["names"].values())
    fewest, most = LENGTHS[note["length"]]
    assert fewest <= length_of(note) <= most
    assert ("\n" in note["text"]) is (note["style"] == "structured")


@every_note()
def test_code_age_and_sex_are_those_of_the_disease(note: dict[str, Any]) -> None:
    disease = disease_of(note)
    patient = Patient(**note["patient"])
    assert note["code"] in disease["icd10"].split(";")
    assert note["code"] in {row["code"] for row in table("icd10")}
    assert disease["sex"] in {"", patient.sex}
    assert int(disease["age_min"] or 0) <= patient.age <= int(disease["age_max"] or 95)


@every_note()
def test_names_are_those_the_graph_has_for_the_disease(note: dict[str, Any]) -> None:
    disease, names = disease_of(note)["name_en"], note["names"]
    drugs = set(names.get("drug", ()))
    taken = drugs | set(names.get("history", ()))
    effects = {effect for drug in taken for effect in related("drug_side_effects", "drug", "side_effect", drug)}
    others = related("resembling", "disease", "other", disease) | related("resembling", "other", "disease", disease)
    assert set(names["symptom"]) <= related("disease_symptoms", "disease", "symptom", disease)
    assert drugs <= related("disease_drugs", "disease", "drug", disease)
    assert set(names.get("side_effect", ())) <= effects
    assert set(names.get("resembling", ())) <= others
    assert set(names.get("absent_symptom", ())).isdisjoint(names["symptom"])


@every_note()
def test_no_drug_is_contraindicated_by_what_the_patient_has(note: dict[str, Any]) -> None:
    ill_with = {disease_of(note)["name_en"], *note["names"].get("history", ())}
    for drug in note["names"].get("drug", ()):
        assert not ill_with & related("contraindications", "drug", "disease", drug), drug


@every_note()
def test_all_names_are_told_and_nothing_else_of_the_graph(note: dict[str, Any]) -> None:
    report = check(note["text"], facts_of(note), vocabulary(), patient=Patient(**note["patient"]), icd10=note["code"])
    assert report.reason() is None


@every_note()
def test_a_hidden_diagnosis_is_not_in_the_text(note: dict[str, Any]) -> None:
    if not note.get("hidden"):
        return
    (diagnosis,) = note["names"]["diagnosis"]
    own = Fact("F1", "diagnosis", diagnosis, "", None, (term_of("diagnosis", diagnosis),))
    assert check(note["text"], [own], Vocabulary(())).missed == ("F1",)
    assert not re.search(rf"\b{note['code']}\b", note["text"])


@every_note()
def test_doses_are_the_typical_ones_of_the_graph_and_for_adults(note: dict[str, Any]) -> None:
    disease, drugs = disease_of(note)["name_en"], note["names"].get("drug", ())
    typical = " ".join(
        row["dose"] for row in table("disease_drugs") if row["disease"] == disease and row["drug"] in drugs
    )
    for match in _AMOUNT.finditer(note["text"]):
        assert re.search(rf"(?<![\d.]){re.escape(match.group().rstrip())}(?!\w)", typical), match.group()
        assert note["patient"]["age"] >= 18


@every_note()
def test_a_note_bears_no_year(note: dict[str, Any]) -> None:
    assert _YEAR.search(note["text"]) is None


def test_no_two_notes_share_a_run_of_words() -> None:
    seen: dict[tuple[str, ...], set[str]] = defaultdict(set)
    shipped = yaml.safe_load((resources.files("generator") / "examples" / f"{LANGUAGE}.yaml").read_text("utf-8"))
    for note in (*notes(), *shipped):
        words = [word.said for word in words_of(note["text"])]
        for at in range(len(words) - LONGEST_COPY):
            seen[tuple(words[at : at + LONGEST_COPY + 1])].add(note["id"])
    assert {" ".join(run): ids for run, ids in seen.items() if len(ids) > 1} == {}
