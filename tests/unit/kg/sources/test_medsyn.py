"""MedSyn's own files: tables of WikiMed, symptoms by code, HSDN."""

from __future__ import annotations

import pytest

from kg.sources.ids import by_code, by_name
from kg.sources.medsyn import FORMAT
from tests.unit.kg.sources.reading_formats import Told, slots_of, told
from tests.unit.kg.sources.text_in_memory import InMemory

DISEASES = (
    "МКБ-10,Рубрика,Определение и общие сведения,Этиология и патогенез,Клинические проявления,Диагностика,"
    "Дифференциальный диагноз,Лечение,Профилактика,Действующие вещества,url\n"
    'J20,Острый бронхит,проза,,,,,,,"Амброксол\nБромгексин",u\n'
    '"J45.0, J45.1",Астма,,,,,,,,Будесонид,u\n'
)
MEDS = (
    "Название,Латинское название,Фармакологическая группа,Противопоказания,Побочные действия,Взаимодействие,"
    "Торговые наименования,МКБ-10,url\n"
    'Амброксол,Ambroxolum,Муколитики,проза,,,"Лазолван\nАмбробене",J20,u\n'
)
HSDN = "symptom_name|disease_name|cooccurs|tfidf_score|disease_id|symptom_id|doid_code|doid_name\n"


def read(slot: str, text: str, name: str = "file") -> Told:
    return told(FORMAT, {slot: [InMemory.of(name, text)]})


def test_a_disease_is_told_by_its_code_and_its_drugs_by_name() -> None:
    found = read("diseases", DISEASES)
    bronchitis, drug = by_code("ICD10", "J20"), by_name("Drug", "амброксол")
    assert found.node(bronchitis).names == {"ru": "Острый бронхит"}
    assert found.edge(f"{bronchitis}/CODED_AS/ICD10:J20").evidence[0].source == "medsyn"
    assert found.edge(f"{drug}/TREATS/{bronchitis}").evidence[0].claims == {"purpose": "unknown"}
    assert {by_code("ICD10", "J45.0"), by_code("ICD10", "J45.1")} <= found.ids("Disease")
    assert len(found.edges_of("TREATS")) == 4
    assert found.dangling() == set()
    assert found.rules == [("prose", "skipped")]


def test_a_drug_has_trade_names_a_group_and_diseases_by_code() -> None:
    found = read("meds", MEDS)
    drug = by_name("Drug", "Амброксол")
    assert found.node(drug).synonyms == {"ru": ("Лазолван", "Амбробене")}
    assert [edge.id for edge in found.edges] == [
        f"{drug}/IN_CLASS/{by_name('DrugClass', 'муколитики')}",
        f"{drug}/TREATS/{by_code('ICD10', 'J20')}",
    ]


@pytest.mark.parametrize("code", ["", "J2", "J20 и другие"])
def test_a_row_without_a_good_code_is_told(code: str) -> None:
    found = read("diseases", DISEASES.replace("J20,Острый", f"{code},Острый"))
    assert [(problem.place.line, problem.place.column) for problem in found.errors] == [(2, "МКБ-10")]
    assert by_code("ICD10", "J45.0") in found.ids("Disease")


def test_symptoms_of_a_code_are_told_by_name_in_their_language() -> None:
    found = read("symptoms", '{"J20": ["Кашель", "fever", "кашель "], "J45": ["кашель"]}')
    cough, fever = by_name("Symptom", "кашель"), by_name("Symptom", "fever")
    assert found.node(cough).names == {"ru": "Кашель"}
    assert found.node(fever).names == {"en": "fever"}
    assert {(edge.start, edge.end) for edge in found.edges} == {
        (by_code("ICD10", "J20"), cough),
        (by_code("ICD10", "J20"), fever),
        (by_code("ICD10", "J45"), cough),
    }
    assert found.problems == []


@pytest.mark.parametrize(
    ("text", "rule", "column"),
    [
        ('{"J20": ["кашель"]', "json-form", ""),
        ('["J20"]', "json-form", ""),
        ("[" * 100_000, "json-form", ""),
        ('{"J2": ["кашель"]}', "icd-form", "J2"),
        ('{"J20": "кашель"}', "json-form", "J20"),
        ('{"J20": ["кашель", 7]}', "empty-name", "J20[2]"),
    ],
)
def test_a_fault_in_the_json_is_told_with_its_place(text: str, rule: str, column: str) -> None:
    found = read("symptoms", text)
    assert [(problem.rule, problem.place.column) for problem in found.problems] == [(rule, column)]


def test_tf_idf_becomes_a_share_of_the_largest_of_the_disease() -> None:
    rows = (
        "Cough|Asthma|5|40.0|D001249|D003371|DOID:2841|asthma\n"
        "Кашель|Asthma|5|10.0|D001249||DOID:2841|asthma\n"
        "Cough|Asthma|5|x|D001249|D003371|DOID:2841|asthma\n"
    )
    found = read("hsdn", (HSDN + rows).replace("|", "\t"))
    assert {edge.end: edge.evidence[0].claims["weight"] for edge in found.edges} == {
        "MESH:D003371": 1.0,
        by_name("Symptom", "кашель"): 0.25,
    }
    assert [(link.left, link.right) for link in found.links] == [("DOID:2841", "MESH:D001249")]
    assert found.edges[0].evidence[0].source == "hsdn"
    assert [(problem.rule, problem.place.line) for problem in found.problems] == [("not-a-number", 4)]


def test_each_file_is_recognised_by_its_columns_and_the_json_by_its_beginning() -> None:
    assert slots_of(FORMAT, InMemory.of("a.csv", DISEASES)) == ["diseases"]
    assert slots_of(FORMAT, InMemory.of("a.csv", MEDS)) == ["meds"]
    assert slots_of(FORMAT, InMemory.of("a.tsv", HSDN.replace("|", "\t"))) == ["hsdn"]
    assert slots_of(FORMAT, InMemory.of("a.json", '{"J20": ["кашель"]}')) == ["symptoms"]
    assert slots_of(FORMAT, InMemory.of("a.json", '{"nodes": ["x"]}')) == []
