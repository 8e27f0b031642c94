"""Exactly as many as were asked for, no two alike, the same bytes after any kill, or a loud error."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import NothingToTell, OutputRefused, TooFewPatients
from generator.patients.alike import content_of
from generator.patients.demography import Demography
from generator.patients.draw import Options
from generator.patients.order import Order, Part, Prepared, prepare
from generator.patients.run import generate_patients, write_patients
from tests.unit.generator.patients.core_asks import Asked

pytestmark = pytest.mark.anyio

CODES = ("J20", "I10", "O24", "N40")
ORDER = Order((Part(CODES, 60),), seed=3)


@pytest.fixture
async def ready(core_graph: Asked, demography: Demography) -> Prepared:
    return await prepare(core_graph, demography, ORDER)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def test_a_run_writes_exactly_what_was_asked_for_and_no_two_alike(
    core_graph: Asked, demography: Demography, tmp_path: Path
) -> None:
    order = Order((Part(None, 1500),), seed=1)
    summary = await generate_patients(core_graph, demography, order, tmp_path / "p.jsonl")
    rows = rows_of(tmp_path / "p.jsonl")
    assert summary.patients == len(rows) == 1500
    assert [row["index"] for row in rows] == list(range(1500))
    assert len({content_of(row) for row in rows}) == len({row["id"] for row in rows}) == 1500
    assert summary.diseases == len({row["disease_id"] for row in rows}) > 150


@pytest.mark.parametrize("batch", [1, 7, 60, 1000])
async def test_the_same_seed_gives_the_same_bytes_in_any_batch(
    ready: Prepared, demography: Demography, tmp_path: Path, batch: int
) -> None:
    write_patients(ready, demography, ORDER, tmp_path / "one", batch=13)
    write_patients(ready, demography, ORDER, tmp_path / "two", batch=batch)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    other = replace(ORDER, seed=4)
    write_patients(ready, demography, other, tmp_path / "other")
    assert (tmp_path / "other").read_bytes() != (tmp_path / "one").read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(cut=st.integers(0, 200_000))
async def test_a_run_that_was_cut_off_at_any_byte_ends_in_the_same_bytes(
    ready: Prepared, demography: Demography, tmp_path: Path, cut: int
) -> None:
    write_patients(ready, demography, ORDER, tmp_path / "whole", overwrite=True)
    whole = (tmp_path / "whole").read_bytes()
    out = tmp_path / "cut"
    for left in (out, tmp_path / "cut.part", tmp_path / "cut.manifest.json"):
        left.unlink(missing_ok=True)

    class Killed(Exception):
        pass

    def kill(done: int, total: int) -> None:
        if done >= 40:
            raise Killed

    with pytest.raises(Killed):
        write_patients(ready, demography, ORDER, out, kill, batch=10)
    part = tmp_path / "cut.part"
    part.write_bytes(part.read_bytes()[:cut])
    kept = part.read_bytes().count(b"\n")
    summary = write_patients(ready, demography, ORDER, out, batch=10)
    assert out.read_bytes() == whole
    assert summary.resumed == kept


async def test_progress_counts_up_to_the_whole(ready: Prepared, demography: Demography, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_patients(ready, demography, ORDER, tmp_path / "p", lambda *at: told.append(at), batch=25)
    assert told == [(25, 60), (50, 60), (60, 60)]


async def test_a_finished_file_is_left_as_it_is_and_another_run_does_not_touch_it(
    ready: Prepared, demography: Demography, tmp_path: Path
) -> None:
    out = tmp_path / "p"
    write_patients(ready, demography, ORDER, out)
    before = out.stat().st_mtime_ns
    assert write_patients(ready, demography, ORDER, out).reused
    assert out.stat().st_mtime_ns == before
    for other in (
        replace(ORDER, seed=9),
        replace(ORDER, parts=(Part(CODES, 61),)),
        replace(ORDER, options=Options(temperature=2)),
        replace(ORDER, languages=("ru",)),
    ):
        with pytest.raises(OutputRefused, match="belongs to another run"):
            write_patients(ready, demography, other, out)
    assert not write_patients(ready, demography, replace(ORDER, seed=9), out, overwrite=True).reused


async def test_a_plan_is_kept_code_by_code(core_graph: Asked, demography: Demography, tmp_path: Path) -> None:
    order = Order((Part(("I10",), 5), Part(("J20",), 3), Part(("O21",), 4)), seed=2)
    await generate_patients(core_graph, demography, order, tmp_path / "p")
    assert [row["icd10"] for row in rows_of(tmp_path / "p")] == ["I10"] * 5 + ["J20"] * 3 + ["O21"] * 4


async def test_too_many_are_refused_with_how_many_there_were_and_why(
    core_graph: Asked, demography: Demography, tmp_path: Path
) -> None:
    narrow = Demography(demography.population, 30, 31)
    options = Options(max_symptoms=1, max_drugs=0, comorbidity=0)
    order = Order((Part(("I10",), 3), Part(("O21",), 100)), seed=2, options=options)
    with pytest.raises(TooFewPatients) as refused:
        await generate_patients(core_graph, narrow, order, tmp_path / "p")
    # Two ages and ten symptoms: never more than twenty.
    assert refused.value.message.startswith(("16 ", "17 ", "18 ", "19 ", "20 "))
    assert "different patients with O21 could be drawn and 100 were asked for" in refused.value.message
    assert refused.value.place == "diseases: 1; female; 14 to 50 years; 10 symptoms"
    assert not (tmp_path / "p").exists()
    fewer = replace(order, parts=(Part(("I10",), 3), Part(("O21",), 16)))
    await generate_patients(core_graph, narrow, fewer, tmp_path / "p")
    assert len(rows_of(tmp_path / "p")) == 19


async def test_every_possible_patient_can_be_had(core_graph: Asked, demography: Demography, tmp_path: Path) -> None:
    narrow = Demography(demography.population, 30, 30)
    options = Options(temperature=100, max_symptoms=1, max_drugs=0, comorbidity=0)
    await generate_patients(core_graph, narrow, Order((Part(("O21",), 10),), seed=2, options=options), tmp_path / "p")
    assert len({row["symptoms"][0]["id"] for row in rows_of(tmp_path / "p")}) == 10


async def test_a_disease_that_nobody_of_the_population_may_have_is_refused(
    core_graph: Asked, demography: Demography
) -> None:
    children = Demography(demography.population, 0, 9)
    with pytest.raises(NothingToTell, match="N40: no patient can be drawn"):
        await prepare(core_graph, children, Order((Part(("N40",), 1),), seed=1))
    with pytest.raises(NothingToTell, match="no patient was asked for"):
        await prepare(core_graph, demography, Order((), seed=1))


async def test_a_table_has_a_line_for_each_row(ready: Prepared, demography: Demography, tmp_path: Path) -> None:
    order = replace(ORDER, table=True)
    out = tmp_path / "p.csv"
    summary = write_patients(ready, demography, order, out)
    assert (summary.table, summary.rows) == (out, tmp_path / "p.csv.jsonl")
    rows = rows_of(summary.rows)
    with out.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        assert line["symptoms_ru"] == ";".join(item["names"]["ru"] for item in row["symptoms"])
        assert line["edge_ids"].split(";") == [fact["edge_id"] for fact in row["facts"]]
        assert (line["age"], line["smoker"]) == (
            str(row["patient"]["age"]),
            str(row["patient"]["smoker"]).lower(),
        )
    out.unlink()
    assert write_patients(ready, demography, order, out).reused
    assert out.exists()


async def test_a_table_of_somebody_else_is_not_overwritten(
    ready: Prepared, demography: Demography, tmp_path: Path
) -> None:
    out = tmp_path / "p.csv"
    out.write_text("mine\n")
    with pytest.raises(OutputRefused, match="without its rows"):
        write_patients(ready, demography, replace(ORDER, table=True), out)
    assert out.read_text() == "mine\n"
    write_patients(ready, demography, replace(ORDER, table=True), out, overwrite=True)
    assert out.read_text() != "mine\n"


async def test_the_release_of_the_graph_is_part_of_the_run(
    core_graph: Asked, demography: Demography, tmp_path: Path
) -> None:
    await generate_patients(core_graph, demography, ORDER, tmp_path / "p")
    later = Asked(core_graph.nodes, core_graph.edges, release="CS:later")
    with pytest.raises(OutputRefused, match="graph_release differ"):
        await generate_patients(later, demography, ORDER, tmp_path / "p")
