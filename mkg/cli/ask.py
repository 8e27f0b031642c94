"""`mkg ask`: one question, its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from generator.facts import sentences
from kg.connect import connected
from kg.errors import SettingsError
from kg.graph import Explanation
from kg.query.bind import slots
from kg.query.complete import completions
from kg.query.format import formatted
from kg.query.parse import parse
from kg.query.spell import to_json
from kg.schema import EDGE_BY_TYPE
from kg.subgraph import Subgraph
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import JsonOption, run, settings


def ask(
    question: Annotated[str, typer.Argument(help='For instance: disease "J20" | symptoms top 5')],
    json: JsonOption = False,
    cypher: Annotated[
        bool, typer.Option("--cypher", help="Show the Cypher and its values instead of the answer.")
    ] = False,
    facts: Annotated[
        bool, typer.Option("--facts", help="Show the answer as numbered sentences with edge ids.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show tree, plan, Cypher, and rows of each part, estimated and real.")
    ] = False,
    tidy: Annotated[
        bool, typer.Option("--format", help="Print the question in its one form; nothing is asked.")
    ] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="Print the words that may stand next; nothing is asked.")
    ] = False,
    given: Annotated[
        list[str] | None, typer.Option("--set", help="What stands for a slot, as name=value.", show_default=False)
    ] = None,
    language: Annotated[str, typer.Option(help="Language of names and sentences.")] = "en",
) -> None:
    """Ask the graph a question in its query language (docs/query-language.md)."""
    if tidy or complete:
        _show_words(question, complete=complete, json=json)
        return
    values = _values(question, given or [])
    with progress() as shown:

        async def answer() -> Subgraph | Explanation:
            async with connected(settings(), progress=shown) as graph:
                if cypher or explain:
                    return await graph.explain(question, values)
                return await graph.subgraph(question, values)

        found = run(answer)
    if isinstance(found, Explanation):
        _show_explanation(found, json=json, whole=explain)
    elif facts:
        _show_facts(found, language, json)
    elif json:
        show_json(subgraph_json(found))
    else:
        show_subgraph(found, language)


def _show_words(question: str, *, complete: bool, json: bool) -> None:
    if complete:
        found = completions(question)
        if json:
            show_json([{"text": item.text, "what": item.what, "meaning": item.meaning} for item in found])
        else:
            for item in found:
                out.print(f"{item.text}  {item.meaning}".rstrip(), markup=False)
    elif json:
        show_json(to_json(parse(question)))
    else:
        out.print(formatted(question), markup=False)


def _values(question: str, given: Sequence[str]) -> dict[str, Any]:
    """Return the values of `--set`: text where a name stands, a number where one is meant or was written."""
    places = slots(parse(question))
    values: dict[str, Any] = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or not name:
            raise SettingsError(f"--set takes name=value, not {item!r}", hint="For instance: --set code=J20.")
        if name in values:
            raise SettingsError(f"{name} is set twice", hint="Keep one of the two.")
        values[name.strip()] = value if places.get(name.strip()) == "name" else _number_or_text(value)
    return values


def _number_or_text(value: str) -> str | int | float:
    if re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    return float(value) if re.fullmatch(r"-?[0-9]+\.[0-9]+", value) else value


def subgraph_json(found: Subgraph) -> dict[str, Any]:
    """Return a Subgraph as plain JSON."""
    return {
        "question": found.question,
        "release": found.release,
        "answer": list(found.answer),
        "labels": {name: list(ids) for name, ids in found.labels.items()},
        "roots": list(found.roots),
        "nodes": [
            {
                "id": node.id,
                "kind": node.kind,
                "names": dict(node.names),
                "synonyms": {language: list(words) for language, words in node.synonyms.items()},
                "properties": dict(node.properties),
                "xrefs": list(node.xrefs),
            }
            for node in found.nodes.values()
        ],
        "edges": [
            {
                "id": edge.id,
                "kind": edge.kind,
                "start": edge.start,
                "end": edge.end,
                "properties": dict(edge.properties),
                "evidence": list(edge.evidence_ids),
                "sources": list(edge.sources),
            }
            for edge in found.edges.values()
        ],
        "paths": [list(path) for path in found.paths],
        "truncated": list(found.truncated),
    }


def show_subgraph(found: Subgraph, language: str = "en") -> None:
    """Print an answer as a table: what was found, and by which edges the last step came there."""
    table = Table(box=None, pad_edge=False)
    for column in ("", "name", "id", "by edge"):
        table.add_column(column, overflow="fold")
    last: dict[str, list[str]] = {}
    for path in found.paths:
        if len(path) > 1:
            last.setdefault(path[-1], []).append(path[-2])
    for place, node in enumerate(found.answer_nodes(), start=1):
        edges = list(dict.fromkeys(last.get(node.id, ())))
        told = [_edge_words(found, key) for key in edges[:3]]
        if len(edges) > 3:
            told.append(f"… {len(edges) - 3} more")
        table.add_row(str(place), node.name(language), node.id, "\n".join(told))
    out.print(table)
    say(f"{len(found.answer)} found, {len(found.nodes)} nodes and {len(found.edges)} edges in all, at {found.release}")
    if found.truncated:
        say("A step was cut at its limit; add `top n` or `where` to choose what is kept.")


def _edge_words(found: Subgraph, key: str) -> str:
    edge = found.edges[key]
    # Sentences such as the reason of a contraindication belong to --facts and --json.
    told = [
        item.name for item in EDGE_BY_TYPE[edge.kind].properties if item.type != "text" and item.name in edge.properties
    ]
    values = ", ".join(f"{name} {edge.properties[name]}" for name in told)
    return f"{key} ({values})" if values else key


def _show_explanation(found: Explanation, *, json: bool, whole: bool) -> None:
    if json:
        told: dict[str, Any] = {
            "question": found.question,
            "cypher": found.statement.text,
            "values": dict(found.statement.values),
        }
        parts = [asdict(part) for part in found.parts]
        show_json(told | ({"tree": found.tree, "plan": parts} if whole else {}))
        return
    if whole:
        show_json({"tree": found.tree})
    out.print(found.statement.text, markup=False)
    show_json(dict(found.statement.values))
    if not whole:
        return
    table = Table(box=None, pad_edge=False)
    for column in ("part", "what", "edges, about", "edges", "rows, at most", "rows"):
        table.add_column(column, overflow="fold")
    for number, part in enumerate(found.parts):
        counts = (part.estimated_edges, part.edges, part.estimated_rows, part.rows)
        table.add_row(str(number), escape(part.what), *(f"{count:,}" for count in counts))
    out.print(table)


def _show_facts(found: Subgraph, language: str, json: bool) -> None:
    facts = sentences(found, language)
    if json:
        show_json([{"id": fact.id, "kind": fact.kind, "text": fact.text, "edge_id": fact.edge_id} for fact in facts])
        return
    for fact in facts:
        out.print(f"{fact.id} {fact.text}  \\[{fact.edge_id}]")
