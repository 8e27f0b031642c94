from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.sources.foreign_rows import Cells, RowRefusedError, records
from kg.sources.records import Problem, Record
from kg.values import Node
from tests.unit.kg.sources.collection_records import table


def node(row: Cells) -> Iterator[Record]:
    yield row.found(Node("Disease", row.curie("id"), {"en": row.name("name")}))


def lines_of(found: Iterator[Record]) -> list[tuple[int, str]]:
    return [(item.place.line, item.rule if isinstance(item, Problem) else "") for item in found]


def test_a_row_that_is_refused_is_told_and_reading_goes_on() -> None:
    text = table("x.tsv", "id\tname", "DOID:1\tasthma", "1\tflu", "DOID:2\t", "DOID:3\tgout")
    assert lines_of(records(text, "\t", ("id", "name"), node)) == [(2, ""), (3, "id-form"), (4, "empty-cell"), (5, "")]


def test_comments_keep_the_numbers_of_the_lines() -> None:
    text = table("x.tsv", "# told", "id\tname", "# more", "DOID:1\tasthma")
    assert lines_of(records(text, "\t", ("id", "name"), node, comment="#")) == [(4, "")]


def test_a_table_without_header_counts_from_its_first_row() -> None:
    text = table("x.tsv", "DOID:1\tasthma", "DOID:2")
    assert lines_of(records(text, "\t", ("id", "name"), node, headless=True)) == [(1, ""), (2, "row-width")]


@pytest.mark.parametrize(("cell", "said"), [("1", True), ("1.0", True), ("0", False), ("", False), ("0.0", False)])
def test_a_flag_is_1_or_0(cell: str, said: bool) -> None:
    assert Cells("x", 2, {"flag": cell}).flag("flag") is said


def test_another_flag_is_refused_with_its_place() -> None:
    with pytest.raises(RowRefusedError) as refusal:
        Cells("x", 2, {"flag": "maybe"}).flag("flag")
    assert (refusal.value.problem.rule, refusal.value.problem.place.column) == ("flag-form", "flag")
