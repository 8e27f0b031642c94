"""`mkg generate instructions` on the shipped graph: every answer is asked for again, and the page is run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from generator.instructions.builders import BUILDERS
from kg.graph import Graph
from kg.settings import Settings
from kg.store import Address, Store
from kg.subgraph import Subgraph
from tests.unit.generator.scribe import Scribe

pytestmark = pytest.mark.neo4j

Run = Callable[..., Any]
Row = dict[str, Any]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "instructions.md"
COMMANDS = re.findall(r"^mkg ((?:generate instructions|dataset) .*)$", PAGE.read_text("utf-8"), re.MULTILINE)


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def values_in(row: Row, found: list[Subgraph]) -> list[str]:
    """Return what the graph holds under the property that the row was read off."""
    node = found[0].nodes[row["answer"][0]]
    if row["read"] == "synonyms":
        return list(node.synonyms[row["language"]])
    if row["read"] == "name":
        return [node.names[row["language"]]]
    held = {**node.properties}
    for edge in found[0].edges.values():
        held |= edge.properties
    return [str(held[name]) for name in row["read"].split(",")]


def test_the_commands_of_the_page_run_and_every_answer_is_the_graphs_own(
    mkg: Run, loaded: Settings, neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) == 7
    for command in COMMANDS:
        ran = mkg(*shlex.split(command))
        assert ran.code == 0, (command, ran.err)
    hard = rows_of(tmp_path / "hard.jsonl")
    assert {row["language"] for row in hard} == {"ru"}
    assert {row["builder"] for row in hard} == {"mistaken_drugs", "five_choice"}
    chat = rows_of(tmp_path / "chat.jsonl")
    assert all(row["messages"][-1]["role"] == "assistant" for row in chat)
    assert len(json.loads((tmp_path / "alpaca.json").read_text("utf-8"))) == len(chat) == 600
    assert (tmp_path / "my-questions" / "data" / "train-00000.parquet").exists()

    rows = rows_of(tmp_path / "set" / "instructions.jsonl")
    assert len(rows) == 600
    assert {row["builder"] for row in rows} == BUILDERS.keys() - {"disease_broader", "drug_interactions"}
    some = [row for name in BUILDERS for row in [row for row in rows if row["builder"] == name][:4]]

    async def asked() -> None:
        async with Store.at(neo4j_address, deadline=60) as store:
            graph = Graph(store)
            for row in some:
                await holds(graph, row)

    anyio.run(asked)


async def holds(graph: Graph, row: Row) -> None:
    """Ask the graph the questions of a row again, and compare answer, edges, evidence, hops and values."""
    found = [await graph.subgraph(question) for question in row["questions"]]
    assert {key for answer in found for key in answer.answer} == set(row["answer"]), row
    edges = {key: edge for answer in found for key, edge in answer.edges.items()}
    assert {edge["id"]: edge["evidence_ids"] for edge in row["edges"]} == {
        key: list(edge.evidence_ids) for key, edge in edges.items()
    }, row
    ways = [len(path) // 2 for answer in found for path in answer.paths]
    assert max(ways, default=row["hops"]) == row["hops"], row
    if row["read"]:
        assert values_in(row, found) == row["values"], row
    assert row["graph_release"] == found[0].release


def test_the_settings_of_the_page_are_taken(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    shares = tmp_path / "shares.yaml"
    (block,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    shares.write_text(block, "utf-8")
    ran = mkg("generate", "instructions", "--config", str(shares), "--count", "60", "--dry-run", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["builders"] == {"disease_symptoms": 20, "mistaken_drugs": 30, "note_from_symptoms": 10}
    assert not (tmp_path / "instructions.jsonl").exists()


def test_symptoms_are_read_out_of_texts_and_joined_to_the_graph(
    mkg: Run, loaded: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "J20.txt").write_text(
        "In acute bronchitis people cough, run a fever and hear a rattle.", "utf-8"
    )
    scribe = Scribe(lambda prompt, seed: "cough\nfever\nrattle\nacute bronchitis")
    monkeypatch.setattr("mkg.cli.generate_symptoms.model_of", lambda *_: scribe)
    (command,) = re.findall(r"^mkg (generate symptoms .*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    ran = mkg(*shlex.split(command), "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["known"], ran.json["proposals"], ran.json["left_out"]) == (2, 1, {"disease": 1})
    assert "MESH:D003371" in (tmp_path / "read" / "symptoms.csv").read_text("utf-8")
    assert mkg(*shlex.split(command), "--json").json["resumed"] == 1
    assert mkg("generate", "symptoms", "--texts", "none.txt", "--out", "x").code == 3


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--only", "drug_interactions"], "nothing for drug_interactions"),
        (["--only", "disease_limits", "--count", "5000"], "disease_limits lacks"),
    ],
)
def test_what_cannot_be_is_refused_with_the_cause(
    mkg: Run, loaded: Settings, tmp_path: Path, words: list[str], fault: str
) -> None:
    ran = mkg("generate", "instructions", "--out", str(tmp_path / "x.jsonl"), *words)
    assert ran.code != 0
    assert fault in " ".join(ran.err.split())
    assert "Traceback" not in ran.err
