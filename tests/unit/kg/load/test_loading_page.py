from __future__ import annotations

import ast
import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from kg.errors import DataError
from kg.load import as_csv, plan_load
from kg.load.inputs import looked, planned
from kg.load.reading import text_file
from kg.load.report import COLUMNS
from kg.sources.format import Format
from kg.sources.ids import by_name
from kg.sources.mapping import EdgeSpec, EvidenceSpec, NodeSpec, SourceSpec, TableSpec
from kg.sources.records import Found, Problem
from kg.sources.registry import FORMATS
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
    for known in FORMATS:
        assert f"| `{known.name}` |" in PAGE
    assert re.findall(r"`(\w+)`", PAGE.partition("| column | meaning |")[2].partition("Every row")[0])[0] == COLUMNS[0]
    for column in COLUMNS:
        assert f"`{column}`" in PAGE


def test_the_page_names_every_rule_that_the_code_reports() -> None:
    told = {
        value
        for folder in (ROOT / "kg" / "sources", ROOT / "kg" / "load")
        for path in folder.glob("*.py")
        if path.name != "core.py"
        for value in rules_in(path)
    }
    assert len(told) > 60
    assert told <= set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", PAGE))


def rules_in(path: Path) -> Iterator[str]:
    """Yield what looks like a rule among the words given to a call, where problems are made."""
    makers = ("fault", "not_held", "refused", "wrong", "other", "add", "_refuse", "_Wrong", "Problem")
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in makers:
            for word in node.args:
                if isinstance(word, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(word.value)):
                    yield str(word.value)


@pytest.fixture
def ward() -> Format:
    """The format of the page's own source."""
    names: dict[str, Any] = {"__name__": "ward"}
    exec(block("ward.py"), names)
    return names["FORMAT"]


def test_the_new_source_of_the_page_reads_its_file(ward: Format, tmp_path: Path) -> None:
    (tmp_path / "ward.tsv").write_text(block("ward.tsv"), "utf-8")
    inputs = planned(ward, [], [looked(text_file(tmp_path / "ward.tsv"))])
    (part,) = inputs.parts
    assert (inputs.title, part.licence) == ("ward-3 2026-11", "CC BY 4.0")
    records = list(part.records())
    edges = [item.record for item in records if isinstance(item, Found) and isinstance(item.record, Edge)]
    assert [(edge.start, edge.end, edge.evidence[0].claims) for edge in edges] == [
        ("DOID:2841", by_name("Symptom", "Wheeze"), {"weight": 0.75}),
        ("DOID:2841", by_name("Symptom", "cough"), {"weight": 0.6}),
    ]
    assert edges[0].evidence[0].reference == "ward.tsv, line 2"
    (problem,) = (item for item in records if isinstance(item, Problem))
    assert (problem.place.file, problem.place.line, problem.place.column) == ("ward.tsv", 4, "with_sign")
    assert problem.rule == "edge-schema"


def test_the_new_source_of_the_page_refuses_what_is_not_its_file(ward: Format, tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("a\tb\n")
    with pytest.raises(DataError, match=r"x\.tsv is not a file of the format ward"):
        planned(ward, [looked(text_file(tmp_path / "x.tsv"))], [])


def test_the_new_source_is_as_short_as_the_page_says() -> None:
    lines = [line for line in block("ward.py").splitlines() if line.strip()]
    assert len(lines) <= 40


def test_the_page_names_every_key_of_a_mapping() -> None:
    for spec in (SourceSpec, TableSpec, NodeSpec, EdgeSpec, EvidenceSpec):
        for name in spec.model_fields:
            assert re.search(rf"[`.]{name}\b", PAGE), name
    for direction in get_args(EvidenceSpec.model_fields["direction"].annotation):
        assert f"`{direction}`" in PAGE
