"""Distinct-n and self-BLEU are what their papers and sacrebleu say; a sample hangs on its seed alone."""

from __future__ import annotations

import random

import pytest

from generator.report.diversity import Sample, distinct, self_bleu, tokens


def test_tokens_are_words_and_marks_in_small_letters() -> None:
    assert tokens("A man, 45; BP 120/80. Кашель!") == [
        "a", "man", ",", "45", ";", "bp", "120", "/", "80", ".", "кашель", "!",
    ]  # fmt: skip


def test_distinct_counts_different_runs_over_all() -> None:
    texts = [["a", "b", "a"], ["a", "b"]]
    assert distinct(texts, 1) == 2 / 5
    assert distinct(texts, 2) == 2 / 3
    assert distinct(texts, 4) is None
    assert distinct([], 1) is None


# From sacrebleu 2.6.0: mean of BLEU(smooth_method="exp", effective_order=True, tokenize="none").sentence_score over the
# texts, each against all the others.
@pytest.mark.parametrize(
    ("texts", "score"),
    [
        (
            [
                "a man with a cough and a fever .",
                "a woman with a cough and fever for three days .",
                "no fever , a man with a cough .",
            ],
            46.21813420660546,
        ),
        (["a b c d", "a b c d"], 100.0),
        (["a b", "a b", "c"], 66.66666666666667),
        (["a b c d e", "a b x y z", "q c d e"], 39.22404064657399),
        (["the man has a cough today", "a cough the man has", "fever and a rash were seen in her"], 28.150239906672727),
        (["a b c", "d e f"], 0.0),
    ],
)
def test_self_bleu_is_what_sacrebleu_reckons(texts: list[str], score: float) -> None:
    assert self_bleu([text.split() for text in texts]) == pytest.approx(score, abs=1e-9)


def test_self_bleu_needs_two_texts() -> None:
    assert self_bleu([]) is None
    assert self_bleu([["a"]]) is None
    assert self_bleu([[], []]) == 0.0


def test_a_sample_does_not_hang_on_the_order() -> None:
    keys = [f"NOTE:{number}" for number in range(500)]
    drawn = []
    for shuffle in (1, 2):
        sample = Sample(40, seed=7)
        for key in random.Random(shuffle).sample(keys, len(keys)):
            sample.offer(key, f"text of {key}")
        drawn.append(sample.texts())
    other = Sample(40, seed=8)
    for key in keys:
        other.offer(key, f"text of {key}")
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == 40
    assert set(other.texts()) != set(drawn[0])


def test_a_small_set_is_its_own_sample_and_none_can_be_asked_for() -> None:
    sample, none = Sample(10, seed=1), Sample(0, seed=1)
    for key in "abc":
        sample.offer(key, key)
        none.offer(key, key)
    assert sorted(sample.texts()) == ["a", "b", "c"]
    assert none.texts() == []
