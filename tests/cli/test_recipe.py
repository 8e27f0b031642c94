"""`mkg recipe` as a person runs it: list, lint, show and diff, and the page's own commands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.recipe import find_recipe, shipped_recipes
from kg.settings import Settings

Run = Callable[..., Any]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "recipes.md"
TEXT = PAGE.read_text("utf-8")
COMMANDS = re.findall(r"^mkg (.*)$", TEXT, re.MULTILINE)
OWN = re.search(r"```yaml\n(---\nid: night-en.*?)```", TEXT, re.DOTALL)
STYLE = re.search(r"```yaml\n(en:.*?)```", TEXT, re.DOTALL)

BAD = """---
id: bad
version: 1
extends: emergency-en
about: Wrong in three places.
style: baroque
options: {top_k: 3}
---
{% block visit %}{{ nobody }}{% endblock %}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MKG_RECIPES", str(tmp_path))
    return tmp_path


def test_all_recipes_are_listed_with_their_variants(mkg: Run, folder: Path) -> None:
    assert OWN
    (folder / "night-en.recipe").write_text(OWN[1])
    ran = mkg("recipe", "list")
    assert ran.code == 0
    assert all(name in ran.out for name in (*shipped_recipes(), "night-en", "+telegraphic", "+quick"))
    assert "note-en" not in ran.out
    listed = mkg("recipe", "list", "--json").json
    assert {one["recipe"].partition("@")[0] for one in listed} == {*shipped_recipes(), "night-en"}
    assert all(len(one["recipe_hash"]) == 64 for one in listed)


def test_what_is_shipped_and_what_the_page_shows_has_no_problem(mkg: Run, folder: Path) -> None:
    assert OWN
    assert STYLE
    (folder / "night-en.recipe").write_text(OWN[1])
    (folder / "own.style").write_text(STYLE[1])
    ran = mkg("recipe", "lint")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.strip().endswith("0 problems")
    assert mkg("recipe", "lint", "night-en+quick", "own.style").code == 0


def test_every_problem_is_told_with_file_line_and_fix(mkg: Run, folder: Path) -> None:
    path = folder / "bad.recipe"
    path.write_text(BAD)
    ran = mkg("recipe", "lint", str(path), "nobody")
    assert ran.code == 1
    assert [line for line in ran.out.splitlines() if line.startswith(str(path))] == [
        f"{path}:6: there is no style 'baroque'",
        f"{path}:7: options.top_k: Extra inputs are not permitted",
        f"{path}:9: the template's 'nobody' has no value",
    ]
    assert "nobody:1: there is no recipe 'nobody'" in ran.out
    found = mkg("recipe", "lint", str(path), "--json")
    assert found.code == 1
    assert [problem["line"] for problem in found.json] == [6, 7, 9]
    assert all(problem["hint"] for problem in found.json)


def test_a_recipe_is_shown_without_a_graph(mkg: Run) -> None:
    ran = mkg("recipe", "show", "discharge-ru+hidden+telegraphic")
    assert ran.code == 0
    assert "Выписана из стационара" in ran.out
    assert "files: discharge-ru.recipe, note-ru.recipe" in ran.out


def test_two_recipes_are_compared_with_all_that_they_inherit(mkg: Run) -> None:
    ran = mkg("recipe", "diff", "emergency-en", "emergency-en+long")
    assert ran.code == 0
    assert "options.token_budget: 300 → 500" in ran.out
    assert "-Write 25 to 60 words, as in the examples." in ran.out
    assert mkg("recipe", "diff", "emergency-en", "emergency-en+plain", "--json").json["values"] == []
    told = mkg("recipe", "diff", "outpatient-en", "outpatient-ru", "--json").json
    assert {"name": "language", "left": "en", "right": "ru"} in told["values"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "nobody"), 5, "there is no recipe 'nobody'"),
        (("show", "note-en"), 5, "there to be extended"),
        (("show", "emergency-en+huge"), 5, "no variant 'huge'"),
        (("diff", "emergency-en", "absent.recipe"), 5, "cannot be read"),
        (("show", "emergency-en", "--index", "-1"), 2, "--index"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_screen(
    mkg: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    ran = mkg("recipe", *words)
    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.neo4j
def test_a_row_is_shown_with_the_subgraph_that_fed_it(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    told = mkg("recipe", "show", "emergency-en+long", "--icd10", "J20", "--seed", "1", "--json").json
    assert told["icd10"] == "J20"
    assert told["recipe_hash"] == find_recipe("emergency-en+long").hash
    edges = {edge["id"]: edge for edge in told["edges"]}
    assert {fact["edge_id"] for fact in (*told["facts"], *told["dropped"])} <= edges.keys()
    assert all(edges[fact["edge_id"]]["evidence_ids"] for fact in told["facts"])
    assert all(end in told["nodes"] for edge_id in edges for end in edge_id.split("/")[::2])
    assert [turn["role"] for turn in told["prompt"]] == ["system", *["user", "assistant"] * 2, "user"]
    shown = mkg("recipe", "show", "emergency-en+long", "--icd10", "J20", "--seed", "1").out
    assert all(fact["edge_id"] in shown for fact in told["facts"])
    assert all(turn["content"].splitlines()[0] in shown for turn in told["prompt"])

    small = tmp_path / "small.recipe"
    small.write_text(
        "---\nid: small\nversion: 1\nextends: emergency-en\nabout: Small.\n"
        "questions: {symptoms: disease $disease | symptoms top 6 by weight}\n"
        "draw: {symptoms: null}\noptions: {max_facts: {symptom: 5}, token_budget: 60}\n---\n"
    )
    few = mkg("recipe", "show", str(small), "--icd10", "J20", "--json").json
    because = [(fact["kind"], fact["because"]) for fact in few["dropped"]]
    assert ("symptom", "max_facts.symptom is 5") in because
    assert ("symptom", "token_budget is 60") in because
    kept = min(fact["strength"] for fact in few["facts"] if fact["kind"] == "symptom")
    assert kept >= max(fact["strength"] for fact in few["dropped"] if fact["kind"] == "symptom")


@pytest.mark.neo4j
def test_the_prompts_of_a_run_are_shown_and_nothing_is_written(mkg: Run, loaded: Settings, tmp_path: Path) -> None:
    out = tmp_path / "n.jsonl"
    words = ("generate", "notes", "--icd10", "J20", "--icd10", "I10", "--count", "2", "--out", str(out))
    told = mkg(*words, "--recipe", "follow-up-ru+hidden", "--show-prompt", "--json").json
    assert [(row["icd10"], row["hidden"]) for row in told] == [("J20", True)] * 2 + [("I10", True)] * 2
    for row in told:
        assert row["icd10"] not in json.dumps(row["prompt"], ensure_ascii=False)
        assert row["withheld"][0]["kind"] == "diagnosis"
    for before, after in pairwise(told):
        assert not {one["id"] for one in before["examples"]} & {one["id"] for one in after["examples"]}
    assert not out.exists()


@pytest.mark.neo4j
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_runs(mkg: Run, loaded: Settings, command: str) -> None:
    ran = mkg(*shlex.split(command))
    assert ran.code == 0, ran.err
