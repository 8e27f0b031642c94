from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from kg.errors import DataError, FileUnreadable, KgError
from kg.load.inputs import CSV, files_below, plan_load
from kg.sources.core import TABLES
from kg.sources.records import Found, Problem
from kg.sources.registry import FORMATS

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


def test_every_format_has_a_name_of_its_own_a_licence_note_and_says_which_files_it_takes() -> None:
    names = [known.name for known in FORMATS]
    assert len(set(names)) == len(names)
    assert not {CSV, "auto", "undo"} & set(names)
    for known in FORMATS:
        assert known.title
        assert known.licence
        assert all(slot.meaning for slot in known.slots)


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
    assert inputs.title == "disease-ontology v1"
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
        ("core", [folder], None, DataError, "no file of the format core was found for one place: icd10.csv"),
        ("obo", [folder], mapping, DataError, "takes no mapping"),
        ("obo", [folder / "none.obo"], None, FileUnreadable, "there is no such file"),
        ("obo", [folder / "empty"], None, DataError, "no file of the format obo was found"),
        ("obo", [folder / "README.md"], None, DataError, "README.md is not a file of the format obo"),
        ("hetionet", [folder / "nodes.tsv"], None, DataError, "for one place: edges with the columns"),
        ("hetionet", [folder / "nodes.tsv", folder / "a.csv"], None, DataError, "a.csv is not a file of the format"),
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


def test_files_of_a_folder_that_the_format_does_not_take_are_told(folder: Path) -> None:
    inputs = plan_load("obo", [folder])
    assert inputs.unread == ("a.csv", "edges.sif", "m.yaml", "nodes.tsv")
    assert [file.name for file in inputs.files] == ["x.obo"]


def test_a_folder_gives_its_files_in_order_without_hidden_ones_and_readmes(tmp_path: Path) -> None:
    for name in ("b.obo", "a/c.obo.gz", "a/.hidden", ".git/x", "LICENSE", "SHA256SUMS", "C.OBO", "a/README.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "d.obo").mkdir()
    assert [str(file.path.relative_to(tmp_path)) for file in files_below(tmp_path)] == ["C.OBO", "a/c.obo.gz", "b.obo"]


def test_a_packed_file_is_recognised_like_a_plain_one(folder: Path) -> None:
    for ending, pack in ((".gz", gzip.compress), (".bz2", bz2.compress)):
        packed = folder / f"y.obo{ending}"
        packed.write_bytes(pack(b"\xef\xbb\xbf" + OBO.replace("\n", "\r\n").encode()))
        (found,) = plan_load("obo", [packed]).parts[0].records()
        assert isinstance(found, Found)
        assert found.record.id == "DOID:1"


def test_size_and_position_are_counted_in_bytes_on_the_disk(folder: Path) -> None:
    inputs = plan_load("obo", [folder])
    assert inputs.position < inputs.size == len(OBO)
    list(inputs.parts[0].records())
    assert inputs.position == inputs.size
