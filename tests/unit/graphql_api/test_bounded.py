"""A bounded mapping forgets what was not used for longest."""

from __future__ import annotations

from graphql_api.bounded import Bounded


def test_what_was_used_last_is_kept() -> None:
    known: Bounded[str, int] = Bounded(2)
    known.put("a", 1)
    known.put("b", 2)
    assert known.get("a") == 1
    known.put("c", 3)
    assert (known.get("a"), known.get("b"), known.get("c"), len(known)) == (1, None, 3, 2)


def test_a_value_that_is_none_is_known_all_the_same() -> None:
    known: Bounded[str, int | None] = Bounded(2)
    known.put("a", None)
    assert known.get("a", 7) is None
    assert known.get("b", 7) == 7


def test_values_weigh_what_they_are_said_to() -> None:
    known: Bounded[str, str] = Bounded(10, lambda _, value: len(value))
    known.put("a", "xxxx")
    known.put("b", "xxxx")
    assert known.put("c", "xxx") == "xxx"
    assert (known.get("a"), known.get("b"), known.weight) == (None, "xxxx", 7)
    known.put("b", "x")
    assert known.weight == 4
    known.put("d", "x" * 11)
    assert (len(known), known.weight) == (0, 0)
