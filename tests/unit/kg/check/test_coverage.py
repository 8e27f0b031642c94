"""What is covered is counted by chapter, and told with how the numbers are meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.check.core_graph import CoreGraph, shipped
from kg.check.coverage import coverage
from kg.check.coverage_page import core_graph_page


@pytest.fixture(scope="module")
def graph() -> CoreGraph:
    return shipped()


def test_the_chapters_stand_in_the_order_of_the_book_and_all_of_them_last(graph: CoreGraph) -> None:
    titles = [row.title.partition(" ")[0] for row in coverage(graph)]
    assert titles[:5] == ["I", "II", "III", "IV", "V"]
    assert titles.index("IX") == titles.index("VIII") + 1
    assert titles[-3:] == ["XIX", "XXI", "all"]


def test_the_chapters_add_up(graph: CoreGraph) -> None:
    *chapters, every = coverage(graph)
    assert sum(row.categories for row in chapters) == every.categories == len(graph.categories())
    assert sum(len(row.symptoms) for row in chapters) == len(every.symptoms) == len(graph.of_kind("Disease"))
    assert every.of_rumed == 105
    assert every.drugs == len(graph.of_kind("Drug"))
    assert every.bands == every.lay == every.resembling == every.prior == len(every.symptoms)


def test_a_chapter_counts_what_its_diseases_have(graph: CoreGraph) -> None:
    (preeclampsia,) = graph.categories()["O14"]
    gone = {
        "HAS_SYMPTOM": tuple(edge for edge in graph.of_type("HAS_SYMPTOM") if edge.start != preeclampsia),
        "TREATS": tuple(edge for edge in graph.of_type("TREATS") if edge.end != preeclampsia),
    }
    before, after = (
        next(row for row in coverage(told) if row.title.startswith("XV "))
        for told in (graph, replace(graph, edges={**graph.edges, **gone}))
    )
    assert min(after.symptoms) == 0
    assert (after.bands, after.treated) == (before.bands - 1, before.treated - 1)
    assert after.drugs < before.drugs


def test_the_page_says_whose_it_is_and_how_the_weights_are_meant() -> None:
    page = core_graph_page()
    assert "Ours, in our words; not clinically reviewed. Not for care of patients." in page
    assert "Common is 0.30 and more, rare less than 0.05" in page
    assert "| CODED_AS | disease-ontology |" in page
