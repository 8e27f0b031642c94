from __future__ import annotations

import pytest

from kg.sources.json_items import Item, json_items
from kg.sources.records import Problem
from tests.unit.kg.sources.text_in_memory import InMemory


def read(text: str) -> list[Item | Problem]:
    return list(json_items(InMemory.of("x.json", text), ("nodes", "edges")))


def test_items_are_counted_in_their_list_and_read_in_the_order_they_stand() -> None:
    text = '{"about": {"nodes": [7]}, "nodes": [{"a": 1}, 2.5], "edges": ["x"], "more": []}'
    assert read(text) == [Item("nodes", 1, {"a": 1}), Item("nodes", 2, 2.5), Item("edges", 1, "x")]


@pytest.mark.parametrize(
    "damage", ['{"b": ', "nonsense", "]}]", '{"b": 1e999}', "9" * 6000 + "]", '"\x01"', "[" * 3000]
)
def test_damage_is_told_after_the_items_before_it(damage: str) -> None:
    first, *_, last = read('{"nodes": [1, ' + damage)
    assert first == Item("nodes", 1, 1)
    assert isinstance(last, Problem)
    assert (last.rule, last.severity) == ("json-form", "error")
    assert len(last.message) < 300


@pytest.mark.parametrize("text", ["[1]", '{"nodes": []}', '"nodes"'])
def test_a_document_without_such_items_is_told(text: str) -> None:
    assert [item.rule for item in read(text) if isinstance(item, Problem)] == ["no-items"]
