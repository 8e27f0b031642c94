from __future__ import annotations

import csv
import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cells import safe_cell
from kg.load import report
from kg.load.report import (
    ANY,
    COLUMNS,
    Counts,
    LoadReport,
    Problems,
    RuleBrokenError,
    as_csv,
    as_json,
)
from kg.sources.records import Place, Problem


def problem(line: int = 1, rule: str = "text", severity: str = "error", value: str = "x", file: str = "f") -> Problem:
    return Problem(Place(file, line, "name"), rule, value, "wrong", "mend it", severity)  # type: ignore[arg-type]


def test_problems_are_listed_errors_first_then_by_place() -> None:
    problems = Problems()
    for item in (problem(9), problem(2), problem(1, severity="skipped"), problem(3, file="a")):
        problems.add(item)
    assert [(item.place.file, item.place.line) for item in problems.listed()] == [
        ("a", 3),
        ("f", 2),
        ("f", 9),
        ("f", 1),
    ]


def test_all_problems_are_counted_and_of_one_rule_only_so_many_listed() -> None:
    problems = Problems()
    for line in range(report.LISTED_PER_RULE + 5):
        problems.add(problem(line, "edge-not-held", "skipped"))
    problems.add(problem())
    assert problems.count("skipped") == report.LISTED_PER_RULE + 5
    assert problems.count("error") == 1
    assert len(problems.listed()) == report.LISTED_PER_RULE + 1
    assert problems.by_rule() == {"edge-not-held": report.LISTED_PER_RULE + 5, "text": 1}


def test_a_rule_that_was_named_must_not_be_broken_whatever_its_severity() -> None:
    problems = Problems(("obsolete",))
    problems.add(problem())
    with pytest.raises(RuleBrokenError):
        problems.add(problem(rule="obsolete", severity="skipped"))
    assert problems.by_rule() == {"text": 1, "obsolete": 1}


def test_any_means_every_error_and_nothing_that_is_only_skipped() -> None:
    problems = Problems((ANY,))
    problems.add(problem(severity="skipped"))
    with pytest.raises(RuleBrokenError):
        problems.add(problem())


def test_the_report_is_plain_json() -> None:
    told = LoadReport(
        format="csv",
        title="clinic",
        dry_run=False,
        refused=False,
        nodes=Counts(1, 2, 3),
        edges=Counts(),
        rejected=1,
        skipped=4,
        by_rule={"text": 1, "obsolete": 4},
        problems=(problem(),),
        change_set="CS:1",
        seconds=1.23456,
        files=({"name": "f", "sha256": "0", "bytes": 1},),
    )
    row = orjson.loads(orjson.dumps(as_json(told)))
    assert row["nodes"] == {"new": 1, "changed": 2, "unchanged": 3}
    assert row["unlisted"] == 4
    assert row["seconds"] == 1.235
    assert row["problems"] == [
        dict(zip(COLUMNS, ("wrong", "f", 1, "name", "text", "x", "mend it", "error"), strict=True))
    ]


@given(st.text(max_size=20))
def test_no_cell_is_a_formula_and_every_value_comes_back(value: str) -> None:
    cell = safe_cell(value)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    back = cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) else cell
    assert back == value


@given(
    st.sampled_from("=+-@\t\r'"),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=10),
)
def test_the_csv_of_problems_can_be_read_back(first: str, rest: str) -> None:
    value = first + rest
    header, row = csv.reader(io.StringIO(as_csv([problem(7, value=value)]), newline=""))
    assert tuple(header) == COLUMNS
    assert row[2] == "7"
    assert row[5] == safe_cell(value)
