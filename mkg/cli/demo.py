"""`mkg demo`: shows the whole way on a screen or two."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from rich.markup import escape
from rich.rule import Rule

from kg.connect import connected
from mkg.cli.ask import show_subgraph, subgraph_json
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import JsonOption, run, settings

if TYPE_CHECKING:
    from mkg.demo import Demo


def demo(json: JsonOption = False) -> None:
    """Start Neo4j, load the shipped graph, ask it in two languages, and write three notes."""
    # Brought in here: the service takes a second or two, which every other command would wait for.
    from mkg.demo import run_demo

    chosen = settings()
    with progress() as shown:

        async def work() -> Demo:
            async with connected(chosen, progress=shown) as graph:
                return await run_demo(graph, chosen, shown, say)

        told = run(work)
    if json:
        show_json(_json(told))
        return
    _show(told)
    # Right after `run.py` has installed it, the command is not on the path yet.
    command = "mkg" if shutil.which("mkg") else shlex.quote(sys.argv[0])
    say(f"The notes are in {told.summary.out}")
    say("Neo4j goes on running in the background.")
    say(f"Serve GraphQL with GraphiQL:  {command} serve")
    say(f"Stop the database:            {command} db stop")


def _show(told: Demo) -> None:
    out.print(Rule("The graph"))
    for what, kinds in told.counts.items():
        numbers = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        out.print(f"{sum(kinds.values())} {what}s: {numbers}")
    out.print(f"Standing at {told.release}; this run changed {told.changed} of them.")
    out.print(Rule("A question, its answer and its Cypher"))
    out.print(told.answer.question, markup=False)
    show_subgraph(told.answer)
    out.print(told.explanation.statement.text, markup=False, style="dim")
    out.print(orjson.dumps(dict(told.explanation.statement.values)).decode(), markup=False, style="dim")
    out.print(Rule("The same graph over GraphQL"))
    out.print(told.graphql_query, markup=False)
    show_json(told.graphql)
    out.print(Rule("Notes by a local LLaMA, checked against the graph"))
    for row in told.notes:
        _show_note(row)
    out.print("The graph and the notes are ours, not clinically reviewed. Not for the care of patients.")


def _show_note(row: Mapping[str, Any]) -> None:
    check = row["check"]
    verdict = "[green]passed[/]" if check["passed"] else "[red]rejected[/]"
    out.print(f"\n[bold]{row['icd10']}[/] {escape(row['disease_id'])}, check {verdict}, {row['status']}")
    out.print(row["text"], markup=False)
    completed = set(row["completed"])
    for fact in row["facts"]:
        how = "missed" if not fact["told"] else "added in a plain sentence" if fact["id"] in completed else "told"
        out.print(f"  {fact['id']} {escape(fact['text'])} [dim]{how}[/]  [cyan]{escape(str(fact['edge_id']))}[/]")
    invented = ", ".join(item["said"] for item in check["invented"]) or "nothing"
    out.print(f"  invented: {escape(invented)}")


def _json(told: Demo) -> dict[str, Any]:
    return {
        "changed": told.changed,
        "counts": {what: dict(kinds) for what, kinds in told.counts.items()},
        "release": told.release,
        "question": subgraph_json(told.answer),
        "cypher": told.explanation.statement.text,
        "graphql": dict(told.graphql),
        "notes": list(told.notes),
        "notes_file": str(told.summary.out),
    }
