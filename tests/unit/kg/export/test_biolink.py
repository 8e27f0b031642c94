"""The graph in Biolink's words, and the cells of KGX tables."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from kg.changes import merged_edge, merged_node
from kg.export.biolink import CATEGORIES, EDGE_COLUMNS, NODE_COLUMNS, PREDICATES, edge_entries, infores, node_entry
from kg.export.kgx import BAR, QUOTED, row_of
from kg.export.rows import NodeRow
from kg.export.writer import BREAK
from kg.schema import EDGE_KINDS, NODE_KINDS
from kg.values import Edge, Evidence, Node

SAID = Evidence("curation", "1", "CC0-1.0", "PMID:1", "ann", snippet="quoted", claims={"purpose": "symptomatic"})


def entry_of(node: Node) -> dict[str, Any]:
    return node_entry(NodeRow(node.id, merged_node(None, node, "mondo"), ()))


def test_every_kind_has_a_word() -> None:
    assert set(CATEGORIES) == {kind.label for kind in NODE_KINDS}
    assert set(PREDICATES) == {kind.type for kind in EDGE_KINDS}


@pytest.mark.parametrize("kind", EDGE_KINDS, ids=lambda kind: kind.type)
def test_every_field_has_a_column(kind: Any) -> None:
    claims = {known.name: 0.5 if known.numeric else "x" for known in kind.properties}
    edge = Edge(kind.type, "A:1", "B:2", (Evidence("s", "1", "CC0", "r", "ann", "q", "against", claims),))

    (entry,) = edge_entries(merged_edge(None, edge, "CS:1", "now"))

    assert set(entry) <= set(EDGE_COLUMNS)
    assert entry["negated"] is True


def test_a_node_tells_only_what_it_has() -> None:
    told = entry_of(Node("Drug", "DB:1", {"ru": "аспирин"}, properties={"atc": "N02BA01"}))

    assert told == {
        "id": "DB:1",
        "category": ["biolink:Drug", "MKG:Drug"],
        "name": "аспирин",
        "provided_by": ["infores:mondo"],
        "name_ru": "аспирин",
        "atc": "N02BA01",
    }
    assert set(told) <= set(NODE_COLUMNS)


def test_what_a_curator_says_is_asserted_by_a_person() -> None:
    (told,) = edge_entries(merged_edge(None, Edge("TREATS", "DB:1", "D:1", (SAID,)), "CS:1", "now"))

    assert (told["knowledge_level"], told["agent_type"]) == ("knowledge_assertion", "manual_agent")
    assert told["predicate"] == "biolink:ameliorates_condition"
    assert told["publications"] == ["PMID:1"]


def test_a_source_is_an_information_resource() -> None:
    assert infores("Clinic X / 2") == "infores:clinic-x-2"


def test_what_a_table_cannot_hold_is_replaced_and_counted() -> None:
    altered: Counter[str] = Counter()

    row = row_of(("a", "b", "c", "d"), altered, {"a": "one\ttwo\n", "b": ["x|y", "z"], "c": '"quoted" word', "d": 0.1})

    assert row == "one two \tx/y|z\t'quoted\" word\t0.1\n"
    assert altered == {BREAK: 1, BAR: 1, QUOTED: 1}


def test_a_field_that_is_missing_is_an_empty_cell() -> None:
    assert row_of(("a", "b"), Counter(), {"b": True}) == "\ttrue\n"
