"""Every rule that keeps patients possible is in a table, and every row of the tables holds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from generator.patients.limits import (
    ANYBODY,
    TABLES,
    apart,
    code_limit,
    drug_limit,
    needs_proof,
    opposed,
    term_limit,
)
from generator.patients.population import DATA
from kg.schema import SEXES

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with Path(str(DATA / name)).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(row: Row) -> str:
    return " ".join(cell for cell in row.values() if cell)


def holds(row: Row, allows: bool, sex: str, age: int, pregnant: bool) -> None:
    """Check that nobody outside the row's limits is allowed."""
    outside = (
        (row["sex"] not in ("", sex))
        or (row["age_min"] != "" and age < int(row["age_min"]))
        or (row["age_max"] != "" and age > int(row["age_max"]))
        or (row["pregnant"] == "yes" and not pregnant)
        or (row["pregnant"] == "no" and pregnant)
    )
    assert not (outside and allows), (row, sex, age, pregnant)


@pytest.mark.parametrize("row", rows("code-limits.csv"), ids=told)
def test_a_row_on_codes_holds_for_its_codes_and_their_parts(row: Row) -> None:
    for code in (row["first"], row["last"], f"{row['first'][:3]}.9" if "." not in row["first"] else row["first"]):
        limit = code_limit(code)
        for sex in SEXES:
            for age in range(131):
                for pregnant in (False, True):
                    holds(row, limit.allows(sex, age, pregnant), sex, age, pregnant)
        assert limit.sexes
        assert limit.low <= limit.high


@pytest.mark.parametrize("row", rows("term-limits.csv"), ids=told)
def test_a_row_on_symptoms_holds_for_names_with_its_words(row: Row) -> None:
    limit = term_limit(f"sudden {row['words'].capitalize()}s")
    for sex in SEXES:
        for age in range(131):
            for pregnant in (False, True):
                holds(row, limit.allows(sex, age, pregnant), sex, age, pregnant)


@pytest.mark.parametrize("row", rows("drug-limits.csv"), ids=told)
def test_a_row_on_drugs_holds_for_every_longer_code(row: Row) -> None:
    limit = drug_limit(f"{row['atc']}AB01"[:7])
    for sex in SEXES:
        for age in range(131):
            for pregnant in (False, True):
                holds(row, limit.allows(sex, age, pregnant), sex, age, pregnant)


@pytest.mark.parametrize("row", rows("together-limits.csv"), ids=told)
def test_two_diseases_that_exclude_one_another_do_so_both_ways(row: Row) -> None:
    assert apart(row["first"], row["other_first"])
    assert apart(row["other_last"], row["last"])


@pytest.mark.parametrize("row", rows("opposites.csv"), ids=told)
def test_opposite_symptoms_exclude_one_another_both_ways(row: Row) -> None:
    assert opposed(row["words"], f"much {row['other_words']}")
    assert opposed(row["other_words"].upper(), row["words"])


def test_every_table_is_read_and_gives_a_reason_for_every_row() -> None:
    assert set(TABLES) == {item.name for item in DATA.iterdir() if item.name.endswith(".csv")}
    assert all(row["reason"] for name in TABLES for row in rows(name))


def test_what_no_row_names_has_no_limit() -> None:
    assert code_limit("J20") == term_limit("cough") == drug_limit("R05CB06") == ANYBODY
    assert not apart("J20", "I10")
    assert not opposed("cough", "fever")


def test_words_count_at_the_beginning_of_a_word_alone() -> None:
    assert term_limit("vaginal itching").sexes == ("female",)
    assert term_limit("Evagination").sexes == SEXES


def test_a_drug_for_a_proven_disease_alone_is_known() -> None:
    assert needs_proof("L01CD02")
    assert not needs_proof("N02BE01")


def test_a_drug_of_which_nothing_is_known_is_for_adults_who_are_not_pregnant() -> None:
    assert drug_limit("").allows("female", 18)
    assert not drug_limit("").allows("female", 17)
    assert not drug_limit("").allows("female", 30, pregnant=True)
    assert needs_proof("")


def test_parts_of_one_category_are_never_together() -> None:
    assert apart("J45", "J45.1")


def test_who_says_to_have_no_complaints_has_none() -> None:
    assert opposed("No complaints", "polyuria")


def test_pregnancy_is_told_by_the_code() -> None:
    assert code_limit("O24").pregnant is True
    assert code_limit("N95").pregnant is False
    assert code_limit("J20").pregnant is None
    assert not code_limit("O24").fits("female", 60)
    assert not code_limit("O24").fits("male", 30)
