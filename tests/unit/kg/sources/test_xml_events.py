"""XML as it streams by."""

from __future__ import annotations

import pytest

from kg.sources.records import Problem
from kg.sources.xml_events import Closed, Opened, xml_events
from tests.unit.kg.sources.text_in_memory import InMemory


def events(text: str, *whole: str) -> list[Opened | Closed | Problem]:
    return list(xml_events(InMemory.of("a.xml", text), whole))


def test_elements_are_told_with_their_lines_and_their_own_text() -> None:
    assert events('<a x="1">\n one <b>two</b>\n three</a>') == [
        Opened("a", {"x": "1"}, 1),
        Opened("b", {}, 2),
        Closed("b", "two", 2),
        Closed("a", "one three", 3),
    ]


def test_the_text_inside_other_elements_belongs_to_one_that_is_read_whole() -> None:
    assert Closed("a", "one two three", 1) in events("<a>one <b>two</b> three</a>", "a")


def test_pieces_may_end_anywhere() -> None:
    text = "<a>" + "".join(f"<b>номер {number}</b>" for number in range(500)) + "</a>"
    found = [event.text for event in events(text) if isinstance(event, Closed) and event.name == "b"]
    assert found == [f"номер {number}" for number in range(500)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<a><b></a>", "xml-damaged"),
        ("", "xml-damaged"),
        ("not xml", "xml-damaged"),
        ("<a>\x00</a>", "xml-damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-entity"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "xml-entity"),
        ('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/x">%b;]><a/>', "xml-entity"),
        ("<a>" * 101, "xml-depth"),
    ],
)
def test_damage_and_entities_end_it_with_a_problem(text: str, rule: str) -> None:
    last = events(text)[-1]
    assert isinstance(last, Problem)
    assert (last.rule, last.severity) == (rule, "error")


def test_a_dtd_that_is_only_named_is_not_fetched() -> None:
    assert events('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>') == [Opened("a", {}, 1), Closed("a", "", 1)]
