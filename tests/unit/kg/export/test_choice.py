"""What goes out: kinds, licences, and the state of an edge without some of its evidence."""

from __future__ import annotations

from typing import Any

import pytest

from kg.errors import DataError
from kg.export.choice import choice, closed_sources, edge_told
from kg.licences import Unwanted, unwanted
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL

NO_NC = unwanted(["NonCommercial"])


def item(key: str, source: str, licence: str, **claims: Any) -> dict[str, Any]:
    return {
        "id": key,
        "source": source,
        "version": "1",
        "licence": licence,
        "direction": "for",
        "claims": claims,
        "change_set": "CS:1",
        "at": "2026-01-01",
    }


def test_nothing_named_is_everything() -> None:
    assert choice().nodes == tuple(NODE_BY_LABEL)
    assert choice().edges == tuple(EDGE_BY_TYPE)


def test_kinds_of_edges_bring_the_kinds_of_their_ends() -> None:
    assert choice(["CAUSES", "IN_CLASS"]).nodes == ("Drug", "DrugClass", "SideEffect")
    assert choice(["CAUSES", "Drug"]).nodes == ("Drug",)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DataError, match="Illness"):
        choice(["Illness"])


def test_properties_follow_from_the_evidence_that_is_left() -> None:
    evidence = [item("EV:1", "a", "CC0-1.0", weight=0.2), item("EV:2", "b", "CC BY-NC 4.0", weight=0.8)]

    whole = edge_told("HAS_SYMPTOM", "D:1", "S:1", evidence, Unwanted())
    part = edge_told("HAS_SYMPTOM", "D:1", "S:1", evidence, NO_NC)

    assert whole is not None
    assert part is not None
    assert (whole["properties"], part["properties"]) == ({"weight": 0.8}, {"weight": 0.2})
    assert [told["id"] for told in part["evidence"]] == ["EV:1"]
    assert not {"change_set", "at"} & set(part["evidence"][0])


def test_an_edge_without_other_evidence_is_none() -> None:
    evidence = [item("EV:2", "b", "CC BY-NC 4.0")]

    assert edge_told("HAS_SYMPTOM", "D:1", "S:1", evidence, NO_NC) is None
    assert edge_told("HAS_SYMPTOM", "D:1", "S:1", [], Unwanted()) is None


def test_a_source_is_closed_when_it_only_ever_came_under_such_a_licence() -> None:
    about = [
        {"sources": [{"name": "sider", "licence": "CC BY-NC-SA 4.0"}, {"name": "doid", "licence": "CC0"}]},
        {"sources": [{"name": "mixed", "licence": "CC BY-NC 4.0"}]},
        {"sources": [{"name": "mixed", "licence": "CC BY 4.0"}]},
        {"proposal": 7},
    ]

    assert closed_sources(about, NO_NC) == {"sider"}
