"""What a question would read follows from degrees, and the step that explodes is named."""

from __future__ import annotations

import pytest

from kg.degrees import Degrees, degrees_of
from kg.query.estimate import estimate, needs_degrees, too_costly
from kg.query.parse import parse
from kg.query.parts import Plan
from kg.query.plan import plan

DEGREES: Degrees = degrees_of(
    [
        # 1,000 diseases with 10 symptoms each; 100 symptoms, one of which 5,000 edges lead to.
        {"release": "CS:1", "kind": "Disease", "role": "", "edges": 1000, "most": 0, "squares": 0},
        {"release": "CS:1", "kind": "Symptom", "role": "", "edges": 100, "most": 0, "squares": 0},
        {"release": "CS:1", "kind": "Disease", "role": "symptoms", "edges": 10_000, "most": 10, "squares": 100_000},
        {
            "release": "CS:1",
            "kind": "Symptom",
            "role": "diseases",
            "edges": 10_000,
            "most": 5000,
            "squares": 30_000_000,
        },
        {"release": "CS:1", "kind": "Disease", "role": "drugs", "edges": 0, "most": 0, "squares": 0},
    ]
)


def planned(text: str) -> Plan:
    return plan(parse(text), text)


def test_a_step_reads_what_leads_from_what_was_kept_before() -> None:
    found = estimate(planned('disease "a" | symptoms top 3 | diseases'), DEGREES)
    assert [item.edges for item in found] == [0, 10, 9000]
    assert [item.rows for item in found] == [1, 3, 1000]


def test_no_step_reads_an_edge_twice() -> None:
    found = estimate(planned('disease "a" | symptoms | diseases | symptoms | diseases'), DEGREES)
    assert max(item.edges for item in found) == 10_000


def test_the_real_degree_of_a_start_replaces_the_largest_there_is() -> None:
    text = 'symptom "a" | diseases'
    assert estimate(planned(text), DEGREES)[1].edges == 5000
    assert estimate(planned(text), DEGREES, {("Symptom", "a"): 7})[1].edges == 7


def test_a_kind_without_edges_costs_nothing() -> None:
    assert estimate(planned('disease "a" | drugs | side_effects'), DEGREES)[2].edges == 0


def test_ways_are_searched_from_both_ends_and_never_read_more_than_all() -> None:
    short = estimate(planned('between disease "a" and disease "b" up to 1'), DEGREES)[0].edges
    assert 0 < short <= estimate(planned('between disease "a" and disease "b" up to 8'), DEGREES)[0].edges == 20_000


def test_the_step_that_explodes_is_named_and_pointed_at() -> None:
    text = 'symptom "a" | diseases | symptoms top 2 | diseases'
    question = planned(text)
    refused = too_costly(question, estimate(question, DEGREES), 10_000, text)
    assert refused is not None
    assert refused.message.endswith("the step symptoms alone 10,000; 10,000 are allowed")
    assert refused.at == text.index("symptoms")
    assert refused.exit_code == 2
    assert too_costly(question, estimate(question, DEGREES), 30_000, text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('disease "a" | symptoms', False),
        ('disease "a"', False),
        ('disease "a" | symptoms | diseases', True),
        ('disease "a" | parents 1..2', True),
        ('between disease "a" and disease "b" up to 2', True),
        ("disease " + ", ".join(['"a"'] * 9) + " | symptoms", True),
    ],
)
def test_only_questions_that_can_read_much_are_estimated(text: str, wanted: bool) -> None:
    assert needs_degrees(planned(text)) is wanted
