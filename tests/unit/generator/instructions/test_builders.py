"""Each builder's own promises, over all its cases in the shipped graph."""

from __future__ import annotations

import pytest

from generator.instructions import choices, hops, notes
from generator.instructions.builders import BUILDERS
from generator.instructions.case import Names, Options, Said
from generator.instructions.fields import EDGE_FIELDS, FIELDS, SYNONYM_FIELDS
from generator.instructions.near import near_of
from generator.instructions.net import Net
from generator.instructions.texts import note_texts


def test_of_five_options_exactly_one_is_right_and_no_two_mean_the_same(net: Net) -> None:
    near = near_of(net)
    places: set[str | None] = set()
    for case in choices.five_choice(net, 7):
        options = case.slots["options"]
        assert isinstance(options, Options)
        assert len(set(options.ids)) == 5
        assert case.answer == (options.ids[int(case.label or 0) - 1],)
        assert not any(near.same(case.answer[0], one) for one in options.ids if one != case.answer[0])
        places.add(case.label)
    assert places == {"1", "2", "3", "4", "5"}


def test_a_statement_is_true_where_the_graph_has_the_edge_and_nowhere_else(net: Net) -> None:
    labels: set[str | None] = set()
    for case in choices.yes_no(net, 7):
        statement = case.slots["statement"]
        assert isinstance(statement, Said)
        assert (case.answer == statement.end) is (case.label == "yes")
        assert bool(case.answer) is (case.label == "yes")
        labels.add(f"{statement.relation} {case.label}")
    assert len(labels) == 12


def test_an_error_is_not_part_of_what_is_right(net: Net) -> None:
    for case in choices.correction(net, 7):
        wrong, right, told = case.slots["wrong"], case.slots["right"], case.slots["statement"]
        assert isinstance(wrong, Names)
        assert isinstance(right, Said)
        assert isinstance(told, Said)
        assert set(wrong.ids) <= set(told.end)
        assert set(case.answer) == set(right.end)
        assert not set(wrong.ids) & set(right.end)


def test_what_is_given_and_what_is_missing_are_the_whole_list(net: Net) -> None:
    for case in choices.complete_symptoms(net, 7):
        given = case.slots["given"]
        assert isinstance(given, Names)
        assert {*given.ids, *case.answer} == set(net.next(case.subject, "symptoms")[:8])
        assert not set(given.ids) & set(case.answer)


def test_what_has_no_answer_has_none(net: Net) -> None:
    cases = list(choices.unanswerable(net, 7))
    assert len(cases) > 300
    assert not any(case.answer or case.edges for case in cases)


def test_symptoms_lead_to_few_diseases_that_have_them_all(net: Net) -> None:
    for case in choices.symptoms_to_disease(net, 7):
        given = case.slots["given"]
        assert isinstance(given, Names)
        assert case.subject in case.answer
        assert len(case.answer) <= 3
        assert all(set(given.ids) <= set(net.next(disease, "symptoms")) for disease in case.answer)


def test_drugs_given_by_mistake_are_not_those_of_the_disease(net: Net) -> None:
    for case in hops.mistaken_drugs(net, 7):
        other = case.slots["other"]
        assert isinstance(other, Names)
        assert set(case.answer) <= set(net.next(other.ids[0], "drugs")) - set(net.next(case.subject, "drugs"))
        shared = set(net.next(other.ids[0], "symptoms")) & set(net.next(case.subject, "symptoms"))
        assert len(shared) >= 3
        assert 0 < len(case.answer) <= 3


@pytest.mark.parametrize("cut", [2, 3, 4])
def test_a_note_is_cut_between_two_words_and_nothing_is_lost(net: Net, cut: int) -> None:
    for note in note_texts(net, ("en", "ru")):
        given, rest = notes.halves(note.text, cut)
        assert f"{given} {rest}".split() == note.text.split()
        assert len(given.split()) == len(note.text.split()) // cut


def test_a_note_stands_on_what_the_graph_knows_of_its_disease(net: Net) -> None:
    texts = note_texts(net, ("en", "ru"))
    assert len(texts) > 300
    cases = list(notes.note_from_symptoms(net, 7, texts))
    assert sum(bool(case.edges) for case in cases) > 0.9 * len(cases)
    assert {case.source for case in cases} == {"ours, not clinically reviewed"}


def test_there_are_at_least_seven_fields_of_diseases_and_ten_of_drugs() -> None:
    fields = {*FIELDS, *EDGE_FIELDS, *SYNONYM_FIELDS, "disease_limits", "disease_place", "drug_atc"}
    assert fields <= BUILDERS.keys()
    assert sum(name.startswith("disease_") for name in fields) >= 7
    assert sum(name.startswith("drug_") for name in fields) >= 10
