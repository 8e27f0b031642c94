from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from kg.errors import DataError, FileUnreadable
from kg.load import recognised
from kg.sources.records import Found
from kg.sources.registry import FORMATS

OBO = "format-version: 1.2\ndata-version: v1\n\n[Term]\nid: DOID:1\nname: one\n"
NODES = "id\tname\tkind\nDisease::DOID:1\tone\tDisease\nSymptom::D000001\ta\tSymptom\n"
EDGES = "source\tmetaedge\ttarget\nDisease::DOID:1\tDpS\tSymptom::D000001\n"
SSSOM = (
    "# license: CC0\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    "MONDO:1\tskos:exactMatch\tDOID:1\tsemapv:ManualMappingCuration\n"
)
LABELED = (
    "rxnorm_id\tdisease_cui\tn_labels\texpert\tcrowd\tdisease_mesh_name\trxnorm_name\n1\tC0000001\t1\t1\t1\tx\ty\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "hetio/nodes.tsv": NODES.encode(),
        "hetio/edges.sif.gz": gzip.compress(EDGES.encode()),
        "do/doid.obo.bz2": bz2.compress(b"\xef\xbb\xbf" + OBO.replace("\n", "\r\n").encode()),
        "maps/m.sssom.tsv": SSSOM.encode(),
        "labels/indications.tsv": LABELED.encode(),
        "notes/what.docx": b"PK\x03\x04\xff\xfe",
        "README.md": b"# Data\n",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def test_a_folder_of_several_formats_is_told_apart_and_ordered(folder: Path) -> None:
    found, unknown = recognised(folder)
    assert [inputs.format for inputs in found] == ["sssom", "obo", "labeledin", "hetionet"]
    order = [known.name for known in FORMATS]
    assert sorted(found, key=lambda inputs: order.index(inputs.format)) == found
    assert unknown == ["notes/what.docx"]


def test_packed_marked_and_crlf_files_are_read_like_plain_ones(folder: Path) -> None:
    found, _ = recognised(folder)
    for inputs in found:
        records = [item for part in inputs.parts for item in part.records()]
        assert records, inputs.format
        assert all(isinstance(item, Found) for item in records), inputs.format


def test_every_file_goes_to_one_load_at_most(folder: Path) -> None:
    found, unknown = recognised(folder)
    taken = [str(file.path.relative_to(folder)) for inputs in found for file in inputs.files]
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(unknown)


def test_files_that_need_one_another_may_lie_in_two_folders(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "hetio" / "nodes.tsv").rename(folder / "other" / "nodes.tsv")
    found, _ = recognised(folder)
    (hetionet,) = (inputs for inputs in found if inputs.format == "hetionet")
    assert {file.name for file in hetionet.files} == {"nodes.tsv", "edges.sif.gz"}


def test_half_of_a_format_is_no_load(folder: Path) -> None:
    (folder / "hetio" / "nodes.tsv").unlink()
    found, unknown = recognised(folder)
    assert "hetionet" not in [inputs.format for inputs in found]
    assert "hetio/edges.sif.gz" in unknown


def test_two_releases_in_two_folders_are_two_loads(folder: Path) -> None:
    (folder / "do2").mkdir()
    (folder / "do2" / "doid.obo").write_text(OBO.replace("v1", "v2"))
    found, _ = recognised(folder)
    assert [inputs.title for inputs in found if inputs.format == "obo"] == [
        "disease-ontology v1",
        "disease-ontology v2",
    ]


def test_a_folder_without_data_and_what_is_no_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello")
    with pytest.raises(DataError, match="no file of a known format"):
        recognised(tmp_path)
    with pytest.raises(FileUnreadable, match="no folder"):
        recognised(tmp_path / "x.txt")


def test_the_whole_of_the_shared_data_is_recognised(shared_data: Path) -> None:
    found, _ = recognised(shared_data)
    formats = {inputs.format for inputs in found}
    assert formats >= {"icd10cm", "mkb10", "sssom", "obo", "hpoa", "atc", "sider", "drugcentral", "hetionet"}
