"""Sentences that follow, contradict or are left open: by rules, and only where the rules are sure."""

from __future__ import annotations

from collections import Counter

import pytest

from generator.instructions.net import Net
from generator.instructions.nli import Triple, Triples, nli_cases, why_dropped
from generator.instructions.plan import Planner
from generator.instructions.run import Ready
from generator.instructions.shares import Share, Shares
from generator.instructions.texts import Named, NoteText
from generator.instructions.wordings import wordings
from generator.patient import Patient


def note_of(net: Net, text: str, *named: tuple[str, str], language: str = "en") -> NoteText:
    (disease, *_) = net.next("ICD10:J20", "diseases")
    kinds = {"symptom": "Symptom", "absent_symptom": "Symptom", "drug": "Drug", "diagnosis": "Disease"}
    told = tuple(Named(kind, name, net.named(kinds[kind], name)) for kind, name in named)
    return NoteText("n", language, text, disease, Patient(42, "female"), told, False, "test")


def triples_of(net: Net, note: NoteText) -> tuple[list[Triple], Counter[str]]:
    maker = Triples(net, wordings(), 7)
    return list(maker.of([note])), maker.dropped


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("She was operated on in 1998 for gallstones.", "year"),
        ("Оперирована в 2014 году по поводу грыжи.", "year"),
        ("Smokes a pack a day and has a cough.", "habit"),
        ("Курит с юности, кашель по утрам.", "habit"),
        ("Drinks no alcohol, fever today.", "habit"),
        ("Fever today.", "short"),
        ("Кашель сухой.", "short"),
        ("cough " * 154, "long"),
        ("38.5, 120/80, 99", "letters"),
        ("Fever of 38.5 since yesterday.", None),
        ("Температура 38,5 со вчерашнего дня.", None),
        ("cough " * 153, None),
        ("Dose 20000 units a day given.", None),
    ],
)
def test_a_sentence_is_left_out_by_rule(sentence: str, rule: str | None) -> None:
    assert why_dropped(sentence) == rule


def test_what_is_told_follows_and_its_negation_contradicts(net: Net) -> None:
    note = note_of(net, "She has had a fever since Monday. There is no chest pain at all.", ("symptom", "fever"), ("absent_symptom", "chest pain"))  # fmt: skip  # noqa: E501
    (first, second), _ = triples_of(net, note)
    say = wordings().hypotheses
    assert first.premise == "She has had a fever since Monday."
    assert first.hypotheses["entailment"] in {text.format(value="fever") for text in say("en", "symptom.affirmed")}
    assert first.hypotheses["contradiction"] in {text.format(value="fever") for text in say("en", "symptom.denied")}
    assert second.hypotheses["entailment"] in {text.format(value="chest pain") for text in say("en", "symptom.denied")}


def test_what_is_left_open_is_a_symptom_that_the_note_never_names(net: Net) -> None:
    note = note_of(net, "She has had a fever since Monday. Cough and some fatigue. Maybe chest tightness?", ("symptom", "fever"))  # fmt: skip  # noqa: E501
    found, _ = triples_of(net, note)
    for triple in found:
        kind, symptom = triple.nodes["neutral"] or ("", "")
        assert kind == "symptom"
        assert symptom in net.next(note.disease, "symptoms")
        names = {name.casefold() for name in net.nodes[symptom].names.values()}
        assert not names & {"fever", "cough", "fatigue"}


def test_another_age_contradicts(net: Net) -> None:
    ((triple), *_), _ = triples_of(net, note_of(net, "A 42-year-old woman is seen at home today."))
    assert "42" in triple.hypotheses["entailment"]
    assert "42" not in triple.hypotheses["contradiction"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("She was told that fever may come.", "unsure"),
        ("Her mother had a fever last week.", "no linked fact"),
        ("If fever comes back she will call.", "unsure"),
        ("She has had a fever since Monday, no other complaints.", "nothing open"),
    ],
)
def test_what_is_not_sure_makes_no_triple(net: Net, text: str, rule: str) -> None:
    found, dropped = triples_of(net, note_of(net, text, ("symptom", "fever")))
    assert not found
    assert dropped[rule] == 1


def test_each_direction_has_every_label_equally_often(shipped: Ready) -> None:
    directions = ("nli_label", "nli_hypothesis", "nli_premise")
    assert len(shipped.triples) > 1000
    assert {triple.note.language for triple in shipped.triples} == {"en", "ru"}
    for direction in directions:
        labels = Counter(case.label for case in nli_cases(shipped.triples[:50], direction, shipped.net))
        assert set(labels.values()) == {50}
    shares = Shares(builders={direction: Share() for direction in directions})
    plan = Planner(shipped.material, shipped.wordings, shares, 270, 7).plan()
    assert set(Counter((row.case.builder, row.case.label) for row in plan.rows).values()) == {30}


def test_every_rule_is_met_in_what_is_kept(shipped: Ready) -> None:
    for triple in shipped.triples:
        for sentence in (triple.premise, *triple.hypotheses.values()):
            assert why_dropped(sentence) is None
        assert len(set(triple.hypotheses.values())) == 3
