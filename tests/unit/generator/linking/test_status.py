"""Affirmed, negated, past, of the family, or only thought of; and how far a cue reaches."""

from __future__ import annotations

import pytest

from generator.linking.links import link
from generator.linking.status.cues import phrases
from generator.linking.vocabulary import Term, Vocabulary

NAMES = {
    "fever": ("fever", "лихорадка"),
    "cough": ("cough", "кашель"),
    "rash": ("rash", "сыпь"),
    "nausea": ("nausea", "тошнота"),
    "asthma": ("asthma", "астма"),
    "gout": ("gout", "подагра"),
    "paracetamol": ("paracetamol", "парацетамол"),
}
VOCABULARY = Vocabulary(Term(term_id, "Symptom", names) for term_id, names in NAMES.items())
LETTERS = {"affirmed": "+", "negated": "-", "history": "h", "family": "f", "hypothetical": "?"}


def statuses(text: str) -> str:
    return " ".join(f"{place.term_ids[0]}{LETTERS[place.status]}" for place in link(text, VOCABULARY))


CASES = [
    # lists
    ("No fever, cough or rash.", "fever- cough- rash-"),
    ("Denies fever, cough, rash.", "fever- cough- rash-"),
    ("No fever, cough for three days.", "fever- cough+"),
    ("No fever, dry eyes and a cough since May.", "fever- cough+"),
    ("Cough, no fever, rash on the arms since Monday.", "cough+ fever- rash+"),
    ("Fever, cough and rash were absent.", "fever- cough- rash-"),
    ("Cough for a week, fever absent.", "cough+ fever-"),
    ("Neither fever nor cough.", "fever- cough-"),
    ("No fever but cough.", "fever- cough+"),
    ("Not only fever but also cough.", "fever+ cough+"),
    ("Without fever, with cough.", "fever- cough+"),
    ("No change in the size of anything at all that was seen before the rash.", "rash+"),
    ("Fever: no. Cough: yes.", "fever- cough+"),
    ("Без лихорадки, кашля и сыпи.", "fever- cough- rash-"),
    ("Без лихорадки, кашель третий день.", "fever- cough+"),
    ("Без лихорадки, кашель.", "fever- cough+"),
    ("Лихорадки, сыпи, тошноты нет.", "fever- rash- nausea-"),
    ("Кашель, лихорадки нет.", "cough+ fever-"),
    ("Лихорадки нет, кашель.", "fever- cough+"),
    ("Отрицает кашель, тошноту.", "cough- nausea-"),
    ("Кашель и сыпь отсутствуют.", "cough- rash-"),
    ("Ни лихорадки, ни кашля.", "fever- cough-"),
    ("Лихорадка: нет. Кашель: есть.", "fever- cough+"),
    # past
    ("History of asthma and gout. Cough today.", "asthmah gouth cough+"),
    ("PMH: asthma, gout.", "asthmah gouth"),
    ("A three-day history of cough.", "cough+"),
    ("History: cough for a week.", "cough+"),
    ("No history of asthma.", "asthma-"),
    ("He had asthma as a child; now a rash.", "asthmah rash+"),
    ("В анамнезе астма, подагра. Сейчас кашель.", "asthmah gouth cough+"),
    ("Перенесла подагру, сейчас сыпь.", "gouth rash+"),
    # family
    ("Family history of asthma.", "asthmaf"),
    ("Mother has asthma, the patient has a rash.", "asthmaf rash+"),
    ("Her mother reports fever and cough.", "fever+ cough+"),
    ("Brought by his mother, he has fever.", "fever+"),
    ("No family history of gout.", "gout-"),
    ("Asthma in a brother.", "asthmaf"),
    ("У матери астма, у самой кашель.", "asthmaf cough+"),
    ("Мать отмечает кашель и сыпь.", "cough+ rash+"),
    ("Отец страдает подагрой.", "goutf"),
    # only thought of
    ("Return if fever, cough or rash develops.", "fever? cough? rash?"),
    ("If fever occurs, paracetamol may be given.", "fever? paracetamol+"),
    ("Should fever occur, come back.", "fever?"),
    ("Rule out asthma.", "asthma?"),
    ("Asthma was ruled out.", "asthma-"),
    ("Suspected asthma.", "asthma?"),
    ("Asthma? Gout suspected.", "asthma? gout?"),
    ("Warned about nausea with paracetamol.", "nausea? paracetamol+"),
    ("При появлении сыпи обратиться.", "rash?"),
    ("При тошноте принять парацетамол.", "nausea? paracetamol+"),
    ("При подагре применяют разное.", "gout+"),
    ("Если появится лихорадка или сыпь, вернуться.", "fever? rash?"),
    ("Исключить астму.", "asthma?"),
    ("Астма не исключена.", "asthma?"),
    ("Астма исключена.", "asthma-"),
    ("Подозрение на подагру.", "gout?"),
    # a drug that is not given
    ("Paracetamol was stopped.", "paracetamol-"),
    ("The patient must not be given paracetamol.", "paracetamol-"),
    ("Парацетамол отменен.", "paracetamol-"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_name_has_the_status_that_its_statement_gives_it(text: str, expected: str) -> None:
    assert statuses(text) == expected


def test_braces_in_a_table_stand_for_either() -> None:
    assert list(phrases("is {seen,found}; no")) == [("is", "seen"), ("is", "found"), ("no",)]
