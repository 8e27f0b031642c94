"""`mkg demo` shows the whole way, and shows the same the second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kg.settings import Settings
from mkg.demo import CODES

pytestmark = [pytest.mark.neo4j, pytest.mark.model]

Run = Callable[..., Any]


def test_the_demo_ends_with_counts_answers_and_checked_notes_and_a_second_run_changes_nothing(
    mkg: Run, served: Settings, empty_graph: None
) -> None:
    first = mkg("demo", "--json")
    assert first.code == 0, first.err
    told = first.json
    assert told["changed"] == sum(told["counts"]["node"].values()) + sum(told["counts"]["edge"].values())
    assert told["question"]["answer"]
    assert "MATCH" in told["cypher"]
    assert told["graphql"]["disease"]["name"] == "essential hypertension"
    assert [note["icd10"] for note in told["notes"]] == list(CODES)
    for note in told["notes"]:
        assert note["check"]["passed"] is True
        assert all(fact["edge_id"] for fact in note["facts"])

    second = mkg("demo", "--json").json
    assert second.pop("changed") == 0
    told.pop("changed")
    assert second == told


def test_the_demo_for_people_says_what_the_check_says_and_what_comes_next(mkg: Run, loaded: Settings) -> None:
    shown = mkg("demo")
    assert shown.code == 0, shown.err
    for words in (
        "HAS_SYMPTOM",
        "check passed",
        "invented:",
        "not clinically reviewed",
        "DOID:10825/CODED_AS/ICD10:I10",
    ):
        assert words in shown.out
    assert "serve" in shown.err
    assert "db stop" in shown.err
