"""Every real file is taken by the one slot that is meant for it, and no damage to one is more than a problem."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.sources import (
    biocypher,
    drkg,
    hetionet,
    hetionet_json,
    hpoa,
    ibkh,
    kgx,
    neo4j_admin,
    obo,
    obographs,
    primekg,
    sssom,
)
from kg.sources.format import Format
from kg.sources.records import Found, Problem
from tests.unit.kg.sources.reading_formats import Opened, slots_of
from tests.unit.kg.sources.text_in_memory import InMemory

FORMATS = [
    module.FORMAT
    for module in (
        *(biocypher, drkg, hetionet, hetionet_json, hpoa, ibkh),
        *(kgx, neo4j_admin, obo, obographs, primekg, sssom),
    )
]
FOLDERS = {
    "disease-ontology/*.json": [("obographs", "ontologies")],
    "disease-ontology/*.obo": [("obo", "ontologies")],
    "disease-ontology-2015/*.obo": [("obo", "ontologies")],
    "hetionet/*nodes.clinical*": [("hetionet", "nodes")],
    "hetionet/*edges.clinical*": [("hetionet", "edges")],
    "hpo/hp.obo.gz": [("obo", "ontologies")],
    "hpo/phenotype.hpoa.gz": [("hpoa", "annotations")],
    "layouts/biocypher/*-header.csv": [("biocypher", "headers")],
    "layouts/biocypher/*-part000.csv": [("biocypher", "parts")],
    "layouts/ibkh/entity/disease*": [("ibkh", "diseases")],
    "layouts/ibkh/entity/symptom*": [("ibkh", "symptoms")],
    "layouts/ibkh/entity/drug*": [("ibkh", "drugs")],
    "layouts/ibkh/relation/Di_Sy*": [("ibkh", "disease_symptom")],
    "layouts/ibkh/relation/D_Di*": [("ibkh", "drug_disease")],
    "layouts/ibkh/relation/Di_Di*": [("ibkh", "disease_disease")],
    "layouts/kgx/*nodes*": [("kgx", "nodes")],
    "layouts/kgx/*edges*": [("kgx", "edges")],
    "layouts/neo4j-admin/*.csv": [("neo4j-admin", "tables")],
    "layouts/primekg/kg.csv": [("primekg", "kg")],
    "layouts/primekg/nodes.csv": [("primekg", "nodes")],
    "mondo-mappings/*.tsv": [("sssom", "mappings")],
    "nc-sider4/hetionet*nodes*": [("hetionet", "nodes")],
    "nc-sider4/hetionet*edges*": [("hetionet", "edges")],
    "symptom-ontology/symp.obo": [("obo", "ontologies")],
    "symptom-ontology/symp.json": [("obographs", "ontologies")],
}
LINES = 60


def test_every_file_of_the_real_data_is_taken_by_its_own_slot_and_by_no_other(shared_data: Path) -> None:
    expected = {path: slots for pattern, slots in FOLDERS.items() for path in shared_data.glob(pattern)}
    taken = {
        path: found
        for path in shared_data.rglob("*")
        if path.is_file()
        and (found := [(format.name, slot) for format in FORMATS for slot in slots_of(format, Opened(path))])
    }
    assert taken == expected


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
@pytest.mark.parametrize("text", ["", "\n", "a,b\n1,2\n", "a\tb\n", "{}", "[]", "<xml/>", "id\tname\n", "\ufeff"])
def test_other_files_are_taken_by_no_slot(format: Format, text: str) -> None:
    assert slots_of(format, InMemory.of("any.csv", text)) == []


def damaged(lines: Sequence[str], chance: random.Random) -> list[str]:
    """Lines with one or two faults of the kinds that files get."""
    found = list(lines)
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(found))
        line = found[at]
        cut = chance.randrange(len(line) + 1)
        mark = next((mark for mark in "\t;," if mark in line), " ")
        cells = line.rstrip("\n").split(mark)
        chance.shuffle(cells)
        found[at] = chance.choice(
            [
                line[:cut],
                line[:cut]
                + chance.choice(['"', "'", "\x00", "\x07", "\u202e", "\r", "{", "]", "=1+1", "9" * 400])
                + line[cut:],
                mark.join(cells) + "\n",
                line * 2,
                line[:cut] + "x" * 200_000 + line[cut:],
                "\n",
            ]
        )
    return found


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_a_damaged_file_is_read_to_a_short_problem_and_never_to_a_traceback(format: Format, shared_data: Path) -> None:
    files: dict[str, list[tuple[str, list[str]]]] = {slot.name: [] for slot in format.slots}
    for pattern, slots in FOLDERS.items():
        for path in sorted(shared_data.glob(pattern)):
            for name, slot in slots:
                if name == format.name:
                    text = "".join(line for line, _ in zip(Opened(path), range(LINES), strict=False))
                    files[slot].append((path.name.removesuffix(".gz"), text.splitlines(keepends=True)))
    if format is drkg.FORMAT:
        files["triples"].append(
            ("drkg.tsv", ["Disease::DOID:1\tHetionet::DpS::Disease:Symptom\tSymptom::D003371\n"] * 9)
        )
    if format is hetionet_json.FORMAT:
        node = '{"kind": "Disease", "identifier": "DOID:1", "name": "x"},\n'
        files["document"].append(
            ("h.json", ['{"metanode_kinds": [], "nodes": [\n', *[node] * 9, "{}], \n", '"edges": []}\n'])
        )
    for seed in range(60):
        chance = random.Random(seed)
        given = {
            slot: [InMemory(name, tuple(damaged(lines, chance))) for name, lines in texts]
            for slot, texts in files.items()
        }
        for part in format.plan(given):
            assert part.source
            assert part.version
            assert part.licence
            for record in part.records():
                assert isinstance(record, Found | Problem)
                if isinstance(record, Problem):
                    assert len(record.message) < 1_500
                    assert len(record.value) <= 200
                    assert len(record.fix) < 3_000
                    assert len(record.place.column) <= 210
                    assert record.place.line >= 1
