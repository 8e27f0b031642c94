"""What a row would be written from, shown: the prompt, the facts, and the part of the graph that fed them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rich.markup import escape

from generator.dropping import why_dropped
from generator.facts import Fact, tokens_in
from generator.notes import Prepared, find_subject, prepare
from generator.notes.order import Order
from generator.notes.write import Asking
from generator.recipe import Recipe
from generator.source import Asks
from kg.connect import connected
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import run, settings


def prepared(recipe: Recipe, rows: Sequence[tuple[str, int, int]], seed: int) -> list[Prepared]:
    """Return what rows would be written from: each by code, index and place in its run. No model is asked."""
    with progress() as shown:

        async def ask() -> list[Prepared]:
            async with connected(settings(), progress=shown) as graph:
                subjects = {code: await find_subject(graph, code) for code, _, _ in rows}
                return [
                    await prepare(graph, recipe, subjects[code], index, seed, None, place=place)
                    for code, index, place in rows
                ]

        return run(ask)


def show_prompts(
    recipes: tuple[Recipe, ...], ordered: Callable[[Asks], Awaitable[Order]], seed: int, *, most: int, json: bool
) -> None:
    """Show what the rows of a run would be written from, at most so many; `ordered` says which rows these are."""
    with progress() as shown:

        async def ask() -> tuple[int, list[Prepared]]:
            async with connected(settings(), progress=shown) as graph:
                order = await ordered(graph)
                first = range(min(order.total, most))
                return order.total, [ready for _, ready in await order.prepared(graph, Asking(recipes, seed), first)]

        total, found = run(ask)
    if json:
        show_json([prepared_json(ready) for ready in found])
        return
    for ready in found:
        show_prepared(ready)
    if total > len(found):
        say(f"The first {len(found):,} of {total:,} rows are shown.")


def prepared_json(ready: Prepared) -> Mapping[str, Any]:
    """Return all that a row is written from, as it stands in JSON."""
    recipe, sheet = ready.recipe, ready.sheet
    nodes = {node for answer in ready.answers.values() for node in answer.nodes}
    edges = {edge.id: edge.evidence_ids for answer in ready.answers.values() for edge in answer.edges.values()}
    for fact in sheet.facts:
        # What a patient's row says is not asked again, so it stands in no answer.
        nodes.update(fact.term_ids)
        if fact.edge_id is not None:
            edges.setdefault(fact.edge_id, fact.evidence_ids)
    return {
        "recipe": recipe.label,
        "recipe_hash": recipe.hash,
        "seed": ready.seed,
        "graph_release": ready.release,
        "disease_id": sheet.disease_id,
        "icd10": sheet.icd10,
        "hidden": recipe.hidden,
        "patient": {"age": ready.patient.age, "sex": ready.patient.sex},
        "question": dict(ready.questions),
        "nodes": sorted(nodes),
        "edges": [{"id": edge_id, "evidence_ids": list(edges[edge_id])} for edge_id in sorted(edges)],
        "facts": [_fact(fact) for fact in sheet.facts],
        "dropped": [{**_fact(fact), "because": why} for fact, why in why_dropped(sheet, recipe.options)],
        "details": [detail.text for detail in ready.details],
        "withheld": [_fact(fact) for fact in sheet.withheld],
        "examples": [
            {"id": one.id, "icd10": one.code, "kind": one.kind, "length": one.length, "style": one.style}
            for one in ready.examples
        ],
        "prompt": [{"role": message.role, "content": message.content} for message in ready.prompt.messages],
        "tokens": sum(tokens_in(message.content) for message in ready.prompt.messages),
    }


def show_prepared(ready: Prepared) -> None:
    """Print it for people."""
    told = prepared_json(ready)
    heading(f"{told['recipe']}, {told['disease_id']}, {told['icd10'] or 'no code'}, graph {told['graph_release']}")
    show_turns(told["prompt"])
    heading("Questions")
    for name, question in told["question"].items():
        out.print(escape(f"{name}: {question}"))
    heading(f"Facts ({len(told['facts'])})")
    for fact in ready.sheet.facts:
        out.print(escape(f"{fact.id} {fact.text}  {fact.edge_id or 'no edge'}"))
    if told["dropped"]:
        heading(f"Dropped, the weakest of each kind ({len(told['dropped'])})")
        for fact, why in why_dropped(ready.sheet, ready.recipe.options):
            out.print(escape(f"{fact.text}  {fact.edge_id}  {why}"))
    if told["withheld"]:
        heading("Withheld, for they name the hidden diagnosis")
        for fact in ready.sheet.withheld:
            out.print(escape(f"{fact.text}  {fact.edge_id or 'no edge'}"))
    if told["examples"]:
        heading("Examples, ours, not clinically reviewed")
        for one in told["examples"]:
            out.print(escape(f"{one['id']}  {one['icd10']}, {one['kind']}, {one['length']}, {one['style']}"))
    heading(f"Subgraph ({len(told['nodes'])} nodes, {len(told['edges'])} edges)")
    for name in (*told["nodes"], *(edge["id"] for edge in told["edges"])):
        out.print(escape(name))


def show_turns(prompt: list[dict[str, str]]) -> None:
    """Print a prompt turn by turn."""
    for turn in prompt:
        heading(turn["role"])
        out.print(escape(turn["content"]))


def heading(text: str) -> None:
    """Print a line that something stands under."""
    out.print(f"[bold]{escape(text)}[/]")


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind,
        "text": fact.text,
        "edge_id": fact.edge_id,
        "strength": fact.strength,
        "evidence_ids": list(fact.evidence_ids),
    }
