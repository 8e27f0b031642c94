"""`mkg generate notes` on the shipped graph as a person runs it, with a model that says its facts and no more."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.prompt import Prompt, Sampling
from kg.settings import Settings
from mkg.cli import generate_notes

pytestmark = pytest.mark.neo4j

Run = Callable[..., Any]

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "generator.md").read_text("utf-8")
BLOCKS = re.findall(r"^```\n(mkg .*?)^```", PAGE, re.DOTALL | re.MULTILINE)


class Teller:
    """Says each line of the facts as a sentence; presses Ctrl-C at the group that it is told."""

    name, fingerprint, width = "teller", "f00d", 4

    def __init__(self) -> None:
        self.calls = 0
        self.interrupted_at: int | None = None

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        self.calls += 1
        if self.calls == self.interrupted_at:
            os.kill(os.getpid(), signal.SIGINT)
        return [f"Seen today: {'. '.join(prompt.messages[-1].content.splitlines())}." for prompt in prompts]


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Teller]:
    model = Teller()
    monkeypatch.setattr(generate_notes, "model_of", lambda *_: model)
    monkeypatch.chdir(tmp_path)
    return model


def commands(mark: str) -> list[list[str]]:
    """Return the commands of the page's block that has an option."""
    (block,) = (block for block in BLOCKS if mark in block)
    return [shlex.split(line)[1:] for line in block.splitlines()]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_four_commands_lead_from_a_preview_to_a_report(mkg: Run, loaded: Settings, teller: Teller) -> None:
    preview, plan, notes, report = commands("--show-prompt")
    seen = mkg(*preview)
    assert (seen.code, teller.calls) == (0, 0)
    assert "Diagnosis: acute bronchitis" in seen.out
    assert ", J20, " in seen.out.splitlines()[0]
    assert "Subgraph (" in seen.out
    assert not list(Path().iterdir())
    for words in (plan, notes, report):
        ran = mkg(*words)
        assert ran.code == 0, ran.err
    rows = rows_of(Path("notes"))
    assert [row["icd10"] for row in rows] == ["E11"] * 10 + ["I10"] * 10 + ["J20"] * 10
    assert all(fact["edge_id"] and fact["evidence_ids"] for row in rows for fact in row["facts"])
    page = Path("report.html").read_text("utf-8")
    assert rows[0]["facts"][0]["edge_id"] in page
    figures = json.loads(Path("report.json").read_text("utf-8"))
    assert figures["rows"]["all"] == 30
    assert figures["time"]["seconds"] > 0
    for words in commands("--dry-run"):
        assert mkg(*words).code == 0, words
    ran = mkg("dataset", "export", "notes", "--as", "hf", "--out", "my-notes")
    assert ran.code == 0, ran.err
    assert Path("my-notes/README.md").exists()


def test_ctrl_c_ends_a_run_tidily_and_the_same_command_goes_on(mkg: Run, loaded: Settings, teller: Teller) -> None:
    words = ["generate", "notes", "--icd10", "J20,I10", "--count", "20", "--shard", "8", "--json", "--out"]
    teller.interrupted_at = 4
    stopped = mkg(*words, "stopped")
    assert stopped.code == 130
    assert "Finishing the notes that are being written" in stopped.err
    told = stopped.json
    assert 0 < told["notes"] < told["wanted"] == 40
    ahead = mkg(*words, "stopped", "--dry-run").json
    assert (ahead["would"], ahead["done"], ahead["notes"], ahead["files"]) == ("go on", told["notes"], 40, 5)
    assert ahead["seconds_left"] > 0
    assert mkg("dataset", "status", "stopped", "--json").json["runs"][0]["state"] == "stopped"
    report = mkg("dataset", "report", "stopped", "--out", "r.html")
    assert (report.code, "the run is not finished" in report.err) == (3, True)
    again = mkg(*words, "stopped", "--resume")
    assert (again.code, again.json["resumed"], again.json["notes"]) == (0, told["notes"], 40)
    whole = mkg(*words, "whole")
    assert whole.code == 0
    for path in Path("whole").glob("notes-*"):
        assert (Path("stopped") / path.name).read_bytes() == path.read_bytes()
    reused = mkg(*words, "whole")
    assert (reused.code, reused.json["reused"]) == (0, True)


def test_another_run_is_refused_before_it_and_in_a_dry_run(mkg: Run, loaded: Settings, teller: Teller) -> None:
    words = ["generate", "notes", "--icd10", "J20", "--out", "notes"]
    assert mkg(*words, "--resume").code == 5
    assert not Path("notes").exists()
    assert mkg(*words, "--dry-run", "--json").json["would"] == "begin"
    assert not Path("notes").exists()
    assert mkg(*words).code == 0
    for more in ([], ["--dry-run"]):
        refused = mkg(*words, "--seed", "8", *more)
        assert (refused.code, "its seed differ" in refused.err) == (5, True)
    assert mkg(*words, "--seed", "8", "--overwrite").code == 0


def test_who_asks_the_default_model_for_russian_is_told_that_it_learned_english(mkg: Run, loaded: Settings) -> None:
    words = ("generate", "notes", "--icd10", "J20", "--dry-run", "--out", "told.jsonl")
    doubts = {recipe: mkg(*words, "--recipe", recipe) for recipe in ("outpatient-ru", "outpatient-en")}
    assert [ran.code for ran in doubts.values()] == [0, 0]
    assert ["smollm2 learned English" in ran.err for ran in doubts.values()] == [True, False]
    served = mkg(*words, "--recipe", "outpatient-ru", "--model", "x", "--model-url", "http://127.0.0.1:1/v1")
    assert (served.code, "learned English" in served.err) == (0, False)


def test_each_patient_that_was_drawn_has_a_note(mkg: Run, loaded: Settings, teller: Teller) -> None:
    ran = mkg("generate", "patients", "--icd10", "J20,I10", "--count", "9", "--min-age", "18", "--out", "p.jsonl")
    assert ran.code == 0, ran.err
    shown = mkg("generate", "notes", "--patients", "p.jsonl", "--show-prompt", "--json").json
    patients = [json.loads(line) for line in Path("p.jsonl").read_text("utf-8").splitlines()]
    edges = [{fact["edge_id"] for fact in row["facts"]} for row in patients]
    assert all({edge["id"] for edge in one["edges"]} <= known for one, known in zip(shown, edges, strict=True))
    ran = mkg("generate", "notes", "--patients", "p.jsonl", "--out", "notes", "--json")
    assert ran.json["notes"] == 9
    assert [row["patient"]["id"] for row in rows_of(Path("notes"))] == [row["id"] for row in patients]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--icd10"),
        (["--icd10", "J20", "--plan", "plan.csv"], "one of them"),
        (["--plan", "plan.csv", "--count", "3"], "say themselves how many"),
        (["--icd10", "J20", "--resume", "--overwrite"], "--resume"),
    ],
)
def test_options_that_contradict_each_other_are_refused(mkg: Run, words: list[str], told: str) -> None:
    ran = mkg("generate", "notes", *words)
    assert (ran.code, told in " ".join(ran.err.split())) == (2, True)
