from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kg.errors import DataError, FileUnreadable, KgError
from kg.load.formats import FORMATS, plan_load
from kg.sources.core import TABLES
from kg.sources.records import Found, Problem

NODES = "id\tname\tkind\nDisease::DOID:1\tone\tDisease\n"
EDGES = "source\tmetaedge\ttarget\nDisease::DOID:1\tDpS\tSymptom::D000001\n"
OBO = "data-version: v1\n[Term]\nid: DOID:1\nname: one\n"
MAPPING = """source: {name: NAME, version: "3", licence: CC0-1.0, asserted_by: us}
tables:
  - {file: a.csv, nodes: [{kind: Disease, id: "DOID:{n}", names: {en: "{name}"}}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"nodes.tsv": NODES, "edges.sif": EDGES, "x.obo": OBO, "a.csv": "n,name\n1,one\n", "README.md": "x"}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "m.yaml").write_text(MAPPING.replace("NAME", "clinic"))
    return tmp_path


def test_the_formats_are_these() -> None:
    assert tuple(FORMATS) == ("core", "hetionet", "obo", "csv")


def test_the_core_graph_comes_with_the_project_without_a_fault() -> None:
    inputs = plan_load("core")
    (part,) = inputs.parts
    assert part.source == "mkg-core"
    assert inputs.whole
    assert [file["name"] for file in inputs.about["files"]] == list(TABLES)
    records = list(part.records())
    assert [item for item in records if isinstance(item, Problem)] == []
    assert sum(isinstance(item, Found) for item in records) > 1000


def test_hetionet_files_are_told_apart_by_their_header(folder: Path) -> None:
    (folder / "metaedges.tsv").write_text("metaedge\tabbreviation\n")
    by_folder = plan_load("hetionet", [folder])
    by_name = plan_load("hetionet", [folder / "edges.sif", folder / "nodes.tsv"])
    assert by_folder.key == by_name.key
    assert [type(item) for item in by_folder.parts[0].records()] == [Found, Found]


def test_the_key_follows_from_the_content_and_not_from_the_path(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other") / "y.obo"
    other.write_text(OBO)
    assert plan_load("obo", [other]).key == plan_load("obo", [folder / "x.obo"]).key
    other.write_text(OBO + "\n")
    assert plan_load("obo", [other]).key != plan_load("obo", [folder / "x.obo"]).key


def test_the_key_follows_from_the_mapping_too(folder: Path) -> None:
    before = plan_load("csv", [folder / "a.csv"], folder / "m.yaml")
    (folder / "m.yaml").write_text(MAPPING.replace("NAME", "other"))
    assert plan_load("csv", [folder / "a.csv"], folder / "m.yaml").key != before.key


def test_what_is_kept_with_the_change_set_names_files_source_version_and_licence(folder: Path) -> None:
    inputs = plan_load("obo", [folder])
    assert inputs.title == "Human Disease Ontology v1"
    assert inputs.about["sources"] == [{"name": "disease-ontology", "version": "v1", "licence": "CC0-1.0"}]
    (file,) = inputs.about["files"]
    assert (file["name"], file["bytes"], len(file["sha256"])) == ("x.obo", len(OBO), 64)


def test_a_table_may_be_packed_and_named_without_gz(folder: Path) -> None:
    (folder / "a.csv.gz").write_bytes(gzip.compress((folder / "a.csv").read_bytes()))
    (folder / "a.csv").unlink()
    for paths in ([folder], [folder / "a.csv.gz"]):
        (found,) = plan_load("csv", paths, folder / "m.yaml").parts[0].records()
        assert isinstance(found, Found)
        assert found.place.file == "a.csv"


def test_a_load_that_makes_no_sense_is_refused_before_anything_is_touched(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "own.yaml").write_text(MAPPING.replace("NAME", "curation"))
    mapping = folder / "m.yaml"
    cases: list[tuple[str, list[Path], Path | None, type[KgError], str]] = [
        ("excel", [folder], None, DataError, "there is no format 'excel'"),
        ("obo", [], None, DataError, "no file is named"),
        ("core", [folder], None, DataError, "takes no files"),
        ("obo", [folder], mapping, DataError, "takes no mapping"),
        ("obo", [folder / "none.obo"], None, FileUnreadable, "there is no such file"),
        ("obo", [folder / "empty"], None, FileUnreadable, "no file that ends with"),
        ("obo", [folder / "README.md"], None, DataError, "no term of an ontology"),
        ("hetionet", [folder / "nodes.tsv"], None, DataError, "no file of edges"),
        ("hetionet", [folder / "nodes.tsv", folder / "a.csv"], None, DataError, "no file of edges; looked at a.csv"),
        ("csv", [folder / "a.csv"], None, DataError, "needs a mapping"),
        ("csv", [folder / "a.csv"], folder / "none.yaml", FileUnreadable, "there is no such file"),
        ("csv", [folder / "a.csv"], folder / "own.yaml", DataError, "kept for the project itself"),
        ("csv", [folder / "empty"], mapping, DataError, "'a.csv' is not among the files"),
        ("csv", [folder / "a.csv", folder / "x.obo"], mapping, DataError, "says nothing of x.obo"),
    ]
    for format, paths, told, kind, message in cases:
        with pytest.raises(kind) as caught:
            plan_load(format, paths, told)
        assert message in caught.value.message
        assert caught.value.hint, message
