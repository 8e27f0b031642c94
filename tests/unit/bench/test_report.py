"""The page of results: tables, and what is told of a measurement."""

from __future__ import annotations

from dataclasses import replace

from bench.figures import Figure, Section, Table, kept, page
from bench.graphql.report import summary, table
from bench.graphql.rounds import ALONE, MANY
from bench.graphql.shapes import SHAPES
from bench.graphql.slices import Slice, median

ONE = Slice(100.0, 1.0, 4.0, 400, 0, server=2.0, database=3.0, client=0.1, others=0.0, bytes=200.0)
SHAPE = SHAPES[0]
FOUND = {
    (SHAPE.name, "ours", ALONE): ONE,
    (SHAPE.name, "ours", MANY): replace(ONE, rate=300.0),
    (SHAPE.name, "peer", ALONE): replace(ONE, p99=2.0),
    (SHAPE.name, "peer", MANY): replace(ONE, p99=9.0, server=7.0),
    (SHAPE.name, "floor", MANY): replace(ONE, rate=400.0),
}


def test_a_table_stands_above_the_figures_of_its_section() -> None:
    text = page([Section("Speed", (), tables=(Table(("who", "rate"), (("ours", 3.0), ("peer", 1.0))),))])
    assert "| who | rate |\n| --- | ---: |\n| ours | 3 |\n| peer | 1 |" in text


def test_a_section_taken_anew_stands_where_the_old_one_stood_and_the_others_stay() -> None:
    before = page([Section("Speed (small)", (Figure("a", 1.0, "s"),)), Section("Memory", (Figure("b", 2.0, "MB"),))])
    after = kept(before, [Section("Speed", (Figure("a", 3.0, "s"),)), Section("Kills, 50", (Figure("c", 4.0, ""),))])
    headings = [line for line in after.splitlines() if line.startswith("#")]
    assert headings == ["# Results", "## Speed", "## Memory", "## Kills, 50"]
    assert "| a | 3 | s |  |" in after
    assert "| a | 1 | s |  |" not in after
    assert "| b | 2 | MB |  |" in after
    assert kept(after, []) == after


def test_a_row_tells_ratios_by_rate_and_by_processor_time() -> None:
    row = dict(zip(table([SHAPE], FOUND).columns, table([SHAPE], FOUND).rows[0], strict=True))
    assert (row["rate x"], row["CPU x"], row["ours of it"]) == (3.0, 2.0, "75%")


def test_the_summary_names_where_the_peer_answers_sooner() -> None:
    told = {figure.what: figure for figure in summary([SHAPE], FOUND)}
    assert told["p99 not lower than the peer's"].note == f"{SHAPE.name} at {ALONE}"
    assert told["rate beside the peer, lowest read"].value == 3.0
    assert told["errors"].value == 0


def test_medians_add_up_the_errors() -> None:
    slow = replace(ONE, rate=10.0, errors=2, failed="503 busy")
    both = median([ONE, slow, replace(ONE, rate=90.0)])
    assert (both.rate, both.errors, both.failed, both.number) == (90.0, 2, "503 busy", 1200)
