"""`mkg generate plan` and `mkg generate patients` on the shipped graph, as a person runs them."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from kg.graph import Graph
from kg.settings import Settings
from kg.store import Address, Store

pytestmark = pytest.mark.neo4j

Run = Callable[..., Any]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "patients.md"
COMMANDS = re.findall(r"^mkg (generate .*)$", PAGE.read_text("utf-8"), re.MULTILINE)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_row_is_what_its_questions_answer(
    mkg: Run, loaded: Settings, neo4j_address: Address, tmp_path: Path
) -> None:
    out = tmp_path / "patients.jsonl"
    ran = mkg(
        "generate", "patients", "--count", "15", "--seed", "4", "--out", str(out), "--temperature", "0.7",
        "--lookalike", "0.5", "--comorbidity", "0.5", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.json["patients"] == 15
    assert ran.json["questions"] < 50
    rows = rows_of(out)

    async def asked() -> None:
        async with Store.at(neo4j_address, deadline=60) as store:
            graph = Graph(store)
            for row in rows:
                answers = {name: await graph.subgraph(question) for name, question in row["question"].items()}
                edges = {key: edge for answer in answers.values() for key, edge in answer.edges.items()}
                for fact in row["facts"]:
                    assert fact["evidence_ids"] == list(edges[fact["edge_id"]].evidence_ids)
                # In the order that the database draws them; what the person cannot have is passed over.
                drawn = [item["id"] for item in row["symptoms"]]
                order = answers["symptoms"].answer
                assert [key for key in order if key in drawn] == drawn
                assert order[-1] == drawn[-1]

    anyio.run(asked)


def test_from_a_plan_to_a_table(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    counts, plan, out = tmp_path / "counts.csv", tmp_path / "plan.csv", tmp_path / "patients.csv"
    counts.write_text("icd10,notes\nJ20,300\nI10,20\nA02,0\nZ00,50\n")
    ran = mkg(
        "generate", "plan", "--total", "40", "--mode", "medsyn", "--counts", str(counts), "--minimum", "2",
        "--fixed", "Z00=5", "--out", str(plan), "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    with plan.open(newline="") as file:
        planned = list(csv.DictReader(file))
    assert sum(int(line["count"]) for line in planned) == 40
    assert {line["icd10"]: line["flag"] for line in planned} == {
        "A02": "no-notes minimum",
        "I10": "",
        "J20": "",
        "Z00": "fixed",
    }

    ran = mkg("generate", "patients", "--plan", str(plan), "--format", "csv", "--out", str(out))
    assert ran.code == 0, ran.err
    with out.open(newline="", encoding="utf-8") as file:
        patients = [line["icd10"] for line in csv.DictReader(file)]
    assert patients == [line["icd10"] for line in planned for _ in range(int(line["count"]))]
    assert len(rows_of(tmp_path / "patients.csv.jsonl")) == 40
    again = mkg("generate", "patients", "--plan", str(plan), "--format", "csv", "--out", str(out), "--json")
    assert again.json["reused"] is True


def test_the_commands_of_the_page_run_as_they_stand_there(
    mkg: Run, loaded: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) >= 10
    for command in COMMANDS:
        ran = mkg(*shlex.split(command))
        assert ran.code == 0, f"{command}: {ran.err}"
    planned = rows_of(tmp_path / "planned.jsonl")
    assert (len(planned), {row["icd10"] for row in planned}) == (60, {"J20", "I10", "E11"})
    assert len(rows_of(tmp_path / "patients.jsonl")) == 200
    assert sum(int(line.split(",")[1]) for line in (tmp_path / "all.csv").read_text().splitlines()[1:]) == 300


def test_a_dry_run_tells_and_writes_nothing(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    out = tmp_path / "patients.jsonl"
    words = ("generate", "patients", "--count", "10", "--icd10", "N40,O24", "--max-age", "30", "--out", str(out))
    told = mkg(*words, "--dry-run", "--json").json
    assert (told["patients"], told["diseases"], len(told["left_out"])) == (10, 1, 1)
    assert "10 patients would be drawn from 1 diseases" in mkg(*words, "--dry-run").out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["patients"], 2, "say how many"),
        (["patients", "--count", "0"], 2, "greater than or equal to 1"),
        (["patients", "--count", "1", "--min-age", "9", "--max-age", "8"], 2, "9 is above"),
        (["patients", "--count", "1", "--languages", "en,xx"], 2, "'xx'"),
        (["patients", "--count", "1", "--population", "nowhere"], 3, "there is no population 'nowhere'"),
        (["patients", "--count", "1", "--plan", "none.csv"], 3, "the table cannot be read"),
        (["patients", "--count", "1", "--icd10", ","], 2, "name at least one code"),
        (["plan", "--total", "5", "--icd10", "J20", "--codes", "x.csv"], 2, "one way alone"),
        (["plan", "--total", "5", "--icd10", "J20;", "--mode", "uniform"], 2, "is no ICD-10 code"),
        (["plan", "--total", "5", "--icd10", "J20", "--mode", "uniform", "--fixed", "J20"], 2, "Z00=10"),
        (["plan", "--total", "5", "--icd10", "J20", "--mode", "uniform", "--minimum", "6"], 2, "5 is too few"),
        (["plan", "--total", "5", "--counts", "none.csv"], 3, "the table cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_database_is_asked(
    mkg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = mkg("generate", *words)
    assert ran.code == code
    assert message in " ".join(ran.err.replace("│", " ").split())
    assert "Traceback" not in ran.err


def test_what_the_graph_cannot_give_is_refused(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    out = str(tmp_path / "p.jsonl")
    ran = mkg("generate", "patients", "--count", "5", "--icd10", "N40", "--max-age", "20", "--out", out)
    assert (ran.code, "N40: no patient can be drawn" in " ".join(ran.err.split())) == (5, True)
    ran = mkg("generate", "patients", "--count", "5", "--icd10", "J99", "--out", out)
    assert (ran.code, "has the code J99" in ran.err) == (2, True)
    ran = mkg(
        "generate", "patients", "--count", "99", "--icd10", "O21", "--min-age", "30", "--max-age", "30",
        "--max-symptoms", "1", "--max-drugs", "0", "--comorbidity", "0", "--out", out, "--json",
    )  # fmt: skip
    error = json.loads(ran.err.splitlines()[-1])["error"]
    assert (ran.code, error["code"]) == (5, "TOO_FEW_PATIENTS")
    assert "99 were asked for" in error["message"]
