"""What the shipped graph says of codes, and MedSyn's plan over real numbers of notes."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from generator.patients.reading import read_pool
from generator.plans.codes import codes_of_pool, read_codes_of_graph
from generator.plans.spread import known_of, medsyn_weight, spread
from generator.plans.table import Counted
from tests.unit.generator.patients import core_asks
from tests.unit.generator.patients.core_asks import Asked

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def core_graph() -> Asked:
    return core_asks.core()


async def test_without_codes_the_categories_of_all_diseases_are_taken(core_graph: Asked) -> None:
    found = await read_codes_of_graph(core_graph, None)
    assert len(found.codes) == 237
    assert found.codes == tuple(sorted(found.codes))
    assert found.priors["I10"] == 0.15
    symptoms = [edge for edge in core_graph.edges.values() if edge.id.startswith("MKG:hyperemesis-gravidarum/HAS_")]
    assert found.symptoms["O21"] == len(symptoms)


async def test_named_codes_are_taken_alone(core_graph: Asked) -> None:
    found = await read_codes_of_graph(core_graph, ["J20", "I10"])
    assert found.codes == ("I10", "J20")


async def test_symptoms_are_counted_once_for_each_part_and_averaged(core_graph: Asked) -> None:
    pool = await read_pool(core_graph, ["J20", "J18", "I10"], comorbidity=False)
    bronchitis, pneumonia, tension = (pool.by_code[code][0] for code in ("J20", "J18", "I10"))
    illnesses = dict(pool.illnesses)
    # Two diseases under J20.9 and one under J20.0 make two parts.
    for key, code in ((bronchitis, "J20.9"), (pneumonia, "J20.9"), (tension, "J20.0")):
        illnesses[key] = replace(illnesses[key], icd10=code)
    told = codes_of_pool(replace(pool, illnesses=illnesses, by_code={"J20": (bronchitis, pneumonia, tension)}), ["J20"])
    ids = {key: {link.node.id for link in illnesses[key].symptoms} for key in (bronchitis, pneumonia, tension)}
    assert told.symptoms["J20"] == (len(ids[bronchitis] | ids[pneumonia]) + len(ids[tension])) / 2


async def test_medsyns_plan_over_the_real_counts_of_the_benchmark(core_graph: Asked, shared_data: Path) -> None:
    with (shared_data / "rumedbench" / "derived" / "top3_train_codes.tsv").open(encoding="utf-8", newline="") as file:
        counts = {row["icd10"]: Counted(int(row["n_train"])) for row in csv.DictReader(file, delimiter="\t")}
    assert len(counts) == 105
    told = await read_codes_of_graph(core_graph, sorted(counts))
    known = known_of(told.codes, counts, told.symptoms, told.priors)
    plan = spread(known, 2491, "medsyn", fixed={"Z00": 10})
    assert sum(entry.count for entry in plan) == 2491
    by_code = {entry.code: entry for entry in plan}
    assert by_code["Z00"].count == 10
    weights = {code: medsyn_weight(one.notes, told.symptoms[code]) for code, one in counts.items() if code != "Z00"}
    for code, value in weights.items():
        assert abs(by_code[code].count - 2481 * value / sum(weights.values())) < 1
    # Three logarithms level what one code has fifty times as often as another.
    assert by_code["M54"].count < 2 * min(entry.count for entry in plan if entry.code != "Z00")
