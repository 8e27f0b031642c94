"""By which of its names a thing is called."""

from __future__ import annotations

from collections import Counter

from generator.naming import Naming, fit_synonyms
from kg.subgraph import SubgraphNode

NODE = SubgraphNode(
    "X:1",
    "Symptom",
    {"en": "dyspnea", "ru": "одышка"},
    {"en": ("shortness of breath", "SOB", "breathlessness", "Dyspnea (finding)", "R06.0", "an air hunger of any kind")},
    {},
)


def test_a_synonym_is_drawn_as_often_as_the_share_says() -> None:
    drawn = Counter(Naming("en", seed, {"symptom": 0.5}).name(NODE, "symptom") for seed in range(2000))
    assert set(drawn) == {"dyspnea", "shortness of breath", "breathlessness"}
    assert 900 < drawn["dyspnea"] < 1100
    assert abs(drawn["breathlessness"] - drawn["shortness of breath"]) < 120


def test_without_a_share_for_the_kind_the_preferred_name_is_taken() -> None:
    assert {Naming("en", seed, {"drug": 1}).name(NODE, "symptom") for seed in range(20)} == {"dyspnea"}


def test_where_no_synonym_fits_the_preferred_name_is_taken() -> None:
    assert Naming("ru", 1, {"symptom": 1}).name(NODE, "symptom") == "одышка"


def test_acronyms_codes_and_definitions_are_no_names_for_a_sentence() -> None:
    assert fit_synonyms(NODE, "en") == ["shortness of breath", "breathlessness"]


def test_the_code_is_said_as_often_as_the_share_says() -> None:
    said = sum(Naming("en", seed, coded=0.3).says_code(NODE) for seed in range(2000))
    assert 500 < said < 700
    assert Naming("en", 5).says_code(NODE)
    assert not Naming("en", 5, coded=0).says_code(NODE)
