"""Runs of twelve words and more that stand in an example are found, however they are set."""

from __future__ import annotations

from generator.report.copied import RUN, Examples, shipped_texts

WORDS = [f"word{number}" for number in range(40)]


def test_a_run_of_twelve_words_is_found_and_one_of_eleven_is_not() -> None:
    examples = Examples([" ".join(WORDS)])
    twelve, eleven = " ".join(WORDS[5 : 5 + RUN]), " ".join(WORDS[5 : 4 + RUN])
    (run,) = examples.copied(f"Before that. {twelve.upper()}, after.")
    assert run.words == RUN
    assert f"Before that. {twelve.upper()}, after."[run.start : run.end] == twelve.upper()
    assert examples.copied(f"Before that. {eleven} after.") == ()


def test_overlapping_runs_are_one_and_two_apart_are_two() -> None:
    examples = Examples([" ".join(WORDS)])
    (run,) = examples.copied("no " + "; ".join(WORDS[3:30]) + " more")
    assert run.words == 27
    apart = examples.copied(" ".join([*WORDS[:13], "then", *WORDS[20:33]]))
    assert [run.words for run in apart] == [13, 13]


def test_the_shipped_examples_are_compared_with_and_copy_themselves() -> None:
    texts = shipped_texts()
    assert len(texts) > 300
    examples = Examples(texts)
    long = [text for text in texts if len(text.split()) > 2 * RUN]
    assert all(examples.copied(text) for text in long)
    assert not Examples().copied(long[0])
