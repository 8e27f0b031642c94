"""Tables are read cell by cell, or refused with the place; what is written is safe in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import OutputRefused, TableInvalid
from generator.tables import read_table, write_table
from kg.cells import safe_cell


def refusal(path: Path, content: bytes) -> TableInvalid:
    path.write_bytes(content)
    with pytest.raises(TableInvalid) as refused:
        read_table(path, ("a", "b"), ("c",))
    return refused.value


@pytest.mark.parametrize(
    ("content", "message", "where"),
    [
        (b"", "no column a; no column b", "line 1"),
        (b"a,x\n1,2\n", "no column b; an unknown column 'x'", "line 1"),
        (b"a,b,a\n1,2,3\n", "column a twice", "line 1"),
        (b"a,b\n", "no rows below its header", ""),
        (b"a,b\n1\n", "1 cells where the header has 2", "line 2, column a"),
        (b"a,b\n1,2\n1,2,3\n", "3 cells where the header has 2", "line 3, column b"),
        (b"a,b\n1,\xff\n", "not UTF-8", "line 2"),
        (b'a,b\n1,"2\n', "no CSV", "line 2"),
        (b'a,b\n1,"2"x\n', "no CSV", "line 2"),
    ],
)
def test_a_bad_table_is_told_with_its_place(tmp_path: Path, content: bytes, message: str, where: str) -> None:
    error = refusal(tmp_path / "t.csv", content)
    assert message in error.message
    assert (error.place or "").endswith(where)
    assert str(tmp_path / "t.csv") in (error.place or "")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableInvalid, match="cannot be read: No such file"):
        read_table(tmp_path / "none.csv", ("a",))
    with pytest.raises(TableInvalid, match="cannot be read: Is a directory"):
        read_table(tmp_path, ("a",))


def test_columns_may_stand_in_any_order_with_a_mark_at_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("\ufeffb,c,a\r\n 2 ,,1\r\n\r\n".encode())
    (row,) = read_table(path, ("a", "b"), ("c",))
    assert (row.whole("a", 0, 9), row.text("b"), row.maybe("c"), row.maybe("d"), row.line) == (1, "2", None, None, 2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20))
def test_what_is_written_is_read_again_and_is_no_formula(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "t.csv", ("a", "b"), [(text, 1)])
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["a"].removeprefix("'" if safe_cell(text) != text else "") == text
    assert not row["a"].startswith(("=", "+", "-", "@", "\t"))


def test_a_table_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputRefused, match="cannot be written"):
        write_table(tmp_path / "folder", ("a",), [("1",)])
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
