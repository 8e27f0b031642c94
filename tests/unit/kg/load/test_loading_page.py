from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import get_args

import pytest

from kg.load import FORMATS, as_csv, plan_load
from kg.load.report import COLUMNS
from kg.sources.mapping import EdgeSpec, EvidenceSpec, NodeSpec, SourceSpec, TableSpec
from kg.sources.records import Found, Problem
from kg.values import Edge, Node

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "loading.md").read_text("utf-8")


def block(name: str) -> str:
    found = re.search(rf"```\w+ file={re.escape(name)}\n(.*?)```", PAGE, re.DOTALL)
    assert found, f"the page has no block for {name}"
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("findings.csv", "mapping.yaml"):
        (tmp_path / name).write_text(block(name), "utf-8")
    drugs = "atc\tname\ttreats\nr03ac02\tsalbutamol\tDOID:2841\na02bc01\tomeprazole\t\n"
    (tmp_path / "drugs.tsv.gz").write_bytes(gzip.compress(drugs.encode()))
    return tmp_path


def test_the_worked_example_makes_what_the_page_says(folder: Path) -> None:
    files = [folder / "findings.csv", folder / "drugs.tsv.gz"]
    inputs = plan_load("csv", files, folder / "mapping.yaml")
    records = list(inputs.parts[0].records())
    nodes = {
        item.record.id: item.record for item in records if isinstance(item, Found) and isinstance(item.record, Node)
    }
    edges = {
        item.record.id: item.record for item in records if isinstance(item, Found) and isinstance(item.record, Edge)
    }
    assert set(nodes) == {
        "DOID:2841",
        "DOID:10763",
        "DOID:8778",
        "CLINICX:cough",
        "CLINICX:wheeze",
        "CLINICX:headache",
        "CLINICX:abdominal_pain",
        "ATC:R03AC02",
        "ATC:A02BC01",
    }
    assert nodes["DOID:2841"].names == {"en": "asthma", "ru": "астма"}
    assert nodes["DOID:2841"].synonyms == {"en": ("bronchial asthma", "asthma bronchiale")}
    assert nodes["ATC:R03AC02"].properties == {"atc": "R03AC02"}
    assert set(edges) == {
        "DOID:2841/HAS_SYMPTOM/CLINICX:cough",
        "DOID:2841/HAS_SYMPTOM/CLINICX:wheeze",
        "DOID:10763/HAS_SYMPTOM/CLINICX:headache",
        "ATC:R03AC02/TREATS/DOID:2841",
    }
    cough = edges["DOID:2841/HAS_SYMPTOM/CLINICX:cough"].evidence[0]
    assert (cough.reference, cough.claims, cough.source) == ("PMID:12345678", {"weight": 0.7}, "clinic-x")
    assert edges["DOID:10763/HAS_SYMPTOM/CLINICX:headache"].evidence[0].reference == "findings.csv, line 3"


def test_the_report_of_the_worked_example_is_the_one_on_the_page(folder: Path) -> None:
    inputs = plan_load("csv", [folder], folder / "mapping.yaml")
    problems = [item for item in inputs.parts[0].records() if isinstance(item, Problem)]
    assert as_csv(problems).splitlines() == block("report.csv").splitlines()


def test_the_page_names_every_format_and_column_of_the_report() -> None:
    for name in FORMATS:
        assert f"### {name}\n" in PAGE
    for column in COLUMNS:
        assert f"`{column}`" in PAGE


def test_the_page_names_every_rule_that_the_code_reports() -> None:
    folders = (ROOT / "kg" / "sources", ROOT / "kg" / "load")
    code = "".join(
        path.read_text("utf-8") for folder in folders for path in folder.glob("*.py") if path.name != "core.py"
    )
    told = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code)) - {"mkg-core", "utf-8", "data-version"}
    sources = {"disease-ontology", "symptom-ontology"}
    assert told - sources <= set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE))


def test_the_page_names_every_key_of_a_mapping() -> None:
    for spec in (SourceSpec, TableSpec, NodeSpec, EdgeSpec, EvidenceSpec):
        for name in spec.model_fields:
            assert re.search(rf"[`.]{name}\b", PAGE), name
    for direction in get_args(EvidenceSpec.model_fields["direction"].annotation):
        assert f"`{direction}`" in PAGE
