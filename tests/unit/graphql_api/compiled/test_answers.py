"""Kept answers stay within their bytes, and when these get scarce only what is asked twice is kept."""

from __future__ import annotations

from graphql_api.access.keys import Role
from graphql_api.compiled.answers import Answers, Kept, Key, key_of


def key(name: str, **variables: object) -> Key:
    made = key_of(f"query {{ {name} }}", None, variables, Role.VIEWER)
    assert made is not None
    return made


def test_a_question_is_told_by_its_text_operation_variables_and_role() -> None:
    asked = key("a", x=1, y=[2])
    assert asked == key("a", y=[2], x=1)
    others = {asked, key("a", x=2, y=[2]), key("b", x=1, y=[2]), ("query { a }", "A", asked[2], Role.VIEWER)}
    assert len(others) == 4
    assert key_of("query { a }", None, {"x": object()}, Role.VIEWER) is None


def test_while_there_is_room_every_answer_is_wanted() -> None:
    answers = Answers(100_000)
    assert answers.is_wanted(key("a"))


def test_with_little_room_left_an_answer_is_wanted_the_second_time() -> None:
    answers = Answers(100_000)
    for number in range(20):
        answers.put(key("a", n=number), Kept(b"x" * 5_000, 1))
    assert not answers.is_wanted(key("b"))
    assert answers.is_wanted(key("b"))
    assert not answers.is_wanted(key("c"))


def test_answers_stay_within_their_bytes() -> None:
    answers = Answers(100_000)
    for number in range(200):
        answers.put(key("a", n=number), Kept(b"x" * 5_000, 1))
        assert answers.size <= 100_000
    assert 10 < len(answers) < 20
    assert answers.get(key("a", n=199)) is not None
    assert answers.get(key("a", n=0)) is None


def test_an_answer_that_would_push_out_many_others_is_not_kept() -> None:
    answers = Answers(100_000)
    answers.put(key("a"), Kept(b"x" * 50_000, 1))
    assert answers.get(key("a")) is None
    assert answers.size == 0


def test_an_answer_that_is_dropped_gives_its_bytes_back() -> None:
    answers = Answers(100_000)
    answers.put(key("a"), Kept(b"x", 1))
    answers.put(key("a"), Kept(b"xy", 2))
    assert answers.get(key("a")) == Kept(b"xy", 2)
    answers.drop(key("a"))
    assert (len(answers), answers.size) == (0, 0)
