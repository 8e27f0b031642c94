"""What the second judge makes of vectors; what they are worth is tested with the real model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generator.scoring.bertscore import bert_score
from generator.scoring.judge import Judge
from generator.scoring.names import Names, english_names, with_vectors
from generator.scoring.windows import windows
from kg.subgraph import SubgraphNode
from tests.unit.generator.scoring.letters import Letters

NODES = [
    SubgraphNode("S:1", "Symptom", {"en": "bleeding", "ru": "кровотечение"}, {}, {}),
    SubgraphNode("S:2", "Symptom", {"en": "vaginal bleeding"}, {"en": ("metrorrhagia",)}, {}),
    SubgraphNode("S:3", "Symptom", {"en": "fever"}, {}, {}),
    SubgraphNode("S:4", "Symptom", {"ru": "озноб"}, {}, {}),
    SubgraphNode("S:5", "Symptom", {"en": "Fever"}, {}, {}),
    SubgraphNode("ICD10:R50", "IcdCode", {"en": "rash"}, {}, {}),
]


def silent(done: int, total: int) -> None:
    assert done <= total


@pytest.fixture
def names(tmp_path: Path) -> Names:
    return with_vectors(english_names(NODES), Letters(), tmp_path, silent)


@pytest.fixture
def judge(names: Names) -> Judge:
    return Judge(Letters(), names)


def test_runs_of_words_end_at_the_end_of_a_clause() -> None:
    text = "High fever, no rash."
    assert [text[start:end] for start, end in windows(text)] == ["High", "High fever", "fever", "no", "no rash", "rash"]
    assert list(windows("")) == []


def test_of_two_names_the_longer_is_meant_and_one_name_may_mean_several_things(judge: Judge) -> None:
    places = judge.meant("She has vaginal bleeding and Fever.")
    assert [(place.said, place.term_ids) for place in places] == [
        ("vaginal bleeding", frozenset({"S:2"})),
        ("Fever", frozenset({"S:3", "S:5"})),
    ]


def test_facts_are_told_missed_and_invented(judge: Judge) -> None:
    found = judge.judge(
        "Metrorrhagia since Monday, and a fever.", {"F1": ["S:2"], "F2": ["S:1"], "F3": ["S:4"]}, [], []
    )
    # What has no English name cannot be looked for, so it is not held against the note.
    assert (found.told, found.missed) == (("F1", "F3"), ("F2",))
    assert [place.said for place in found.invented] == ["fever"]
    assert found.scores == {}


def test_words_of_a_name_that_was_given_are_not_invented(judge: Judge) -> None:
    assert judge.judge("Bleeding since Monday.", {"F1": ["S:2"]}, [], []).invented == ()
    (other,) = judge.judge("Vaginal bleeding since Monday.", {"F1": ["S:1"]}, [], []).invented
    assert other.said == "Vaginal bleeding"


def test_what_was_given_has_the_benefit_of_the_doubt(judge: Judge) -> None:
    text = "vaginal bleedin"
    assert judge.judge(text, {"F": ["S:2"]}, [], []).told == ("F",)
    near = judge.meant(text, None)
    assert all(place.similarity < 1 for place in near)


def test_a_text_that_says_nothing_of_the_graph_names_nothing(judge: Judge) -> None:
    for text in ("", "…", "12", "zzz qqq"):
        found = judge.judge(text, {"F": ["S:1"]}, ["bleeding"], [])
        assert (found.told, found.missed, found.invented) == ((), ("F",), ())


def test_the_scores_are_recall_of_the_symptoms_and_precision_by_the_most_alike_example(judge: Judge) -> None:
    scores = judge.judge("fever and bleeding", {}, ["fever", "bleeding"], ["nothing", "fever and bleeding"]).scores
    assert scores["anamnesis_precision"] == pytest.approx(1.0)
    assert 0.5 < scores["symptoms_recall"] <= 1.0


def test_bert_score_matches_each_token_with_the_most_alike_and_counts_no_marker() -> None:
    marker, x, y = np.eye(3, dtype=np.float32)
    one, both = np.stack([marker, x, marker]), np.stack([marker, x, y, marker])
    assert bert_score(one, both) == pytest.approx((1.0, 0.5, 2 / 3))
    assert bert_score(both, one) == pytest.approx((0.5, 1.0, 2 / 3))
    assert bert_score(np.stack([marker, marker]), both) == (0.0, 0.0, 0.0)


def test_the_vectors_of_names_are_made_once_and_again_when_a_file_is_damaged(tmp_path: Path) -> None:
    bearers = english_names(NODES)
    assert sorted(bearers) == ["bleeding", "fever", "metrorrhagia", "vaginal bleeding"]
    assert bearers["fever"] == {"S:3", "S:5"}
    first, second, third = Letters(), Letters(), Letters()
    with_vectors(bearers, first, tmp_path, silent)
    with_vectors(bearers, second, tmp_path, silent)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with_vectors(bearers, third, tmp_path, silent)
    assert (len(first.asked), second.asked, len(third.asked)) == (4, [], 4)
    assert file.read_bytes() == whole


def test_words_met_before_are_not_turned_into_vectors_again(names: Names) -> None:
    letters = Letters()
    judge = Judge(letters, names)
    judge.meant("fever")
    judge.meant("Fever")
    assert letters.asked == ["fever"]


def test_the_fingerprint_changes_with_the_names(tmp_path: Path) -> None:
    made = [Judge(Letters(), with_vectors(english_names(NODES[:n]), Letters(), tmp_path, silent)) for n in (2, 3)]
    assert made[0].fingerprint != made[1].fingerprint
