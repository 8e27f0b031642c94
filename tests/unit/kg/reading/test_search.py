"""Hits are sorted by how much of the text a name is."""

from __future__ import annotations

from kg.reading.search import ranked
from kg.subgraph import SubgraphNode


def node(node_id: str, name: str, *synonyms: str) -> SubgraphNode:
    return SubgraphNode(node_id, "Disease", {"en": name}, {"en": synonyms} if synonyms else {}, {})


def test_whole_names_come_before_parts_and_names_before_synonyms() -> None:
    rows = [
        (node("D:1", "chronic asthma"), 9.0),
        (node("D:2", "wheezing", "asthma"), 8.0),
        (node("D:3", "asthma"), 1.0),
        (node("D:4", "asthma of bakers"), 2.0),
        (node("D:5", "cough"), 1000.0),
    ]
    assert [hit.node.id for hit in ranked("asthma", rows)] == ["D:5", "D:3", "D:2", "D:4", "D:1"]
    assert [hit.matched for hit in ranked("asthma", rows)][2] == "asthma"
