"""What is read from the beginning of a file and from its name."""

from __future__ import annotations

import pytest

from kg.sources.format import Head
from kg.sources.heads import first_lines, version_in, with_columns, with_header


def test_columns_may_stand_in_any_order_and_a_header_may_not() -> None:
    head = Head("a.csv", 'b,"a",c\r\n1,2,3\r\n')
    assert with_columns(",", "a", "b")(head)
    assert not with_columns(",", "a", "d")(head)
    assert with_header(",", "b", "a", "c")(head)
    assert not with_header(",", "a", "b", "c")(head)


def test_the_first_lines_are_whole_and_not_empty() -> None:
    assert first_lines(Head("a", "one\r\n\r\ntwo\nthree\nfour"), 3) == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("WHO ATC-DDD 2026-04-25.csv", "2026-04-25"),
        ("icd10cm-codes-2024.txt", "2024"),
        ("1.2.643.5.1.13.13.11.1005.csv", "undated"),
        ("names20241.csv", "undated"),
    ],
)
def test_a_date_or_a_year_in_the_name_is_the_version(name: str, version: str) -> None:
    assert version_in(name) == version
