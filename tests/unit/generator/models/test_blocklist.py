"""Blocked names are found as runs of tokens."""

from __future__ import annotations

from generator.models.blocklist import Blocklist, Spelled, spellings


def test_the_token_that_would_finish_a_blocked_run_is_banned() -> None:
    block = Blocklist([[1, 2, 3], [9]], needed=[])
    assert block.banned_after([]) == {9}
    assert block.banned_after([5, 1, 2]) == {3, 9}
    assert block.banned_after([1, 5, 2]) == {9}


def test_a_run_that_the_facts_need_is_not_blocked() -> None:
    block = Blocklist([[1, 2], [4]], needed=[7, 1, 2, 8])
    assert block.banned_after([1]) == {4}


def test_a_name_is_spelled_at_the_start_of_a_text_within_it_and_with_a_capital() -> None:
    assert spellings("dry cough") == ("dry cough", " dry cough", "Dry cough", " Dry cough")
    assert spellings("AIDS") == ("AIDS", " AIDS")


def test_a_name_is_put_into_tokens_once() -> None:
    asked: list[str] = []
    spelled = Spelled(lambda text: asked.append(text) or [len(text)])
    assert list(spelled.runs(["AIDS", "AIDS"])) == [[4], [5], [4], [5]]
    assert asked == ["AIDS", " AIDS"]
