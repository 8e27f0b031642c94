"""Findings as JSON and as a table."""

from __future__ import annotations

import csv
import io

from kg.check.finding import finding
from kg.check.listing import COLUMNS, as_csv, as_rows

FOUND = finding("name-twice", "warning", ("Disease", "en", "flu"), '=HYPERLINK("x"), they said', "Look.")


def test_the_table_has_the_fields_of_a_finding_and_no_formulas() -> None:
    head, row = csv.reader(io.StringIO(as_csv([FOUND]), newline=""))

    assert tuple(head) == COLUMNS
    assert row == [FOUND.id, "name-twice", "warning", "Disease en flu", '\'=HYPERLINK("x"), they said', "Look."]


def test_json_has_the_same_fields() -> None:
    (row,) = as_rows([FOUND])

    assert tuple(row) == COLUMNS
    assert row["subject"] == ("Disease", "en", "flu")
