"""Cells of a row, and the rows of a table of which each is read or told of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.sources.cells import DOID, Cells, RowRefusedError, each, short, told_rows
from kg.sources.records import Found, Place, Problem, Record
from kg.values import Node
from tests.unit.kg.sources.collection_records import table
from tests.unit.kg.sources.text_in_memory import InMemory


def cells(id: str, number: str) -> Cells:
    (row,) = told_rows(InMemory("t.csv", ("id,n", f"{id},{number}")), ",", ("id", "n"))
    return row


def test_an_id_has_the_form_of_its_column() -> None:
    assert cells("DOID:12", "1").id("id", DOID) == "DOID:12"
    with pytest.raises(RowRefusedError) as refusal:
        cells("12", "1").id("id", DOID)
    assert refusal.value.problem.place == Place("t.csv", 2, "id")
    assert "DOID:9352" in refusal.value.problem.fix


@pytest.mark.parametrize("text", ["x", "", "nan", "inf", "-1", "1,5"])
def test_a_number_is_finite_and_not_negative(text: str) -> None:
    row = cells("a", f'"{text}"')
    assert row.number_or("n", 7.0) == 7.0
    with pytest.raises(RowRefusedError):
        row.number("n")


def test_a_row_that_is_refused_does_not_stop_the_next() -> None:
    text = InMemory("t.csv", ("id,n", "a,1", "b,2,3", "c,3"))

    def read(row: Cells) -> Iterator[Record]:
        row.number("n")
        raise row.refused("id", "no", row["id"], "Fix it.")
        yield

    found = list(each(text, ",", ("id",), read))
    assert [(item.rule, item.place.line) for item in found if isinstance(item, Problem)] == [
        ("no", 2),
        ("row-width", 3),
        ("no", 4),
    ]


def test_a_quote_mark_may_be_a_sign_like_any_other() -> None:
    text = InMemory("t.tsv", ("id\tn", '"a" b\t"'))
    (row,) = told_rows(text, "\t", ("id",), quoted=False)
    assert (row["id"], row["n"]) == ('"a" b', '"')


def test_a_long_text_is_cut_for_a_message() -> None:
    assert short("a" * 200) == "a" * 200
    assert short("a" * 201) == "a" * 199 + "…"


def node(row: Cells) -> Iterator[Record]:
    yield row.record(Node("Disease", row.curie("id"), {"en": row.filled("name")}))


def lines_of(found: Iterator[Record]) -> list[tuple[int, str]]:
    return [(item.place.line, item.rule if isinstance(item, Problem) else "") for item in found]


def test_a_row_that_is_refused_is_told_and_reading_goes_on() -> None:
    text = table("x.tsv", "id\tname", "DOID:1\tasthma", "1\tflu", "DOID:2\t", "DOID:3\tgout")
    assert lines_of(each(text, "\t", ("id", "name"), node)) == [(2, ""), (3, "id-form"), (4, "empty-cell"), (5, "")]


def test_comments_keep_the_numbers_of_the_lines() -> None:
    text = table("x.tsv", "# told", "id\tname", "# more", "DOID:1\tasthma")
    assert lines_of(each(text, "\t", ("id", "name"), node, comment="#")) == [(4, "")]


def test_a_table_without_header_counts_from_its_first_row() -> None:
    text = table("x.tsv", "DOID:1\tasthma", "DOID:2")
    assert lines_of(each(text, "\t", ("id", "name"), node, headless=True)) == [(1, ""), (2, "row-width")]


@pytest.mark.parametrize(("cell", "said"), [("1", True), ("1.0", True), ("0", False), ("", False), ("0.0", False)])
def test_a_flag_is_1_or_0(cell: str, said: bool) -> None:
    assert Cells("x", 2, {"flag": cell}).flag("flag") is said


def test_another_flag_is_refused_with_its_place() -> None:
    with pytest.raises(RowRefusedError) as refusal:
        Cells("x", 2, {"flag": "maybe"}).flag("flag")
    assert (refusal.value.problem.rule, refusal.value.problem.place.column) == ("flag-form", "flag")


def test_a_thing_is_told_once_however_many_rows_name_it() -> None:
    seen: set[str] = set()
    rows = [Cells("x", line, {"name": name}) for line, name in ((2, "кашель"), (3, ""))]
    (found,) = (record for row in rows for record in row.once(seen, "Symptom", "S:1", "name"))
    assert isinstance(found, Found)
    assert found.record == Node("Symptom", "S:1", {"ru": "кашель"})
    with pytest.raises(RowRefusedError):
        list(rows[1].once(seen, "Symptom", "S:2", "name"))
