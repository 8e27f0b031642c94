from __future__ import annotations

from kg.sources.records import Problem
from kg.sources.rows import Row, header_of, rows


def test_a_row_has_the_line_it_begins_at_and_its_cells_by_column() -> None:
    lines = ["a,b\r\n", "\n", '" x ","two\n', 'lines"\n', "1,2"]
    assert list(rows(lines, "f", ",", ("a",))) == [
        Row(3, {"a": "x", "b": "two\nlines"}),
        Row(5, {"a": "1", "b": "2"}),
    ]


def test_the_header_may_stand_below_empty_lines() -> None:
    assert header_of(["\n", " \n", "a , b\n"], ",") == (3, ("a", "b"))
    assert header_of([], ",") == (1, ())


def test_every_missing_column_is_told_and_no_row_is_read() -> None:
    found = list(rows(["a\n", "1\n"], "f", ",", ("a", "b", "c")))
    assert [(item.rule, item.value) for item in found if isinstance(item, Problem)] == [
        ("missing-column", "b"),
        ("missing-column", "c"),
    ]
    assert len(found) == 2


def test_a_header_with_an_open_quote_is_told() -> None:
    (problem,) = rows(['"a,b\n', "1,2\n"], "f", ",", ("a",))
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.place.line) == ("open-quote", 1)
