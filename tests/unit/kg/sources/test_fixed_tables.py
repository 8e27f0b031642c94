"""Rows of tables with fixed columns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.sources.fixed_tables import DOID, Cells, LeftOut, RowRefusedError, each, language_of, short, told_rows
from kg.sources.records import Place, Problem, Record
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


def test_rows_left_out_are_told_once_for_each_reason_with_their_number() -> None:
    left_out = LeftOut()
    for line in range(2, 1236):
        left_out.add(Place("t", line), "why", str(line), "not kept")
    left_out.add(Place("t", 9), "other", "x", "not kept either")
    assert [(problem.rule, problem.place.line, problem.message, problem.severity) for problem in left_out.told()] == [
        ("why", 2, "not kept (1,234 rows, this is the first)", "skipped"),
        ("other", 9, "not kept either (1 row)", "skipped"),
    ]


def test_the_language_follows_from_the_letters() -> None:
    assert [language_of(name) for name in ("cough", "кашель", "β-блокатор")] == ["en", "ru", "ru"]


def test_a_long_text_is_cut_for_a_message() -> None:
    assert short("a" * 200) == "a" * 200
    assert short("a" * 201) == "a" * 199 + "…"
