"""The check is honest: told, missed, contradicted, invented, and rules that are broken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.checking.check import check
from generator.checking.report import CheckReport
from generator.facts import Fact
from generator.linking.vocabulary import Term, Vocabulary
from generator.patient import Patient

TERMS = {
    term.id: term
    for term in (
        Term("DOID:1", "Disease", ("acute bronchitis", "острый бронхит", "J20")),
        Term("DOID:2", "Disease", ("bronchitis", "бронхит")),
        Term("DOID:3", "Disease", ("pneumonia", "пневмония")),
        Term("DOID:4", "Disease", ("disease", "болезнь")),
        Term("DOID:5", "Disease", ("acquired immunodeficiency syndrome", "AIDS")),
        Term("T:cough", "Symptom", ("cough", "кашель")),
        Term("T:dry", "Symptom", ("dry cough", "сухой кашель")),
        Term("T:fever", "Symptom", ("fever", "raised temperature", "лихорадка", "повышение температуры")),
        Term("T:headache", "Symptom", ("headache", "головная боль")),
        Term("T:pain", "Symptom", ("pain", "боль")),
        Term("D:ambroxol", "Drug", ("ambroxol", "амброксол")),
        Term("D:aspirin", "Drug", ("aspirin", "аспирин")),
    )
}
VOCABULARY = Vocabulary(TERMS.values())


def fact(number: int, kind: str, term_id: str) -> Fact:
    return Fact(f"F{number}", kind, TERMS[term_id].names[0], "", f"edge{number}", (TERMS[term_id],))


FACTS = (
    fact(1, "diagnosis", "DOID:1"),
    fact(2, "symptom", "T:cough"),
    fact(3, "symptom", "T:fever"),
    fact(4, "drug", "D:ambroxol"),
)


def verdict(text: str, facts: tuple[Fact, ...] = FACTS, **also: object) -> CheckReport:
    return check(text, facts, VOCABULARY, **also)  # type: ignore[arg-type]


def told(text: str, facts: tuple[Fact, ...] = FACTS) -> set[str]:
    return {item.fact_id for item in verdict(text, facts).told}


def invented(text: str, facts: tuple[Fact, ...] = FACTS) -> list[str]:
    return [item.said for item in verdict(text, facts).invented]


GOOD = "The patient has cough and fever. The diagnosis is acute bronchitis (J20). Ambroxol is prescribed."


def test_a_note_that_tells_all_and_nothing_else_passes() -> None:
    report = verdict(GOOD, patient=Patient(40, "female"), icd10="J20")
    assert report.passed
    assert report.reason() is None
    assert [GOOD[item.start : item.end] for item in report.told] == ["acute bronchitis", "cough", "fever", "Ambroxol"]


def test_a_missed_fact_is_named_and_the_note_does_not_pass() -> None:
    report = verdict("The patient has cough. Acute bronchitis is found. Ambroxol is prescribed.")
    assert (report.missed, report.not_told, report.passed) == (("F3",), ("F3",), False)


def test_a_fact_that_is_not_required_may_be_missed() -> None:
    report = verdict("The patient has cough. Acute bronchitis is found.", required=["diagnosis"])
    assert report.missed == ("F3", "F4")
    assert report.passed


def test_a_term_of_the_graph_that_was_not_given_is_invented() -> None:
    report = verdict(GOOD + " Aspirin is added.")
    assert [(item.said, item.term_ids) for item in report.invented] == [("Aspirin", ("D:aspirin",))]
    assert not report.passed


def test_a_synonym_and_a_plural_tell_a_fact() -> None:
    assert told("Raised temperatures and coughs for three days now.") == {"F2", "F3"}


@pytest.mark.parametrize(
    "text", ["Кашля много, лихорадку отмечает третий день.", "Беспокоят кашель и повышенная лихорадка."]
)
def test_russian_inflection_tells_a_fact(text: str) -> None:
    assert told(text) == {"F2", "F3"}


def test_only_whole_words_match() -> None:
    assert told("Feverfew tea and a coughdrop were bought today.") == set()
    assert invented("She was painting the aspiring headaches band poster.") == ["headaches"]


def test_the_longest_name_wins_and_names_inside_it_do_not_count() -> None:
    facts = (fact(1, "symptom", "T:dry"),)
    assert told("She has had a dry cough for days.", facts) == {"F1"}
    assert invented("She has had a dry cough for days.", facts) == []


def test_a_name_inside_a_given_one_is_neither_invented_nor_tells_it() -> None:
    report = verdict("Diagnosed with bronchitis after a long winter.", (fact(1, "diagnosis", "DOID:1"),))
    assert (report.invented, report.missed) == ((), ("F1",))


def test_a_longer_name_than_the_given_one_is_invented() -> None:
    assert invented("She has had a dry cough for days.", (fact(1, "symptom", "T:cough"),)) == ["dry cough"]


def test_an_acronym_matches_in_capitals_only() -> None:
    assert invented("It aids breathing, and she feels well.", FACTS) == []
    assert invented("A test for AIDS was done today.", FACTS) == ["AIDS"]


def test_the_top_of_an_ontology_is_no_invention() -> None:
    assert invented("The disease took its course, as diseases do.") == []


NEGATED = [
    "No fever was found on examination.",
    "The patient denies cough, chills and fever.",
    "The patient is without fever at present.",
    "She doesn't have fever at the moment.",
    "She does not have fever at the moment.",
    "Fever was denied by the patient today.",
    "Fever is absent on the second day.",
    "The test was negative for fever again.",
    "У больного лихорадки нет уже три дня.",
    "Больной поступил без кашля и лихорадки.",
    "Пациент отрицает лихорадку и другие жалобы.",
    "Лихорадка не отмечается уже третий день.",
    "При осмотре лихорадка отсутствует уже день.",
]


@pytest.mark.parametrize("text", NEGATED)
def test_a_given_fact_that_is_denied_is_contradicted_and_not_told(text: str) -> None:
    report = verdict(text)
    assert "F3" in report.contradicted
    assert "F3" not in {item.fact_id for item in report.told}
    assert not report.passed


NOT_NEGATED = [
    "No headache, but fever for three days.",
    "She denies headache and has fever today.",
    "Not only cough but also fever is present.",
    "No headache. Fever for three days now.",
    "Without headache, with fever of 38.5 degrees.",
    "Головной боли нет. Лихорадка третий день.",
    "Отрицает головную боль, но лихорадка есть.",
    "Не только кашель, но и лихорадка есть.",
    "Fever, no headache and no other complaints.",
]


@pytest.mark.parametrize("text", NOT_NEGATED)
def test_a_negation_does_not_reach_into_the_next_statement(text: str) -> None:
    assert "F3" in told(text)


def test_a_term_that_is_denied_without_being_given_is_still_invented() -> None:
    (item,) = verdict("The patient has cough and no headache.").invented
    assert (item.said, item.status) == ("headache", "negated")


def test_a_contraindication_is_told_by_a_negation_only() -> None:
    facts = (fact(1, "contraindication", "D:aspirin"),)
    assert told("The patient must not be given aspirin today.", facts) == {"F1"}
    assert verdict("The patient is given aspirin twice daily.", facts).contradicted == ("F1",)


BROKEN = [
    ("age", "A 34-year-old woman has cough and fever."),
    ("age", "A woman, aged 34, has cough and fever."),
    ("age", "A 5-day old girl has cough and fever."),
    ("age", "Женщина 34 лет жалуется на кашель и жар."),
    ("sex", "A 40-year-old man has cough and fever."),
    ("sex", "She came in after his cough got worse."),
    ("sex", "Мужчина 40 лет жалуется на кашель, жар."),
    ("placeholder", "The patient [name] has cough and fever today."),
    ("placeholder", "Seen on XX by the doctor for cough."),
    ("placeholder", "The patient ____ has cough and fever today."),
    ("placeholder", "Cough and fever.<|im_end|> That is all for today."),
    ("refusal", "As an AI, this note is not for me."),
    ("refusal", "I'm sorry, but there is no such note."),
    ("refusal", "Как языковая модель, записей я не пишу."),
    ("loop", "She has cough. She has cough. And fever too."),
    ("loop", "She works in a mill. Cough and fever. Worked in a mill."),
    ("loop", "Она плохо спит ночью. Кашель, жар. Плохо спит ночью."),
    ("noise", "Cough and fever, to be looked into later. M/f.%||4;."),
    ("noise", "Cough and fever since Monday @& seen today."),
    ("repeated", "She has mild fevers and cough and a mild fever."),
    ("loop", "and so on and on it goes and so on and on it goes and so on and on it goes"),
    ("code", "The diagnosis is acute bronchitis (J21) for now."),
    ("code", "The diagnosis has the ICD-10 code J20.9 for now."),
    ("code", "The diagnosis is acute bronchitis, ICD-10 T1276C, for now."),
    ("empty", "Cough."),
    ("empty", ""),
]


@pytest.mark.parametrize(("rule", "text"), BROKEN)
def test_a_rule_that_is_broken_is_named_with_its_place(rule: str, text: str) -> None:
    report = verdict(text, patient=Patient(40, "female"), icd10="J20")
    assert rule in {violation.rule for violation in report.violations}
    assert not report.passed
    for violation in report.violations:
        assert text[violation.start : violation.end].strip() == violation.said


KEPT = [
    "A 40-year-old woman (J20) has had cough for 3 years.",
    "Женщина 40 лет кашляет уже 3 года подряд.",
    "The diagnosis is depressive episode (F32) and vitamin B12 is low.",
    "## **Note**: no news. No news from the nurse; SpO2 >= 94 %, BP 120/80 (left), 5-10 mg/kg & rest.",
    "Temperature 38.5 and a pulse of 100 were found.",
]


def test_a_code_of_icd_10_cm_may_have_letters_behind_the_point() -> None:
    for code in ("S52.261J", "T56.7X3S", "U07.1"):
        said = f"The diagnosis is acute bronchitis (ICD-10 {code}) for now."
        assert "code" not in {one.rule for one in verdict(said, icd10=code).violations}
        assert "code" in {one.rule for one in verdict(said, icd10="J20").violations}


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_a_fault_is_none(text: str) -> None:
    icd10 = "F32" if "F32" in text else "J20"
    assert verdict(text, patient=Patient(40, "female"), icd10=icd10).violations == ()


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict_and_every_fact_one_of_three_places(text: str) -> None:
    report = verdict(text, patient=Patient(40, "male"), icd10="J20")
    places = [*(item.fact_id for item in report.told), *report.missed, *report.contradicted]
    assert sorted(places) == [item.id for item in FACTS]
    assert report.passed is (report.reason() is None)


def test_an_absent_symptom_is_told_by_a_negation_and_contradicted_without_one() -> None:
    facts = (fact(1, "absent_symptom", "T:fever"),)
    assert told("There is no fever in this patient.", facts) == {"F1"}
    assert told("Лихорадки у больного сегодня нет.", facts) == {"F1"}
    assert verdict("There is fever again in this patient.", facts).contradicted == ("F1",)
    assert verdict("She should return if fever occurs again.", facts).missed == ("F1",)


def test_history_is_told_as_past_or_as_lasting_and_contradicted_when_denied() -> None:
    facts = (fact(1, "history", "DOID:3"),)
    assert told("History of pneumonia, otherwise quite well today.", facts) == {"F1"}
    assert told("В анамнезе пневмония, других болезней нет.", facts) == {"F1"}
    assert verdict("No history of pneumonia in this patient.", facts).contradicted == ("F1",)
    assert verdict("Her mother had pneumonia as a child.", facts).missed == ("F1",)


@pytest.mark.parametrize(
    "text", ["Her mother has cough, she herself is well.", "Return at once if cough develops at home."]
)
def test_a_symptom_of_somebody_else_or_only_thought_of_is_not_told(text: str) -> None:
    assert "F2" in verdict(text).missed


def test_a_told_fact_has_its_place_its_edge_and_its_evidence() -> None:
    given_fact = replace(FACTS[1], evidence_ids=("EV:7",))
    (item,) = verdict("The patient has a troublesome cough.", (given_fact,)).told
    assert (item.start, item.end, item.edge_id, item.evidence_ids) == (30, 35, "edge2", ("EV:7",))


def test_every_mention_is_reported_with_its_terms_and_status() -> None:
    report = verdict("Cough since May, no fever. Aspirin if pneumonia is suspected.")
    assert [(m.said, m.term_ids, m.status.value) for m in report.mentions] == [
        ("Cough", ("T:cough",), "affirmed"),
        ("fever", ("T:fever",), "negated"),
        ("Aspirin", ("D:aspirin",), "affirmed"),
        ("pneumonia", ("DOID:3",), "hypothetical"),
    ]
    assert report.as_row()["mentions"][1] == {"start": 20, "end": 25, "status": "negated", "term_ids": ["T:fever"]}


@pytest.mark.parametrize(
    "text",
    [
        "Her father, a man of 70 years old, is well. She has cough.",
        "Brought in by her husband; he drove. Cough and fever.",
        "Её отец, мужчина 70 лет, здоров. У неё кашель.",
    ],
)
def test_what_is_said_of_the_family_is_no_wrong_sex_or_age(text: str) -> None:
    assert verdict(text, patient=Patient(40, "female")).violations == ()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("age", "62F with cough and fever for days."),
        ("sex", "40M with cough and fever for days."),
        ("code", "Diagnosis: acute bronchitis, J21. Cough and fever too."),
        ("code", "Диагноз: острый бронхит (Е11), кашель и жар."),
        ("sex", "Больной госпитализирован с кашлем и лихорадкой вчера."),
    ],
)
def test_short_forms_are_held_against_the_patient_too(rule: str, text: str) -> None:
    report = verdict(text, patient=Patient(40, "female"), icd10="J20")
    assert rule in {violation.rule for violation in report.violations}
