"""`mkg ask`: one question, its answer."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from generator.facts import sentences
from kg.connect import connected
from kg.graph import Explanation
from kg.query.parse import parse
from kg.query.spell import to_json, to_text
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
    explain: Annotated[bool, typer.Option("--explain", help="Show tree, Cypher and rows of each part.")] = False,
    tidy: Annotated[
        bool, typer.Option("--format", help="Print the question in its one form; nothing is asked.")
    ] = False,
    language: Annotated[str, typer.Option(help="Language of names and sentences.")] = "en",
) -> None:
    """Ask the graph a question in its query language (docs/query-language.md)."""
    if tidy:
        tree = parse(question)
        if json:
            show_json(to_json(tree))
        else:
            out.print(to_text(tree), markup=False)
        return
    with progress() as shown:

        async def answer() -> Subgraph | Explanation:
            async with connected(settings(), progress=shown) as graph:
                if cypher or explain:
                    return await graph.explain(question)
                return await graph.subgraph(question)

        found = run(answer)
    if isinstance(found, Explanation):
        _show_explanation(found, json=json, whole=explain)
    elif facts:
        _show_facts(found, language, json)
    elif json:
        show_json(subgraph_json(found))
    else:
        show_subgraph(found, language)


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
        told = {"question": found.question, "cypher": found.statement.text, "values": dict(found.statement.values)}
        show_json(told | ({"tree": found.tree, "rows": [list(row) for row in found.rows]} if whole else {}))
        return
    if whole:
        show_json({"tree": found.tree})
    out.print(found.statement.text, markup=False)
    show_json(dict(found.statement.values))
    if whole:
        for number, (label, count) in enumerate(found.rows):
            out.print(f"part {number}: {count} {label}")


def _show_facts(found: Subgraph, language: str, json: bool) -> None:
    facts = sentences(found, language)
    if json:
        show_json([{"id": fact.id, "kind": fact.kind, "text": fact.text, "edge_id": fact.edge_id} for fact in facts])
        return
    for fact in facts:
        out.print(f"{fact.id} {fact.text}  \\[{fact.edge_id}]")
