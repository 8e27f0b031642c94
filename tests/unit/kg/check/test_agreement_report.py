"""The agreement can be written, and its numbers read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.check.agreement import Agreement, AgreementReport
from kg.check.agreement_report import as_csv, report_text, rows_of_csv
from kg.check.finding import finding
from kg.errors import DataError

REPORT = AgreementReport(
    (Agreement("open, free", "2", "TREATS", 4, 3, 9), Agreement("other", "1", "CAUSES", 2, 0, 0)),
    (finding("source-forbids", "warning", "a/TREATS/b", "a is given for b here", "Decide."),),
)


def test_the_numbers_come_back_from_csv() -> None:
    assert rows_of_csv(as_csv(REPORT)) == REPORT.rows


def test_markdown_has_the_numbers_and_the_disagreements() -> None:
    text = report_text(REPORT, Path("report.md"))
    assert "| TREATS | open, free | 2 | 4 | 3 | 0.75 | 9 |" in text
    assert f"- `{REPORT.disagreements[0].id}` source-forbids: a is given for b here" in text


def test_json_has_the_same() -> None:
    told = json.loads(report_text(REPORT, Path("REPORT.JSON")))
    assert told["agreement"][0]["agreement"] == 0.75
    assert told["disagreements"][0]["id"] == REPORT.disagreements[0].id


def test_an_ending_without_a_form_is_refused() -> None:
    with pytest.raises(DataError, match=r"written as \.xlsx") as error:
        report_text(REPORT, Path("report.xlsx"))
    assert error.value.hint == "Endings: .csv, .json, .md."
