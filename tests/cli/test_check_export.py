"""`mkg check`, `mkg export` and `mkg weights` as a person runs them, on the shipped graph."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kg.check.finding import finding
from kg.check.graph import ALL_RULES, Count, GraphReport
from kg.settings import Settings

pytestmark = pytest.mark.neo4j


def test_the_shipped_graph_has_no_error(loaded: Settings, mkg: Any) -> None:
    told = mkg("check", "--json")

    assert told.code == 0
    assert told.json["head"].startswith("CS:")
    assert not [item for item in told.json["findings"] if item["severity"] == "error"]


def test_the_exit_code_is_1_when_something_is_an_error(
    loaded: Settings, mkg: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = finding("cycle", "error", "D:1/IS_A/D:2", "closes a circle", "Look at it.")

    async def check(*_: Any, **__: Any) -> GraphReport:
        return GraphReport("CS:1", (Count("cycle", "error", 7),), (broken,), 0.1)

    monkeypatch.setattr("mkg.cli.check.check_graph", check)
    shown, hidden = mkg("check"), mkg("check", "--csv", "--severity", "error")

    assert (shown.code, hidden.code) == (1, 1)
    assert "error cycle: 7 ×" in shown.out
    assert broken.id in shown.out
    assert "and 6 more" in shown.out
    assert next(csv.reader(io.StringIO(hidden.out))) == ["id", "rule", "severity", "subject", "message", "fix"]


def test_a_severity_hides_what_is_milder(loaded: Settings, mkg: Any) -> None:
    every = mkg("check", "--json").json["findings"]
    some = mkg("check", "--json", "--severity", "warning").json["findings"]

    assert some == [item for item in every if item["severity"] != "note"]


def test_a_rule_that_does_not_exist_is_refused(loaded: Settings, mkg: Any) -> None:
    told = mkg("check", "--rule", "cycles")

    assert told.code == 2
    assert "no rule 'cycles'" in told.err
    assert "xref-twice" in told.err


@pytest.mark.parametrize(
    "words",
    [("--json", "--csv"), ("--against", "."), ("core", "--report", "x.md"), ("--severity", "grave"), ("atlas",)],
    ids=str,
)
def test_options_that_do_not_go_together_are_refused(mkg: Any, words: tuple[str, ...]) -> None:
    assert mkg("check", *words).code == 2


def test_the_tables_of_the_shipped_graph_are_checked_without_a_database(mkg: Any) -> None:
    told = mkg("check", "core", "--json")

    assert told.code == int(any(item["severity"] == "error" for item in told.json["findings"]))
    assert told.json["counts"]["ICD-10 categories"] > 0


def test_every_rule_is_on_the_page() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "checking.md").read_text("utf-8")

    for name, severity, meaning in ALL_RULES:
        assert f"| `{name}` | {severity} | {meaning} |" in page


def test_an_export_is_written_once_and_counts_what_is_in_it(loaded: Settings, mkg: Any, tmp_path: Path) -> None:
    path = tmp_path / "graph.jsonl"

    told = mkg("export", "jsonl", str(path), "--json")
    again = mkg("export", "jsonl", str(path))

    assert told.code == 0
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) == told.json["nodes"] + told.json["edges"]
    assert told.json["unrecognised"] == []
    assert again.code == 3
    assert "already" in again.err


def test_an_export_without_a_licence_says_what_was_left_out(loaded: Settings, mkg: Any, tmp_path: Path) -> None:
    told = mkg("export", "kgx", str(tmp_path / "kgx"), "--without-licence", "NonCommercial", "--only-kind", "Disease")

    assert told.code == 0
    assert "Left out: 0 edges, 0 evidence, 0 nodes" in told.out
    assert sorted(file.name for file in (tmp_path / "kgx").iterdir()) == ["edges.tsv", "nodes.tsv"]


def test_the_weights_of_a_disease_are_chances_that_a_temperature_evens_out(loaded: Settings, mkg: Any) -> None:
    cold, warm = (mkg("weights", "J20", "--temperature", str(t), "--json").json for t in (0.25, 4))

    assert sum(item["share"] for item in cold["shares"]) == pytest.approx(1.0)
    assert 1 <= cold["effective"] < warm["effective"] <= warm["symptoms"]
    assert "in effect" in mkg("weights", "J20").out


def test_the_weights_of_all_diseases_are_summed_up(loaded: Settings, mkg: Any) -> None:
    told = mkg("weights", "--json", "--top", "3").json

    assert told["median_effective"] > 3
    assert told["dominated"] < 0.1
    assert len(told["most_uneven"]) == 3
    assert "median" in mkg("weights").out


def test_a_disease_that_nobody_knows_is_told(loaded: Settings, mkg: Any) -> None:
    told = mkg("weights", "no such disease at all")

    assert told.code == 2
    assert "no such disease at all" in told.err
