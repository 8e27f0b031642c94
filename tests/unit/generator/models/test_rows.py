"""Rows are written side by side and do not know of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from generator.errors import ModelError
from generator.models.blocklist import Blocklist, Spelled
from generator.models.drawing import Scores
from generator.models.engine import Read
from generator.models.rows import Row, write
from generator.models.telling import Telling
from generator.models.turns import Turn
from generator.prompt import Given, Sampling

GREEDY = Sampling(max_new_tokens=5, temperature=0.0)
END = 0


def after(token: int) -> Scores:
    """Count down: the token before is the likeliest, the one two before the next likely."""
    scores = np.zeros(12, np.float32)
    scores[max(token - 1, END)], scores[max(token - 2, END)] = 2, 1 if token > 1 else 2
    return scores


class Counting:
    """An engine that counts down from the last token of a prompt."""

    limit, vocabulary, ends = 100, 12, frozenset({END})

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def read(self, turns: Sequence[Turn]) -> tuple[int, Scores]:
        return turns[-1][-1], after(turns[-1][-1])

    def batch(self, memories: Sequence[int]) -> Counting:
        self.going = list(memories)
        return self

    def step(self, tokens: Sequence[int]) -> Scores:
        assert len(tokens) == len(self.going)
        self.batches.append(list(tokens))
        return np.stack([after(token) for token in tokens])

    def back(self, place: int, count: int) -> None:
        raise AssertionError("nothing is blocked")

    def keep(self, places: Sequence[int]) -> None:
        self.going = [self.going[place] for place in places]


def test_each_row_ends_by_itself_and_the_others_go_on() -> None:
    engine = Counting()
    rows = [Row([(start,)], 1, GREEDY) for start in (3, 1, 9, 4)]
    write(engine, rows, "here")
    assert [row.written for row in rows] == [[2, 1], [], [8, 7, 6, 5, 4], [3, 2, 1]]
    assert engine.batches == [[2, 8, 3], [1, 7, 2], [6, 1], [5]]


def test_a_blocked_token_is_passed_over_in_its_own_row_alone() -> None:
    spelled = Spelled(lambda texts: [[5] for _ in texts])
    rows = [Row([(7,)], 1, GREEDY, block=Blocklist(spelled, ["five"], ())), Row([(7,)], 1, GREEDY)]
    write(Counting(), rows, "here")
    assert [row.written for row in rows] == [[6, 4, 3, 2, 1], [6, 5, 4, 3, 2]]


class Remembering(Counting):
    """Knows which tokens each row took. After 9 it may say 8 or 4, after 8 hardly anything but 7."""

    def batch(self, memories: Sequence[int]) -> Counting:
        self.taken: list[list[int]] = [[] for _ in memories]
        return super().batch(memories)

    def step(self, tokens: Sequence[int]) -> Scores:
        for row, token in zip(self.taken, tokens, strict=True):
            row.append(token)
        sure = super().step(tokens)
        for scores, token in zip(sure, tokens, strict=True):
            scores[8 - 1] += 9 * (token == 8)
        return sure

    def back(self, place: int, count: int) -> None:
        del self.taken[place][-count:]

    def keep(self, places: Sequence[int]) -> None:
        super().keep(places)
        self.taken = [self.taken[place] for place in places]


def test_a_row_goes_back_before_a_blocked_name_and_the_model_forgets_it() -> None:
    spelled = Spelled(lambda texts: [[8, 7] for _ in texts])
    told: list[list[int]] = []

    def row(name: str, heard: Callable[[Sequence[int]], None] | None = None) -> Row:
        return Row([(10,)], 1, GREEDY, block=Blocklist(spelled, [name] * bool(name), ()), heard=heard)

    engine = Remembering()
    rows = [row("eight seven", lambda tokens: told.append(list(tokens))), row(""), Row([(3,)], 1, GREEDY)]
    write(engine, rows, "here")
    # Not 8 behind 9, since 7 would follow; the second of the likely ones is 7.
    assert [found.written for found in rows] == [[9, 7, 6, 5, 4], [9, 8, 7, 6, 5], [2, 1]]
    # The others had ended by then.
    assert engine.taken == [[9, 7, 6, 5]]
    # Whoever hears it is not told what may be taken back.
    assert told == [[]] * len(told)
    assert len(told) == 6


def test_the_end_of_a_sentence_is_held_back_while_a_list_is_half_told() -> None:
    def row(*named: str) -> Row:
        spelled = Spelled(lambda texts: [[11] for _ in texts])
        given = [Given("symptom", (name,)) for name in named]
        # Token 6 ends a sentence; what is written says "one" throughout.
        told = Telling(given, spelled, lambda texts: [[] for _ in texts], lambda tokens: "one" * bool(tokens))
        return Row([(8,)], 1, GREEDY, telling=told, stops=[6])

    rows = [row("one", "two"), row("one")]
    write(Counting(), rows, "here")
    assert [row.written for row in rows] == [[7, 5, 4, 3, 2], [7, 6, 5, 4, 3]]


def test_within_a_name_nothing_is_left_to_chance() -> None:
    hot = Sampling(max_new_tokens=5, temperature=2.0, top_p=1.0)

    def written(seed: int, *names: str) -> list[int]:
        # The name is 7, 6, 5; what is written says nothing.
        telling = Telling(
            [Given("drug", (name,)) for name in names],
            Spelled(lambda texts: [[11] for _ in texts]),
            lambda texts: [[7, 6, 5] for _ in texts],
            lambda _: "",
        )
        row = Row([(8,)], seed, hot, telling=telling)
        write(Counting(), [row], "here")
        return row.written

    begun = [found for found in (written(seed, "a") for seed in range(60)) if 7 in found[:3]]
    assert len(begun) > 5
    assert all(found[found.index(7) :][:3] == [7, 6, 5] for found in begun)
    assert any(found[found.index(7) :][:3] != [7, 6, 5] for found in (written(n) for n in range(60)) if 7 in found[:3])


def test_a_drug_does_not_go_on_behind_its_name() -> None:
    def written(kind: str) -> list[int]:
        # Token 6 goes on with a word; what is written says the name once token 7 is there.
        told = Telling(
            [Given(kind, ("one",))],
            Spelled(lambda texts: [[11] for _ in texts]),
            lambda texts: [[] for _ in texts],
            lambda tokens: "one" if tokens[-1:] == [7] else "",
        )
        row = Row([(8,)], 1, GREEDY, telling=told, joins=[6])
        write(Counting(), [row], "here")
        return row.written

    assert written("symptom") == [7, 6, 5, 4, 3]
    assert written("drug") == [7, 5, 4, 3, 2]


def test_a_name_is_written_when_the_form_leaves_nothing_else() -> None:
    class Five:
        def bar(self, scores: Scores) -> None:
            scores[[token for token in range(12) if token != 5]] = -np.inf

        def take(self, token: int) -> None:
            assert token == 5

    row = Row([(7,)], 1, GREEDY, block=Blocklist(Spelled(lambda texts: [[5] for _ in texts]), ["five"], ()), form=Five)
    write(Counting(), [row], "here")
    assert row.written == [5] * 5


def test_whoever_hears_a_row_may_end_it_by_raising() -> None:
    def hear(tokens: Sequence[int]) -> None:
        if len(tokens) == 2:
            raise KeyboardInterrupt

    row = Row([(9,)], 1, GREEDY, heard=hear)
    with pytest.raises(KeyboardInterrupt):
        write(Counting(), [row], "here")
    assert row.written == [8, 7]


def test_what_was_read_is_not_read_again_until_it_was_the_longest_unused() -> None:
    read: list[Turn] = []
    kept: Read[int] = Read(most=5)

    def get(*turns: Turn) -> None:
        kept.get(turns, lambda: read.append(turns[-1]) or 0)

    rules, one, other = (1, 2), (3, 4), (5, 6)
    for turns in ((rules,), (rules, one), (rules,), (rules, one), (rules, other), (rules,), (rules, one)):
        get(*turns)
    assert read == [rules, one, other, rules, one]


class Cramped(Counting):
    """Has memory for a few rows."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def batch(self, memories: Sequence[int]) -> Counting:
        if len(memories) > self.most:
            raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes")
        return super().batch(memories)


def test_with_little_memory_fewer_rows_are_written_at_once() -> None:
    rows = [Row([(start,)], 1, GREEDY) for start in (3, 5, 9, 4, 7)]
    write(Cramped(2), rows, "here")
    assert [row.written[0] for row in rows] == [2, 4, 8, 3, 6]


def test_a_row_that_is_too_large_by_itself_is_named() -> None:
    with pytest.raises(ModelError, match="too small for a prompt of 3 tokens"):
        write(Cramped(0), [Row([(1, 2, 9)], 1, GREEDY)], "here")
