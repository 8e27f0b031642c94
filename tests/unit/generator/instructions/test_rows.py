"""A mix of every builder: whole rows, none twice, answers that stand on edges."""

from __future__ import annotations

from collections import Counter
from typing import Any

from generator.facts import tokens_in
from generator.instructions.builders import BUILDERS
from generator.instructions.case import Lines, case
from generator.instructions.net import Net
from generator.instructions.render import MOST_TOKENS, render
from generator.instructions.wordings import wordings
from kg.query.build import ask

Rows = list[dict[str, Any]]


def test_there_are_exactly_as_many_as_asked_for_and_none_twice(mixed: Rows) -> None:
    assert len(mixed) == len({row["id"] for row in mixed}) == 600
    assert len({(row["instruction"], row["input"], row["output"]) for row in mixed}) == 600
    assert [row["index"] for row in mixed] == list(range(600))


def test_every_builder_that_the_graph_has_something_for_has_rows_in_its_languages(mixed: Rows) -> None:
    found = {(row["builder"], row["language"]) for row in mixed}
    assert {name for name, _ in found} == BUILDERS.keys() - {"disease_broader", "drug_interactions"}
    english = {name for name, language in found if language == "en"}
    assert english - {name for name, language in found if language == "ru"} == {
        "disease_signs",
        "drug_dose",
        "drug_reason",
    }


def test_a_row_says_the_same_as_fields_and_as_a_chat(mixed: Rows) -> None:
    for row in mixed:
        *before, last = row["messages"]
        assert last == {"role": "assistant", "content": row["output"]}
        asked = row["instruction"] + (f"\n\n{row['input']}" if row["input"] else "")
        assert " ".join(turn["content"] for turn in before) == asked
        assert [turn["role"] for turn in before] in (["user"], ["system", "user"])
        assert row["output"].strip()
        assert "{" not in row["instruction"] + row["output"]


def test_some_rows_begin_with_a_role(mixed: Rows) -> None:
    share = sum(len(row["messages"]) == 3 for row in mixed) / len(mixed)
    assert 0.2 < share < 0.3


def test_answers_stand_on_edges_with_evidence(mixed: Rows, net: Net) -> None:
    for row in mixed:
        assert set(row["answer"]) <= net.nodes.keys()
        assert all(edge["evidence_ids"] for edge in row["edges"])
        assert row["questions"]
        # What is read off one node and what has no answer has no edge.
        assert row["edges"] or row["hops"] == 0 or not row["answer"]
        assert row["graph_release"] == "CS:core"


def test_questions_lie_one_to_four_edges_away(mixed: Rows) -> None:
    hops = {name: {row["hops"] for row in mixed if row["builder"] == name} for name in BUILDERS}
    assert hops["shared_symptoms"] == hops["drug_groups"] == {1}
    assert hops["drugs_for_symptoms"] == hops["drugs_of_lookalikes"] == {2}
    assert hops["mistaken_drugs"] == hops["resembling_effects"] == {3}
    assert hops["mistaken_classes"] == hops["mistaken_effects"] == {4}


def test_names_of_the_answer_stand_in_the_output(mixed: Rows, net: Net) -> None:
    told = {"disease_symptoms", "disease_drugs", "mistaken_drugs", "drug_effects", "complete_symptoms", "five_choice"}
    for row in mixed:
        if row["builder"] in told:
            output = row["output"].casefold()
            assert all(net.nodes[key].names[row["language"]].casefold() in output for key in row["answer"])


def test_a_long_answer_keeps_within_its_tokens(mixed: Rows) -> None:
    long = [row["output"] for row in mixed if row["builder"] == "long_answer"]
    assert max(tokens_in(text) for text in long) <= MOST_TOKENS
    assert min(len(text.split()) for text in long) >= 10


def test_labels_come_equally_often(mixed: Rows) -> None:
    for builder, labels in (("nli_label", 3), ("nli_hypothesis", 3), ("nli_premise", 3), ("yes_no", 2)):
        counts = Counter(row["label"] for row in mixed if row["builder"] == builder)
        assert len(counts) == labels
        assert max(counts.values()) - min(counts.values()) <= 2


def test_an_answer_that_is_too_long_is_not_made(net: Net) -> None:
    (disease, *_) = net.of_kind("Disease")
    few, many = net.next(disease, "symptoms"), net.of_kind("Symptom")
    told = [
        render(
            net, wordings(), case(net, "long_answer", disease, ask("disease", disease), {"lines": lines}), "en", 0, 7, 0
        )
        for lines in (Lines((("disease_symptoms", few),)), Lines((("disease_symptoms", many),)))
    ]
    assert told[0] is not None
    assert told[1] is None
