"""Blocked names are found as runs of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.models.blocklist import Blocklist, Spelled, spellings

RUNS = {"a b c": [1, 2, 3], "x": [9], "a b": [1, 2], "d": [4]}


def encode(texts: Sequence[str]) -> list[list[int]]:
    """Spell each name one way only, whatever stands before it and whatever its capitals."""
    return [RUNS[text.strip().lower()] for text in texts]


def blocklist(names: Iterable[str], needed: Sequence[int] = ()) -> Blocklist:
    return Blocklist(Spelled(encode), names, needed)


def test_the_token_that_would_finish_a_blocked_run_is_banned() -> None:
    block = blocklist(["a b c", "x"])
    assert block.banned_after([]) == {9}
    assert block.banned_after([5, 1, 2]) == {3, 9}
    assert block.banned_after([1, 5, 2]) == {9}


def test_the_last_word_of_a_name_is_banned_without_its_space_too() -> None:
    spelled = Spelled(encode, {3: (13, 14), 9: (19,)})
    block = Blocklist(spelled, ["a b c", "x"], ())
    assert block.banned_after([1, 2]) == {3, 13, 14, 9}
    # A name of one token is spelled without a space anyhow, and may stand within a word.
    assert block.banned_after([]) == {9}


def test_a_run_that_the_facts_need_is_not_blocked() -> None:
    block = blocklist(["a b", "d"], needed=[7, 1, 2, 8])
    assert block.banned_after([1]) == {4}


def test_a_name_is_spelled_at_the_start_of_a_text_within_it_and_with_capitals() -> None:
    assert spellings("cough") == ("cough", " cough", "Cough", " Cough")
    assert set(spellings("dry cough")) == {
        f"{before}{dry} {cough}" for before in ("", " ") for dry in ("dry", "Dry") for cough in ("cough", "Cough")
    }
    assert " loss Of smell" in spellings("loss of smell")
    assert len(spellings("a name of rather many words")) == 4
    assert spellings("AIDS") == ("AIDS", " AIDS")
    assert spellings(" weight gained") == (" weight gained",)


def test_a_name_is_put_into_tokens_once_for_all_rows() -> None:
    asked: list[str] = []
    spelled = Spelled(lambda texts: asked.extend(texts) or [[len(text)] for text in texts])
    for _ in range(2):
        assert Blocklist(spelled, ["AIDS"], ()).banned_after([]) == {4, 5}
    assert sorted(asked) == [" AIDS", "AIDS"]


def test_rows_that_share_spellings_block_their_own_names_alone() -> None:
    spelled = Spelled(encode)
    one, other = Blocklist(spelled, ["x"], ()), Blocklist(spelled, ["d"], ())
    assert (one.banned_after([]), other.banned_after([])) == ({9}, {4})
