"""Which names a note must not use: those of the graph that were not given, in the forms that models write."""

from __future__ import annotations

from generator.details import Circumstance
from generator.facts import Fact
from generator.linking.vocabulary import term_of
from generator.notes.names import blocked_names, misplaced
from training.core import nodes, vocabulary


def facts_of(*symptoms: str) -> list[Fact]:
    known = nodes("Symptom")
    return [Fact(f"F{n}", "symptom", name, name, None, (term_of(known[name]),)) for n, name in enumerate(symptoms)]


def test_a_symptom_that_was_not_given_is_blocked_in_its_forms_and_one_that_was_is_not() -> None:
    blocked = set(blocked_names(facts_of("overweight", "fatigue"), vocabulary()))
    assert {"weight gain", " weight gained", "headache", " headaches", "кашель", " кашля"} <= blocked
    assert not {"fatigue", " fatigued", "overweight"} & blocked
    given = set(blocked_names(facts_of("weight gain"), vocabulary()))
    assert not {"weight gain", " weight gained"} & given


def test_drugs_and_diseases_are_blocked_by_their_names_alone() -> None:
    blocked = set(blocked_names(facts_of("fatigue"), vocabulary()))
    assert {"paracetamol", "acute bronchitis"} <= blocked
    assert not {" paracetamols", " acute bronchitises"} & blocked


def test_a_plan_that_stands_by_itself_is_not_what_the_patient_does() -> None:
    plan, manner = Circumstance("after", "plan written on a card"), Circumstance("after", "answers promptly")
    life = Circumstance("before", "plan a trip to Norway")
    assert set(misplaced([plan, manner, life], "en")) == {
        f"{who} {form}" for who in ("he", "she", "patient") for form in ("plan", "plans", "planed")
    }
    assert list(misplaced([plan], "ru")) == []
