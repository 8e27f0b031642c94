"""Co-occurrence in MEDLINE: what is beyond chance, with scores and weights that compare."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from kg.sources.medline import FORMAT
from tests.unit.kg.sources.reading_formats import Opened, Told, told
from tests.unit.kg.sources.text_in_memory import InMemory

PAIRS = "doid_code_0|doid_name_0|doid_code_1|doid_name_1|cooccurrence|expected|enrichment|odds_ratio|p_fisher\n"
SYMPTOMS = "doid_code|doid_name|mesh_id|mesh_name|cooccurrence|expected|enrichment|odds_ratio|p_fisher\n"


def pair(first: int, second: int, enrichment: float | str, p: float = 0.0) -> str:
    return "".join(
        f"DOID:{a}|disease {a}|DOID:{b}|disease {b}|9|1|{enrichment}|1|{p}\n"
        for a, b in ((first, second), (second, first))
    )


def read(slot: str, text: str) -> Told:
    return told(FORMAT, {slot: [InMemory.of("m.tsv", text.replace("|", "\t"))]})


def test_a_score_is_the_geometric_mean_of_both_diseases_shares() -> None:
    found = read("diseases", PAIRS + pair(1, 2, math.e**4) + pair(1, 3, math.e**2) + pair(3, 4, math.e**2))
    scores = {edge.id: edge.evidence[0].claims["score"] for edge in found.edges}
    assert scores == {
        "DOID:1/RESEMBLES/DOID:2": 1.0,
        "DOID:1/RESEMBLES/DOID:3": pytest.approx(math.sqrt(0.5), abs=1e-6),
        "DOID:3/RESEMBLES/DOID:4": 1.0,
    }


def test_pairs_that_chance_would_give_are_counted_and_left_out() -> None:
    found = read("diseases", PAIRS + pair(1, 2, 5.0) + pair(1, 3, 5.0, p=0.01) + pair(1, 4, 0.5))
    assert [edge.id for edge in found.edges] == ["DOID:1/RESEMBLES/DOID:2"]
    (problem,) = found.problems
    assert (problem.rule, problem.severity) == ("chance", "skipped")
    assert "4 rows" in problem.message


def test_a_number_that_is_none_is_told_and_the_next_row_is_read() -> None:
    found = read("diseases", PAIRS + "DOID:1|a|DOID:2|b|1|1|much|1|0\n" + pair(1, 3, 5.0))
    assert [(problem.rule, problem.place.column) for problem in found.problems] == [("not-a-number", "enrichment")]
    assert len(found.edges) == 1


def test_symptoms_weigh_relative_to_the_strongest_of_the_disease() -> None:
    rows = f"DOID:1|a|D000001|cough|9|1|{math.e**4}|1|0\nDOID:1|a|D000002|fever|9|1|{math.e}|1|0\n"
    found = read("symptoms", SYMPTOMS + rows)
    assert [edge.evidence[0].claims["weight"] for edge in found.edges] == [1.0, pytest.approx(0.25)]
    assert found.dangling() == set()


def test_the_real_tables_give_the_pairs_that_hetionet_has(shared_data: Path) -> None:
    folder = shared_data / "medline-cooccurrence"
    files = {
        "diseases": [Opened(folder / "disease-disease-cooccurrence.tsv")],
        "mesh": [Opened(folder / "DO-slim-to-mesh.tsv")],
    }
    found = told(FORMAT, files)
    assert len(found.edges) == 543
    assert len(found.links) == 135
    assert {link.why for link in found.links} == {"xref"}
    assert all(0 < edge.evidence[0].claims["score"] <= 1 for edge in found.edges)
    assert max(edge.evidence[0].claims["score"] for edge in found.edges) == 1.0
