"""A state that is laid out as properties is read back as it was."""

from __future__ import annotations

from typing import Any

from kg.changes import merged_edge, merged_node
from kg.stored import DRAW_PRIME, draw_number, edge_row, edge_state, evidence_row, node_row, node_state
from kg.values import Edge, Evidence, Node

EVIDENCE = Evidence("a", "1", "CC0-1.0", "ref", "us", "a snippet", "for", {"weight": 0.5})
AGAINST = Evidence("b", "1", "CC0-1.0", "ref", "us", None, "against")


def without_none(properties: dict[str, Any]) -> dict[str, Any]:
    """What a database keeps: a property that is null is not there."""
    return {name: value for name, value in properties.items() if value is not None}


def test_a_node_comes_back_as_it_was_laid_out() -> None:
    node = Node("Disease", "DOID:1", {"en": "cold", "ru": "простуда"}, {"ru": ("насморк",)}, {"age_min": 3}, ("X:1",))
    state = merged_node(None, node, "a")

    assert node_state("Disease", without_none(node_row("DOID:1", state)["properties"])) == state


def test_a_node_is_listed_by_its_english_name_or_else_by_the_one_it_has() -> None:
    both = merged_node(None, Node("Symptom", "S:1", {"en": "fever", "ru": "жар"}), "a")
    one = merged_node(None, Node("Symptom", "S:1", {"ru": "жар"}), "a")

    assert node_row("S:1", both)["properties"]["name"] == "fever"
    assert node_row("S:1", one)["properties"]["name"] == "жар"


def test_an_edge_comes_back_with_its_evidence_and_names_only_sources_that_speak_for_it() -> None:
    edge = Edge("HAS_SYMPTOM", "DOID:1", "S:1", (EVIDENCE, AGAINST))
    state = merged_edge(None, edge, "CS:1", "2026-01-01")
    rows = [without_none(evidence_row(edge.id, item)["properties"]) for item in state["evidence"]]

    assert edge_state("HAS_SYMPTOM", "DOID:1", "S:1", rows) == state
    assert edge_row(state)["properties"]["sources"] == ["a"]
    assert edge_row(state)["properties"]["weight"] == 0.5


def test_the_number_of_a_seeded_draw_is_the_same_on_every_server() -> None:
    assert draw_number("DOID:1") == draw_number("DOID:1") != draw_number("DOID:2")
    assert 0 <= draw_number("DOID:1") < DRAW_PRIME
