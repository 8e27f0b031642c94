"""Every real file is taken by the one slot that is meant for it, and reading it twice tells the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.sources import (
    atc,
    core,
    do_tables,
    drugcentral,
    icd10_claml,
    icd10cm,
    inn,
    labeledin,
    medline,
    medsyn,
    mesh_symptoms,
    mkb10,
    pharmacotherapydb,
    rumed,
    sider,
)
from tests.unit.kg.sources.reading_formats import Opened, slots_of
from tests.unit.kg.sources.text_in_memory import InMemory

FORMATS = [
    module.FORMAT
    for module in (
        *(atc, core, do_tables, drugcentral, icd10_claml, icd10cm, inn, labeledin, medline),
        *(medsyn, mesh_symptoms, mkb10, pharmacotherapydb, rumed, sider),
    )
]
TAKEN = {
    "disease-ontology/HumanDO.tsv": ("disease-ontology", "tree"),
    "disease-ontology/ICD10inDO.tsv": ("disease-ontology", "xrefs"),
    "disease-ontology/MESHinDO.tsv": ("disease-ontology", "xrefs"),
    "disease-ontology/allXREFinDO.tsv": ("disease-ontology", "xref"),
    "disease-ontology/disease-symptom.tsv": ("disease-ontology", "symptoms"),
    "drugcentral/drug_indication.tsv": ("drugcentral", "indications"),
    "drugcentral/identifiers.tsv": ("drugcentral", "identifiers"),
    "drugcentral/idtype.tsv": ("drugcentral", "id-types"),
    "drugcentral/pharm_class.tsv": ("drugcentral", "classes"),
    "drugcentral/rephetio-classes.tsv": ("drugcentral", "rephetio-classes"),
    "drugcentral/rephetio-drug-to-class.tsv": ("drugcentral", "rephetio-members"),
    "icd10-ru/1.2.643.5.1.13.13.11.1005_2.27.csv": ("mkb10", "codes"),
    "icd10cm/icd10c-tabular-April-1-2026.xml.gz": ("icd10cm", "tabular"),
    "icd10cm/icd10cm-codes-2024.txt.gz": ("icd10cm", "codes"),
    "labeledin/indications.tsv": ("labeledin", "indications"),
    "medline-cooccurrence/DO-slim-to-mesh.tsv": ("medline", "mesh"),
    "medline-cooccurrence/disease-disease-cooccurrence.tsv": ("medline", "diseases"),
    "mesh-symptoms/symptoms.tsv": ("mesh-symptoms", "symptoms"),
    "mesh-symptoms/tree-numbers.C23.888.tsv": ("mesh-symptoms", "tree"),
    "nc-atc/WHO ATC-DDD 2026-04-25.csv": ("atc", "index"),
    "nc-sider4/sider4-indications.tsv": ("sider", "indications"),
    "nc-sider4/sider4-meddra_all_se.tsv.gz": ("sider", "effects"),
    "nc-sider4/sider4-meddra_freq.tsv.gz": ("sider", "frequencies"),
    "nc-sider4/sider4-side-effect-terms.tsv": ("sider", "terms"),
    "pharmacotherapydb/diseases.tsv": ("pharmacotherapydb", "diseases"),
    "pharmacotherapydb/drugs.tsv": ("pharmacotherapydb", "drugs"),
    "pharmacotherapydb/indications.tsv": ("pharmacotherapydb", "indications"),
    "rumedbench/derived/icd10_symptom_ru_counts.tsv": ("rumed", "counts"),
    "rumedbench/derived/top3_train_codes.tsv": ("rumed", "names"),
}


def test_every_file_of_the_real_data_is_taken_by_its_own_slot_and_by_no_other(shared_data: Path) -> None:
    taken: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(shared_data.rglob("*")):
        if path.is_file():
            text = Opened(path)
            found = [(format.name, slot) for format in FORMATS for slot in slots_of(format, text)]
            if found:
                taken[str(path.relative_to(shared_data))] = found
    assert taken == {name: [slot] for name, slot in TAKEN.items()}


@pytest.mark.parametrize("name", ["rumed", "mesh-symptoms", "pharmacotherapydb", "labeledin", "medline"])
def test_reading_twice_tells_the_same(name: str, shared_data: Path) -> None:
    (format,) = (format for format in FORMATS if format.name == name)
    files = {slot.name: () for slot in format.slots} | {
        slot: (Opened(shared_data / path),) for path, (owner, slot) in TAKEN.items() if owner == name
    }
    (part,) = format.plan(files)
    assert list(part.records()) == list(part.records())


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_an_empty_file_is_taken_by_no_slot(format: object) -> None:
    assert isinstance(format, type(FORMATS[0]))
    assert slots_of(format, InMemory.of("any.txt", "")) == []


def test_names_of_formats_and_slots_are_plain_and_licences_are_told() -> None:
    assert len({format.name for format in FORMATS}) == len(FORMATS)
    for format in FORMATS:
        assert format.licence.endswith(".")
        assert len({slot.name for slot in format.slots}) == len(format.slots)
