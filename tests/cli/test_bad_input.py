"""Bad input is answered with one screen and an exit code, and leaves nothing half done."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from kg.graph import Graph
from kg.settings import Settings
from kg.store import Address, Store

pytestmark = pytest.mark.neo4j

Run = Callable[..., Any]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def nodes(address: Address) -> int:
    async def count() -> int:
        async with Store.at(address) as store:
            return sum((await Graph(store).counts())["node"].values())

    return anyio.run(count)


def file_with(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


CORRUPT = gzip.compress(b"id\tname\tkind\r\n" * 500)[:-9]

# What is typed (`{tmp}` is a folder), the exit code, and words of the answer: cause, place, next step.
TABLE: dict[str, tuple[list[str], int, list[str]]] = {
    "an unknown code in an empty graph": (
        ["ask", 'disease "J20" | symptoms'],
        2,
        ["has the code J20", "mkg load core"],
    ),
    "a question with a wrong word": (
        ["ask", 'disease "J20" | symptms'],
        2,
        ["has no step symptms", "^", "Did you mean symptoms?"],
    ),
    "a question that stops too early": (["ask", 'disease "J20" |'], 2, ["stops too early", "^", "Here can stand"]),
    "notes for an unknown code": (
        ["generate", "notes", "--icd10", "Z99", "--out", "{tmp}/n.jsonl"],
        2,
        ["Z99", "mkg load core"],
    ),
    "notes without a code": (["generate", "notes", "--out", "{tmp}/n.jsonl"], 2, ["--icd10"]),
    "a recipe that does not exist": (
        ["generate", "notes", "--icd10", "J20", "--recipe", "none", "--out", "{tmp}/n.jsonl"],
        5,
        ["no recipe 'none'", "outpatient-en"],
    ),
    "a format that does not exist": (["load", "hetnet", "{tmp}"], 3, ["hetnet", "hetionet"]),
    "a file that is missing": (["load", "obo", "{tmp}/none.obo"], 3, ["none.obo"]),
    "a folder without the format's files": (["load", "hetionet", "{tmp}"], 3, ["{tmp}"]),
    "a corrupt gzip": (["load", "hetionet", "{tmp}/corrupt"], 3, ["nodes.tsv.gz", "gzip"]),
    "another encoding than UTF-8": (["load", "obo", "{tmp}/latin.obo"], 3, ["latin.obo", "UTF-8"]),
    "an edge of an unknown kind": (
        ["review", "propose", "edge", "CURES", "J20", "fever", "--reference", "x", "--by", "anna"],
        3,
        ["CURES", "HAS_SYMPTOM"],
    ),
    "a proposal that does not exist": (["review", "accept", "P:none", "--by", "boris"], 6, ["P:none"]),
    "a change set that does not exist": (["review", "undo", "CS:none", "--by", "boris"], 6, ["CS:none"]),
    "a command that does not exist": (["lod", "core"], 2, ["lod"]),
}


@pytest.mark.parametrize("case", TABLE)
def test_bad_input_is_answered_in_one_screen(
    case: str, mkg: Run, served: Settings, empty_graph: None, neo4j_address: Address, tmp_path: Path
) -> None:
    (tmp_path / "corrupt").mkdir()
    file_with(tmp_path / "corrupt", "hetionet-v1.0-nodes.tsv.gz", CORRUPT)
    file_with(tmp_path / "corrupt", "hetionet-v1.0-edges.sif", b"source\tmetaedge\ttarget\r\n")
    file_with(tmp_path, "latin.obo", b"format-version: 1.2\n\n[Term]\nid: DOID:1\nname: Sj\xf6gren\n")
    before = {path.name for path in tmp_path.iterdir()}
    words, code, told = TABLE[case]

    ran = mkg(*(word.replace("{tmp}", str(tmp_path)) for word in words))

    assert ran.code == code, ran.err
    # A terminal folds long lines, so the words are looked for in the text without its line breaks.
    shown = "".join(ran.err.split())
    for word in told:
        assert "".join(word.replace("{tmp}", str(tmp_path)).split()) in shown, ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) < 25
    assert ran.out == ""
    assert nodes(neo4j_address) == 0
    assert {path.name for path in tmp_path.iterdir()} == before


def test_an_error_is_json_when_asked(mkg: Run, served: Settings, empty_graph: None) -> None:
    ran = mkg("ask", 'disease "J20" | symptms', "--json")
    error = json.loads(ran.err.splitlines()[-1])["error"]
    assert (ran.code, error["code"]) == (2, "UNKNOWN_WORD")
    assert error["hint"] == "Did you mean symptoms?"


def test_neo4j_that_is_down_is_told(mkg: Run, monkeypatch: pytest.MonkeyPatch, taken_port: int) -> None:
    monkeypatch.setenv("MKG_DEADLINE", "2")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{port}")
    monkeypatch.setenv("NEO4J_PASSWORD", "not-the-password")
    ran = mkg("ask", 'disease "J20"')
    assert ran.code == 4
    assert "cannot be reached" in ran.err
    assert "NEO4J_URI" in ran.err


def test_a_wrong_password_is_told(mkg: Run, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", neo4j_address.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", "not-the-password")
    ran = mkg("ask", 'disease "J20"')
    assert ran.code == 4
    assert "refused the user name or the password" in ran.err
    assert "not-the-password" not in ran.err


def test_a_server_without_a_password_is_told(mkg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:7999")
    ran = mkg("ask", 'disease "J20"')
    assert ran.code == 2
    assert "NEO4J_PASSWORD" in ran.err


def test_a_taken_bolt_port_is_told(mkg: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, taken_port: int) -> None:
    ran = mkg("db", "start", "--data-dir", str(tmp_path / "data"), "--port", str(taken_port))
    assert ran.code == 4
    assert str(taken_port) in ran.err
    assert "MKG_BOLT_PORT" in ran.err


def test_a_data_directory_that_is_in_use_is_told(mkg: Run, served: Settings, taken_port: int) -> None:
    ran = mkg("db", "start", "--port", str(taken_port))
    assert ran.code == 4
    assert "in use already" in ran.err
    assert "--data-dir" in ran.err


def test_a_taken_http_port_is_told(mkg: Run, served: Settings, taken_port: int) -> None:
    ran = mkg("serve", "--port", str(taken_port))
    assert ran.code == 2
    assert "is taken" in ran.err
    assert "--port" in ran.err


def test_a_data_directory_that_cannot_be_written_is_told(mkg: Run, tmp_path: Path) -> None:
    # Not a matter of rights, which the superuser does not feel: a file stands where the folder should be.
    blocked = tmp_path / "file"
    blocked.write_text("here first")
    ran = mkg("db", "start", "--data-dir", str(blocked / "data"), "--port", "0")
    assert ran.code == 4
    assert str(blocked) in "".join(ran.err.split())
    assert "MKG_DATA_DIR" in ran.err
    assert blocked.read_text() == "here first"


def test_a_setting_that_makes_no_sense_is_told(mkg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKG_HEAP", "lots")
    ran = mkg("db", "status")
    assert ran.code == 2
    assert "MKG_HEAP" in ran.err


def test_an_output_file_that_cannot_be_written_is_told(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here first")
    ran = mkg("generate", "notes", "--icd10", "J20", "--out", str(tmp_path / "file" / "notes.jsonl"))
    assert ran.code != 0
    assert "notes.jsonl" in "".join(ran.err.split())
    assert "Traceback" not in ran.err


def test_a_model_that_is_missing_is_told(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    out = tmp_path / "notes.jsonl"
    ran = mkg("generate", "notes", "--icd10", "J20", "--out", str(out), "--model", str(tmp_path / "no-such-model"))
    assert ran.code == 5
    assert "no-such-model" in "".join(ran.err.split())
    assert list(tmp_path.iterdir()) == []
