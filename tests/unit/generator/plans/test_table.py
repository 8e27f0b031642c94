"""Plans, counts and codes as CSV: what is written is read again, what is wrong is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import TableInvalid
from generator.plans.table import Counted, Entry, read_codes, read_counts, read_plan, write_plan

ENTRIES = [Entry("A02", 0, 0.0, ("no-notes",)), Entry("J20.9", 12, 0.5), Entry("Z00", 10, 0.0, ("fixed",))]


def test_a_plan_is_written_and_read_again(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.csv", ENTRIES)
    assert (tmp_path / "plan.csv").read_text() == (
        "icd10,count,weight,flag\nA02,0,0,no-notes\nJ20.9,12,0.5,\nZ00,10,0,fixed\n"
    )
    assert read_plan(tmp_path / "plan.csv") == ENTRIES


def test_two_columns_are_enough_for_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("count,icd10\n3,j209\n")
    assert read_plan(tmp_path / "plan.csv") == [Entry("J20.9", 3, 0.0)]


def test_counts_may_tell_symptoms(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("icd10,notes,symptoms\nJ20,5,7.5\nI10,0,\n")
    assert read_counts(tmp_path / "counts.csv") == {"J20": Counted(5, 7.5), "I10": Counted(0)}


def test_codes_are_read_from_a_list_or_a_plan(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("icd10\nJ20\nI10\n")
    write_plan(tmp_path / "plan.csv", ENTRIES)
    assert read_codes(tmp_path / "codes.csv") == ["J20", "I10"]
    assert read_codes(tmp_path / "plan.csv") == ["A02", "J20.9", "Z00"]


@pytest.mark.parametrize(
    ("read", "content", "message", "where"),
    [
        (read_plan, "icd10,count\nJ20,1\nJ20,2\n", "J20 stands here twice", "line 3, column icd10"),
        (read_plan, "icd10,count\nJ20,many\n", "'many' is no whole number", "line 2, column count"),
        (read_plan, "icd10,count\nJ20,-1\n", "'-1' is no whole number", "line 2, column count"),
        (read_plan, "icd10,count\nJ20,99999999999999\n", "no whole number", "line 2, column count"),
        (read_plan, "icd10,count\nJ20,1.5\n", "no whole number", "line 2, column count"),
        (read_plan, "icd10,count\n=1+1,1\n", "'=1+1' is no ICD-10 code", "line 2, column icd10"),
        (read_plan, "icd10,count\n,1\n", "the cell is empty", "line 2, column icd10"),
        (read_plan, "icd10,count\nJ20,0\n", "the plan asks for nothing", "line 2, column count"),
        (read_plan, "icd10,count,weight\nJ20,1,nan\n", "'nan' is no number", "line 2, column weight"),
        (read_plan, "icd10;count\nJ20;1\n", "no column icd10", "line 1"),
        (read_counts, "icd10,notes\nJ20,5\n\nI10,?\n", "'?' is no whole number", "line 4, column notes"),
        (read_counts, "icd10,notes\nJ20,5\nj20,5\n", "J20 stands here twice", "line 3, column icd10"),
        (read_codes, "icd10\nbronchitis\n", "is no ICD-10 code", "line 2, column icd10"),
    ],
)
def test_a_bad_table_is_refused_with_file_line_and_column(
    tmp_path: Path, read: Callable[[Path], object], content: str, message: str, where: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(TableInvalid) as refused:
        read(path)
    assert message in refused.value.message
    assert refused.value.place == f"file {path}, {where}"
    assert refused.value.hint
