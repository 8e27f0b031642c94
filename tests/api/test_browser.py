"""GraphiQL in a real browser: it comes up under its policy, reads the schema, and runs each of its examples."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from graphql_api.transport.graphiql import FOLDER
from kg.graph import Graph

from .browser import Page, opened
from .conftest import running
from .test_curating import FakeWriter

pytestmark = pytest.mark.neo4j

ROOT = Path(__file__).resolve().parents[2]
# Kept for the pages; take it away, and the next run makes it anew.
PICTURE = ROOT / "docs" / "images" / "graphiql.png"
EXAMPLES = re.findall(r"^(?:query|mutation|subscription) (\w+)", (FOLDER / "page.js").read_text("utf-8"), re.MULTILINE)

ANSWER = "document.querySelector('.result-window .CodeMirror').CodeMirror"
VARIABLES = "document.querySelector('.graphiql-editor-tool .CodeMirror').CodeMirror"
EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
RUN = "document.querySelector('button.graphiql-execute-button')"


def tab(name: str) -> str:
    """Return the script that finds the tab of that name."""
    return f"document.querySelector('.graphiql-tab-button[title={json.dumps(name)}]')"


async def answered(page: Page, name: str, variables: dict[str, str], word: str) -> dict[str, Any]:
    """Go to a tab, press the button, and return the answer as it stands on the page once a word is in it."""
    await page.value(f"{tab(name)}.click()")
    await page.until(f"!!{tab(name)}.closest('[aria-selected=true]')")
    await page.value(f"{VARIABLES}.setValue({json.dumps(json.dumps(variables))})")
    while True:
        # The page learns a moment after it shows a tab which operation that has, as fast as nobody presses a button.
        await asyncio.sleep(0.5)
        await page.value(f"{ANSWER}.setValue('')")
        await page.value(f"{RUN}.click()")
        expected = json.dumps([word, "operationName", "errors"])
        text = await page.until(f"{expected}.some((word) => {ANSWER}.getValue().includes(word)) && {ANSWER}.getValue()")
        if "`operationName` must" not in text:
            return json.loads(text)


# What has to stand in the answer of each example.
WORDS = {
    "Disease": "острый бронхит",
    "Filter": "salbutamol",
    "Question": "HP:0012735",
    "Search": "bronchial asthma",
    "Page": "endCursor",
    "Numbers": '"count": 3',
    "History": "the tests' graph",
    "Note": "Cough for three days.",
    "Start": "JOB:",
    "Watch": "JobEnded",
}


async def test_graphiql_reads_the_schema_and_every_example_shows_data(graph: Graph, tmp_path: Path) -> None:
    assert list(WORDS) == EXAMPLES
    app = create_app(graph, FakeWriter(), load_api_settings(log_level="warning"), jobs=tmp_path / "jobs")
    async with running(app) as port:
        origin = f"http://127.0.0.1:{port}"
        async with opened(f"{origin}/graphql", tmp_path / "browser", (1280, 800)) as page:
            await page.until(f"!!({RUN} && {tab('Watch')})")
            variables: dict[str, str] = {}
            for name, word in WORDS.items():
                answer = await answered(page, name, variables if name == "Watch" else {}, word)
                assert word in json.dumps(answer, ensure_ascii=False), (name, answer)
                if name == "Start":
                    variables["id"] = answer["data"]["startNotes"]["job"]["id"]
            # The editor knows the schema: it finds fault with a field that does not exist.
            await page.value(f"{tab('Disease')}.click()")
            await page.until(f"{EDITOR}.getValue().includes('query Disease')")
            await page.until("document.querySelectorAll('.cm-invalidchar, .CodeMirror-lint-mark-error').length === 0")
            picture = await page.picture()
            await page.value(f"{EDITOR}.setValue('query Disease {{ disease(icd10: \"J20\") {{ nam }} }}')")
            await page.until("document.querySelectorAll('.CodeMirror-lint-mark-error').length > 0")
            assert page.complaints == []
            assert {address for address in page.addresses if not address.startswith((f"{origin}/", "data:"))} == set()
    await app.state.notes.close()
    if not PICTURE.exists():
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(picture)
    assert picture.startswith(b"\x89PNG")
    assert len(PICTURE.read_bytes()) < 200_000
