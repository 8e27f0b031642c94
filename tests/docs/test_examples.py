"""Every example in the README and in the pages is run, on the shipped graph."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import typer.main

from kg.graph import Graph
from kg.load import load, plan_load
from kg.query.build import ask
from kg.query.parse import parse
from kg.query.spell import from_json, to_text
from kg.schema import NODE_BY_ROOT
from kg.settings import Settings
from kg.store import Address, Store
from mkg.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> Iterator[str]:
    """Yield the fenced blocks of a page in that language."""
    return (text for found, text in BLOCK.findall(path.read_text("utf-8")) if found == language)


def questions() -> list[str]:
    """Return every line of a plain block that starts like a question."""
    starts = tuple(f'{root} "' for root in NODE_BY_ROOT)
    lines = [line.strip() for page in PAGES for text in blocks(page, "") for line in text.splitlines()]
    asked = [line for line in lines if line.startswith((*starts, "("))]
    asked += [words[2] for words in commands() if words[:2] == ["mkg", "ask"]]
    return sorted(set(asked))


def commands() -> list[list[str]]:
    """Return every `mkg …` line of a plain block, as words; what stands behind wide space is a remark."""
    found: list[list[str]] = []
    for page in PAGES:
        for language in ("", "sh", "console"):
            for text in blocks(page, language):
                joined = text.replace("\\\n", " ")
                for line in joined.splitlines():
                    words = re.split(r"\s{3,}|\s+#\s", line.strip())[0]
                    if re.match(r"(\$ )?mkg [a-z-]", words):
                        found.append(shlex.split(words.removeprefix("$ ")))
    return found


@pytest.fixture(scope="module")
async def graph(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> AsyncIterator[Graph]:
    async with Store.at(neo4j_address, deadline=60) as store:
        await emptied(store)
        graph = Graph(store)
        await load(graph.ledger, store, plan_load("core"), by="test")
        yield graph


@pytest.mark.neo4j
@pytest.mark.anyio
@pytest.mark.parametrize("question", questions())
async def test_a_question_in_the_pages_has_an_answer(graph: Graph, question: str) -> None:
    assert (await graph.subgraph(question)).answer, question


def test_the_pages_hold_questions_and_commands() -> None:
    assert len(questions()) > 15
    assert len(commands()) > 15


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_command_in_the_pages_exists_with_its_options(words: list[str]) -> None:
    command: object = typer.main.get_command(app)
    rest = words[1:]
    while rest and hasattr(command, "commands"):
        known = command.commands  # pyright: ignore[reportAttributeAccessIssue]
        assert rest[0] in known, f"{' '.join(words)}: there is no {rest[0]}"
        command, rest = known[rest[0]], rest[1:]
    options = {option for parameter in command.params for option in parameter.opts}  # pyright: ignore
    given = {word.partition("=")[0] for word in rest if word.startswith("--")}
    assert given <= options | {"--help"}, " ".join(words)


@pytest.mark.neo4j
def test_the_python_of_the_py2neo_page_runs(
    neo4j_server: Settings, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("MKG_DATA_DIR", str(neo4j_server.data_dir))
    by_py2neo, by_driver = blocks(ROOT / "docs" / "py2neo.md", "python")
    first: dict[str, object] = {}
    with pytest.warns(FutureWarning, match="end of life"):
        exec(by_py2neo, first)
    first["graph"].service.connector.close()  # pyright: ignore
    second: dict[str, object] = {}
    exec(by_driver, second)
    assert first["rows"] == second["rows"]
    assert first["rows"]


def test_the_other_spellings_of_the_language_page_are_one_question() -> None:
    page = ROOT / "docs" / "query-language.md"
    (python,) = blocks(page, "python")
    (form,) = blocks(page, "json")
    names: dict[str, object] = {}
    exec(python, names)
    text = python.partition("# '")[2].partition("'\n")[0]
    assert str(names["fever"]) == text
    assert from_json(json.loads(form)) == parse(text)
    assert to_text(ask("symptom", "fever").tree) == 'symptom "fever"'


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_tree_in_the_readme_stands_in_the_checkout() -> None:
    tree = next(text for text in blocks(ROOT / "README.md", "") if text.startswith("run.py"))
    for line in tree.splitlines():
        for name in line[: 20 if line.startswith(" ") else 18].split():
            path = f"kg/{name}" if line.startswith("  ") else name
            assert (ROOT / path).exists(), path
