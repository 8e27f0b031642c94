"""`mkg demo`: the whole way once, from an empty database to notes whose facts are edges."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from generator.model import Model
from generator.notes import Summary, generate_notes
from generator.notes.generate import ROW_FORMAT
from generator.recipe import Recipe
from generator.settings import load_generator_settings
from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg.connect import Progress
from kg.errors import KgError
from kg.graph import Explanation, Graph
from kg.load import load, plan_load
from kg.settings import Settings
from kg.subgraph import Subgraph
from mkg.writing import NoteWriter, model_of, recipe_of

CODES: Final = ("J20", "I10", "E11")
QUESTION: Final = 'disease "J20" | symptoms top 5 by weight | diseases shared >= 2 top 3 | drugs top 5'
GRAPHQL: Final = """{
  disease(icd10: "I10") {
    id
    name
    symptoms(first: 3) { edges { weight node { name } evidence { source reference } } }
    drugs(first: 2) { edges { purpose node { name atc } } }
  }
}"""


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything that the demo shows."""

    changed: int
    counts: Mapping[str, Mapping[str, int]]
    release: str
    answer: Subgraph
    explanation: Explanation
    graphql_query: str
    graphql: Mapping[str, Any]
    summary: Summary
    notes: tuple[Mapping[str, Any], ...]


async def run_demo(graph: Graph, settings: Settings, progress: Progress, say: Callable[[str], None]) -> Demo:
    """Load the core graph, ask it, query it over GraphQL and have notes written; a second run changes nothing."""
    inputs = plan_load("core", [], None)
    report = await load(graph.ledger, graph.store, inputs, by=getpass.getuser(), progress=progress)
    answer = await graph.subgraph(QUESTION)
    explanation = await graph.explain(QUESTION)
    told = await _ask_graphql(graph, settings)
    folder = settings.data_dir / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    generator = load_generator_settings()
    release = await graph.release()

    def written(done: int, total: int, row: object) -> None:
        del row
        progress("Writing notes", done, total)

    progress("Writing notes", 0, len(CODES))
    model, recipe = model_of(settings, generator, say), recipe_of(None, generator.recipes)
    file = _notes_file(folder, release, recipe, model)
    summary = await generate_notes(graph, model, recipe, CODES, 1, 7, file, progress=written)
    for written_file in folder.iterdir():
        written_file.chmod(0o600)  # as everything in the data directory, for its owner alone
    return Demo(
        changed=sum(counts.new + counts.changed for counts in (report.nodes, report.edges)),
        counts=await graph.counts(),
        release=release,
        answer=answer,
        explanation=explanation,
        graphql_query=GRAPHQL,
        graphql=told,
        summary=summary,
        notes=tuple(orjson.loads(line) for line in summary.out.read_bytes().splitlines()),
    )


def _notes_file(folder: Path, release: str, recipe: Recipe, model: Model) -> Path:
    # One file for each state of graph, recipe, model and release, so that no run finds the notes of another one.
    made_with = hashlib.sha256(f"{recipe.hash} {model.fingerprint} {model.width} {ROW_FORMAT}".encode()).hexdigest()
    return folder / f"notes-{release.removeprefix('CS:')}-{made_with[:8]}.jsonl"


async def _ask_graphql(graph: Graph, settings: Settings) -> Mapping[str, Any]:
    """Send the query through the service's own front door, without a socket."""
    app = create_app(graph, NoteWriter(graph, settings), load_api_settings(host="127.0.0.1", log_level="warning"))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        response = await client.post("/graphql", json={"query": GRAPHQL})
    told: dict[str, Any] = response.json()
    if response.status_code != 200 or told.get("errors"):
        raise KgError(f"GraphQL answered {response.status_code}: {told.get('errors')}", hint="Run `mkg doctor`.")
    return told["data"]
