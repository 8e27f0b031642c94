"""A state that is laid out as properties is read back as it was."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from kg.changes import merged_edge, merged_node
from kg.stored import (
    DRAW_PRIME,
    alias_key,
    alias_row,
    alias_state,
    draw_number,
    edge_of,
    edge_row,
    edge_state,
    node_of,
    node_row,
    node_state,
)
from kg.values import Edge, Evidence, Node

EVIDENCE = Evidence("a", "1", "CC0-1.0", "ref", "us", "a snippet", "for", {"weight": 0.5})
AGAINST = Evidence("b", "1", "CC0-1.0", "ref", "us", None, "against")


def test_a_node_comes_back_as_it_was_laid_out() -> None:
    node = Node("Disease", "DOID:1", {"en": "cold", "ru": "простуда"}, {"ru": ("насморк",)}, {"age_min": 3}, ("X:1",))
    state = merged_node(None, node, "a")

    row = node_row("DOID:1", state, 7)

    assert node_state("Disease", row) == state
    assert (row["id"], row["since"], row["authority"]) == ("DOID:1", 7, 1)
    assert node_of("Disease", row).properties == {"age_min": 3}


def test_a_node_is_listed_by_its_english_name_or_else_by_the_one_it_has() -> None:
    both = merged_node(None, Node("Symptom", "S:1", {"en": "fever", "ru": "жар"}), "a")
    one = merged_node(None, Node("Symptom", "S:1", {"ru": "жар"}), "a")

    assert node_row("S:1", both, 1)["name"] == "fever"
    assert node_row("S:1", one, 1)["name"] == "жар"


def test_an_edge_comes_back_with_its_evidence_and_names_only_sources_that_speak_for_it() -> None:
    edge = Edge("HAS_SYMPTOM", "DOID:1", "S:1", (EVIDENCE, AGAINST))
    state = merged_edge(None, edge, "CS:1", "2026-01-01")
    row = edge_row(state, 3)
    kept = row["properties"]

    assert (row["start"], row["end"], kept["id"]) == ("DOID:1", "S:1", edge.id)
    assert edge_state("HAS_SYMPTOM", "DOID:1", "S:1", kept["told"]) == state
    assert kept["sources"] == ["a"]
    assert kept["weight"] == 0.5
    assert kept["since"] == 3
    assert kept["evidence"] == [item["id"] for item in orjson.loads(kept["told"])]
    assert edge_of(kept).evidence_ids == tuple(kept["evidence"])


def test_the_licences_of_all_evidence_travel_on_the_edge() -> None:
    other = Evidence("c", "1", "CC BY-NC 4.0", "ref", "us")
    state = merged_edge(None, Edge("HAS_SYMPTOM", "DOID:1", "S:1", (EVIDENCE, AGAINST, other)), "CS:1", "2026-01-01")

    assert edge_row(state, 1)["properties"]["licences"] == ["CC BY-NC 4.0", "CC0-1.0"]


def test_an_alias_comes_back_as_it_was_laid_out_and_is_kept_once_for_each_kind() -> None:
    state = {"kind": "Disease", "id": "MONDO:1", "of": "DOID:1", "why": "exact", "source": "mondo"}

    assert alias_state(alias_row(state, 4)) == state
    assert alias_row(state, 4)["key"] == alias_key("Disease", "MONDO:1") != alias_key("Symptom", "MONDO:1")


@given(st.dictionaries(st.sampled_from(("weight",)), st.floats(0, 1)), st.text(min_size=1).map(str.strip))
def test_any_claim_and_any_text_of_evidence_comes_back_exactly(claims: dict[str, float], text: str) -> None:
    item = Evidence("a", "1", "CC0-1.0", text or "ref", "us", text or None, "for", claims)
    state = merged_edge(None, Edge("HAS_SYMPTOM", "DOID:1", "S:1", (item,)), "CS:1", "2026-01-01")

    assert edge_state("HAS_SYMPTOM", "DOID:1", "S:1", edge_row(state, 1)["properties"]["told"]) == state


def test_the_number_of_a_seeded_draw_is_the_same_on_every_server() -> None:
    assert draw_number("DOID:1") == draw_number("DOID:1") != draw_number("DOID:2")
    assert 0 <= draw_number("DOID:1") < DRAW_PRIME
