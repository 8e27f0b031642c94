"""The Russian example notes tell what they list, name nothing else of the core graph, and are all different."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import pytest
import yaml

from generator.checking.check import check
from generator.facts import Fact
from generator.linking.mentions import Mention, mentions
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import words_of
from generator.patient import Patient

KINDS = {"outpatient": 60, "emergency": 35, "follow-up": 35, "discharge": 35}
LENGTHS = {"short": (25, 60), "long": (80, 180)}
STYLES = ("plain", "telegraphic", "narrative", "structured")
FEWEST_CODES = 100
SHARED_RUN = 8

FIELDS = {"id", "code", "kind", "length", "style", "patient", "names", "text"}
NAMED = {"diagnosis", "symptom", "drug", "side_effect", "absent_symptom", "resembling", "history"}
TABLES = {
    "Disease": "diseases",
    "Symptom": "symptoms",
    "Drug": "drugs",
    "DrugClass": "drug_classes",
    "SideEffect": "side_effects",
}
TABLE_OF = {
    "symptom": "symptoms",
    "absent_symptom": "symptoms",
    "drug": "drugs",
    "side_effect": "side_effects",
    "resembling": "diseases",
    "history": "diseases",
}
# A word of the kind "панкреатит" gives a hidden diagnosis away even without the rest of its name.
TELLING = re.compile(r"(?:ит|оз|ез|ома|эмия|емия|алгия|пения|кардия|патия|лепсия|подагра|псориаз|астма|инфаркт)$")
MIXED_SCRIPT = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[А-Яа-яЁё])\w+\b")
AGE = re.compile(r"\b(\d{1,3}) (год|года|лет|годом|годам|годами)\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b")
DOSE = re.compile(r"(?<![\d,.])(\d+(?:,\d+)?)\s*(мг|мкг)(?!\w|/)")
# Forms that speak of the patient; whoever else speaks in a note of ours is said with other words.
OF_A_MAN = re.compile(
    r"\b(?:пациент(?:а|у|ом|е)?|больной|больного|больному|мужчин\w+|юноша|мальчик\w*|госпитализирован|выписан"
    r"|доставлен|осмотрен|направлен|обратился|жаловался|принимал|перенес|оперирован|наблюдался|обучен|предупрежден"
    r"|проснулся|упал|курил|отрицал|согласен|доволен|активен|контактен|ориентирован)\b",
    re.IGNORECASE,
)
OF_A_WOMAN = re.compile(
    r"\b(?:пациентк\w+|больная|больную|женщин\w+|девушк\w+|девочк\w+|госпитализирована|выписана|доставлена"
    r"|осмотрена|направлена|обратилась|жаловалась|принимала|перенесла|оперирована|наблюдалась|обучена|предупреждена"
    r"|проснулась|упала|курила|отрицала|согласна|довольна|активна|контактна|ориентирована|беременна)\b",
    re.IGNORECASE,
)

Note = dict[str, Any]


def rows(table: str) -> list[dict[str, str]]:
    with (resources.files("kg.core") / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def terms() -> dict[tuple[str, str], Term]:
    """The terms of the core graph by table and Russian name."""
    return {
        (table, row["name_ru"]): Term(row["id"], kind, tuple(names_in(row)))
        for kind, table in TABLES.items()
        for row in rows(table)
    }


def names_in(row: dict[str, str]) -> Iterator[str]:
    for column in ("name_en", "name_ru", "synonyms_en", "synonyms_ru"):
        yield from filter(None, (row.get(column) or "").split(";" if column.startswith("synonyms") else "\n"))


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(terms().values())


@cache
def diseases() -> dict[str, dict[str, str]]:
    """The diseases by code."""
    return {code: row for row in rows("diseases") for code in row["icd10"].split(";")}


@cache
def pairs(table: str, first: str, second: str, tables: tuple[str, str]) -> frozenset[tuple[str, str]]:
    """The Russian names of what a table of relations joins."""
    russian = [{row["name_en"]: row["name_ru"] for row in rows(name)} for name in tables]
    return frozenset((russian[0][row[first]], russian[1][row[second]]) for row in rows(table))


@cache
def doses() -> dict[tuple[str, str], str]:
    names = [{row["name_en"]: row["name_ru"] for row in rows(table)} for table in ("diseases", "drugs")]
    return {(names[0][row["disease"]], names[1][row["drug"]]): row["dose"] for row in rows("disease_drugs")}


@cache
def notes() -> tuple[Note, ...]:
    return tuple(note for kind in KINDS for note in notes_of(kind))


def notes_of(kind: str) -> list[Note]:
    file = resources.files("generator") / "examples" / "notes" / "ru" / f"{kind}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def diagnosis_of(note: Note) -> str:
    [name] = note["names"]["diagnosis"]
    return name.removesuffix(f" ({note['code']})")


def named(note: Note, kind: str) -> list[str]:
    return note["names"].get(kind, [])


def facts_of(note: Note) -> list[Fact]:
    """What the text has to tell; a hidden diagnosis is none of it."""
    facts: list[Fact] = []
    for kind, names in note["names"].items():
        for name in names:
            if kind == "diagnosis" and note.get("hidden"):
                continue
            term = terms()["diseases", diagnosis_of(note)] if kind == "diagnosis" else terms()[TABLE_OF[kind], name]
            facts.append(Fact(f"{kind} {name}", kind, name, name, None, (term,)))
    return facts


def mentioned(text: str) -> Iterator[Mention]:
    return mentions(words_of(text), vocabulary())


def faults(note: Note) -> Iterator[str]:
    """What is wrong with one note by itself."""
    yield from faults_of_form(note)
    if note["code"] in diseases():
        yield from faults_of_facts(note)
        yield from faults_of_words(note)


def faults_of_form(note: Note) -> Iterator[str]:
    if set(note) - {"hidden"} != FIELDS or set(note["names"]) - NAMED or note.get("hidden", True) is not True:
        yield f"fields {sorted(note)} {sorted(note['names'])}"
    if not re.fullmatch(rf"ru-{note['kind']}-[a-z0-9]+(?:-[a-z0-9]+)*", note["id"]):
        yield "the id is not ru-kind-slug"
    if note["style"] not in STYLES:
        yield f"style {note['style']}"
    fewest, most = LENGTHS[note["length"]]
    if not fewest <= (words := len(re.findall(r"\S*\w\S*", note["text"]))) <= most:
        yield f"{words} words are not {note['length']}"
    codes = {row["code"] for row in rows("icd10") if row["level"] == "category"}
    if note["code"] not in codes or note["code"] not in diseases():
        yield f"code {note['code']}"
    elif note["names"]["diagnosis"] != [f"{diseases()[note['code']]['name_ru']} ({note['code']})"]:
        yield f"the diagnosis of {note['code']} is {diseases()[note['code']]['name_ru']}"
    if ("\n" in note["text"]) is not (note["style"] == "structured"):
        yield "structured notes have lines, the others one paragraph"


def faults_of_facts(note: Note) -> Iterator[str]:
    disease = diagnosis_of(note)
    told = [(kind, name) for kind, names in note["names"].items() for name in names]
    if len(set(told)) != len(told):
        yield "a name is listed twice"
    if unknown := [name for kind, name in told if kind != "diagnosis" and (TABLE_OF[kind], name) not in terms()]:
        yield f"not in the core graph: {unknown}"
        return
    symptoms = pairs("disease_symptoms", "disease", "symptom", ("diseases", "symptoms"))
    drugs = pairs("disease_drugs", "disease", "drug", ("diseases", "drugs"))
    effects = pairs("drug_side_effects", "drug", "side_effect", ("drugs", "side_effects"))
    alike = pairs("resembling", "disease", "other", ("diseases", "diseases"))
    forbidden = pairs("contraindications", "drug", "disease", ("drugs", "diseases"))
    if not named(note, "symptom"):
        yield "no symptom"
    yield from (f"no symptom of it: {name}" for name in named(note, "symptom") if (disease, name) not in symptoms)
    yield from (f"no drug of it: {name}" for name in named(note, "drug") if (disease, name) not in drugs)
    for effect in named(note, "side_effect"):
        if not any((drug, effect) in effects for drug in named(note, "drug")):
            yield f"no side effect of its drugs: {effect}"
    for other in named(note, "resembling"):
        if not alike & {(disease, other), (other, disease)}:
            yield f"does not resemble it: {other}"
    for drug in named(note, "drug"):
        yield from (f"{drug} is not for {past}" for past in named(note, "history") if (drug, past) in forbidden)

    report = check(note["text"], facts_of(note), vocabulary(), patient=Patient(**note["patient"]), icd10=note["code"])
    yield from filter(None, [report.reason()])
    if note.get("hidden"):
        own = terms()["diseases", disease]
        yield from (f"tells {note['code']}" for _ in re.finditer(rf"\b{note['code']}\b", note["text"]))
        yield from (f"tells {disease}" for mention in mentioned(note["text"]) if own.id in mention.term_ids)
        telling = {word.stem for name in own.names for word in words_of(name) if TELLING.search(word.said)}
        yield from (f"hints {word.said}" for word in words_of(note["text"]) if word.stem in telling)


def faults_of_words(note: Note) -> Iterator[str]:
    disease, patient, text = diseases()[note["code"]], note["patient"], note["text"]
    if patient["sex"] not in {"female", "male"} or disease["sex"] not in {"", patient["sex"]}:
        yield f"sex {patient['sex']}"
    if not int(disease["age_min"] or 0) <= patient["age"] <= int(disease["age_max"] or 95):
        yield f"age {patient['age']}"
    other = OF_A_WOMAN if patient["sex"] == "male" else OF_A_MAN
    yield from (f"not of this patient's sex: {match.group()}" for match in other.finditer(text))
    for match in AGE.finditer(text):
        last, teens = int(match[1]) % 10, int(match[1]) % 100 in range(11, 15)
        right = "год" if last == 1 and not teens else "года" if last in (2, 3, 4) and not teens else "лет"
        # After "с" or "до" the word stands in another case.
        if match[2] in {"год", "лет"} and match[2] != right and not (match[2] == "лет" and last != 1):
            yield f"ending of {match.group()!r}"
    if patient["age"] > 0 and not re.search(rf"(?<!\d){patient['age']}(?!\d)", text):
        yield f"the age {patient['age']} is not told"
    yield from (f"a year or a date: {match.group()}" for match in YEAR.finditer(text))
    yield from (f"letters of two alphabets in {match.group()}" for match in MIXED_SCRIPT.finditer(text))
    usual = " ".join(doses().get((diagnosis_of(note), drug), "") for drug in named(note, "drug"))
    numbers = {number.replace(".", ",") for number in re.findall(r"\d+(?:\.\d+)?", usual)}
    for match in DOSE.finditer(text):
        if patient["age"] < 18 or match[1] not in numbers:
            yield f"dose {match.group()}"


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_enough_notes_of_each_kind_half_of_them_short(kind: str) -> None:
    found = notes_of(kind)
    assert len(found) >= KINDS[kind]
    assert {note["kind"] for note in found} == {kind}
    lengths = Counter(note["length"] for note in found)
    assert set(lengths) == set(LENGTHS)
    assert all(0.4 <= count / len(found) <= 0.6 for count in lengths.values())
    styles = Counter(note["style"] for note in found)
    assert set(styles) == set(STYLES)
    assert all(count / len(found) >= 0.15 for count in styles.values())


def test_the_notes_cover_many_codes_all_ages_and_both_sexes() -> None:
    assert len({note["code"] for note in notes()}) >= FEWEST_CODES
    ages = [note["patient"]["age"] for note in notes()]
    assert min(ages) == 0
    assert max(ages) in range(90, 96)
    assert sum(age < 18 for age in ages) >= 15
    assert sum(age >= 75 for age in ages) >= 15
    sexes = Counter(note["patient"]["sex"] for note in notes())
    assert all(sexes[sex] / len(notes()) >= 0.4 for sex in ("female", "male"))


def test_about_a_third_hide_their_diagnosis() -> None:
    assert 0.28 <= sum(note.get("hidden", False) for note in notes()) / len(notes()) <= 0.4
    for kind in KINDS:
        assert any(note.get("hidden") for note in notes_of(kind))


def test_some_notes_deny_a_symptom_name_a_side_effect_a_past_illness_or_a_look_alike() -> None:
    for kind, least in {"absent_symptom": 20, "history": 10, "resembling": 8, "side_effect": 5}.items():
        assert sum(bool(named(note, kind)) for note in notes()) >= least, kind


def test_ids_are_unique() -> None:
    ids = Counter(note["id"] for note in notes())
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("note", notes(), ids=lambda note: note["id"])
def test_a_note_tells_its_names_and_nothing_else_that_the_graph_knows(note: Note) -> None:
    assert list(faults(note)) == []


def test_no_two_notes_share_a_run_of_words() -> None:
    runs: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    plain = yaml.safe_load((resources.files("generator") / "examples" / "ru.yaml").read_text(encoding="utf-8"))
    for note in (*notes(), *plain):
        said = [word.said for word in words_of(note["text"])]
        for at in range(len(said) - SHARED_RUN + 1):
            runs[tuple(said[at : at + SHARED_RUN])].add(note["id"])
    assert {" ".join(run): ids for run, ids in runs.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_lines_of_a_file_are_not_too_long(kind: str) -> None:
    text = (resources.files("generator") / "examples" / "notes" / "ru" / f"{kind}.yaml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if len(line) > 120] == []


def test_a_note_that_names_more_than_it_lists_is_found_out() -> None:
    note = {**notes()[0], "text": notes()[0]["text"] + " Также герпес зостер."}
    assert any("герпес зостер" in fault for fault in faults(note))
