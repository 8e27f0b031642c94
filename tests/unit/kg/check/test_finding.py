"""A finding keeps its id as long as it is about the same things."""

from __future__ import annotations

from kg.check.finding import finding, finding_id, sorted_findings


def test_the_id_is_twelve_hex_digits_of_rule_and_subjects() -> None:
    found = finding("code-of-two", "warning", ("DOID:1", "DOID:2"), "two", "Keep one.")
    assert found.id == finding_id("code-of-two", ("DOID:1", "DOID:2")) == "F:49851738666c"


def test_neither_the_order_of_the_subjects_nor_the_words_change_the_id() -> None:
    first = finding("r", "error", ("a", "b"), "one way to say it", "x")
    second = finding("r", "warning", ("b", "a"), "another", "y")
    assert first.id == second.id
    assert finding("r", "error", "a", "m", "f").id != first.id
    assert finding("q", "error", ("a", "b"), "m", "f").id != first.id


def test_findings_are_told_once_with_errors_first() -> None:
    later, first, again = (
        finding("a", "warning", "x", "m", "f"),
        finding("b", "error", "x", "m", "f"),
        finding("b", "error", "x", "m", "f"),
    )
    assert sorted_findings((later, first, again)) == (first, later)
