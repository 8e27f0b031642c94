"""`mkg review`: propose, look, decide, undo; the curator's desk without a word of Cypher."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from kg.connect import connected
from kg.curation.evidence import curated
from kg.curation.log import LogEntry
from kg.curation.proposal import Proposal
from kg.curation.steps import State
from kg.graph import Graph
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import ByOption, JsonOption, run, settings

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="Propose changes to the graph, review them, undo them.")
propose = typer.Typer(no_args_is_help=True, help="Propose a change; somebody else accepts it.")
app.add_typer(propose, name="propose")

NoteOption = Annotated[str, typer.Option(help="Why, in a sentence.")]
VersionOption = Annotated[int | None, typer.Option(help="Only if the proposal still stands at this version.")]


@propose.command("edge")
def propose_edge(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(EDGE_BY_TYPE)}.")],
    start: Annotated[str, typer.Argument(help="Where the edge starts: an id, a code or a name.")],
    end: Annotated[str, typer.Argument(help="Where it ends: an id, a code or a name.")],
    reference: Annotated[str, typer.Option(help="What says so, for instance PMID:123 or a book with its page.")],
    by: ByOption,
    weight: Annotated[float | None, typer.Option(help="For HAS_SYMPTOM: how typical, 0 to 1.")] = None,
    claim: Annotated[list[str] | None, typer.Option(help="Another property, as name=value; may be repeated.")] = None,
    against: Annotated[bool, typer.Option("--against", help="The reference speaks against the edge.")] = False,
    snippet: Annotated[str | None, typer.Option(help="The words of the reference.")] = None,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Propose an edge between two things, with what says so."""

    async def work(graph: Graph) -> Proposal:
        claims = _claims(kind, weight, claim or [])
        evidence = curated(reference, by=by, claims=claims, snippet=snippet, against=against)
        first, second = await _ends(graph, kind, start, end)
        return await graph.desk.propose_edge(kind, first, second, evidence, by=by, note=note)

    _show(_with_graph(work), json)


@propose.command("removal")
def propose_removal(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(EDGE_BY_TYPE)}.")],
    start: Annotated[str, typer.Argument(help="Where the edge starts: an id, a code or a name.")],
    end: Annotated[str, typer.Argument(help="Where it ends: an id, a code or a name.")],
    reference: Annotated[str, typer.Option(help="What speaks against it, for instance PMID:123.")],
    by: ByOption,
    snippet: Annotated[str | None, typer.Option(help="The words of the reference.")] = None,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Propose that an edge leaves the graph, with what speaks against it."""

    async def work(graph: Graph) -> Proposal:
        evidence = curated(reference, by=by, snippet=snippet, against=True)
        first, second = await _ends(graph, kind, start, end)
        return await graph.desk.propose_removal(kind, first, second, evidence, by=by, note=note)

    _show(_with_graph(work), json)


@propose.command("name")
def propose_name(
    node: Annotated[str, typer.Argument(help="What to name: an id, a code or its name.")],
    name: Annotated[str, typer.Argument(help="The new name.")],
    reference: Annotated[str, typer.Option(help="What says so.")],
    by: ByOption,
    language: Annotated[str, typer.Option(help="Language of the name.")] = "en",
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Propose another name for a thing; the old one stays as a synonym."""

    async def work(graph: Graph) -> Proposal:
        key = await _node(graph, tuple(NODE_BY_LABEL), node)
        return await graph.desk.propose_name(key, language, name, by=by, note=note, reference=reference)

    _show(_with_graph(work), json)


@app.command("list")
def list_proposals(
    status: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    json: JsonOption = False,
) -> None:
    """List proposals, newest first."""
    found = _with_graph(lambda graph: graph.desk.proposals(status=status, limit=limit))
    if json:
        show_json([item.as_json() for item in found])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("id", "status", "what", "by", "at"):
        table.add_column(column, overflow="fold")
    for item in found:
        table.add_row(item.id, item.status, escape(item.title), escape(item.by), item.at)
    out.print(table)
    say(f"{len(found)} proposals")


@app.command()
def show(proposal: str, json: JsonOption = False) -> None:
    """Show one proposal with its evidence and what was decided."""
    _show(_with_graph(lambda graph: graph.desk.proposal(proposal)), json, whole=True)


@app.command()
def accept(
    proposal: str, by: ByOption, note: NoteOption = "", version: VersionOption = None, json: JsonOption = False
) -> None:
    """Accept somebody else's proposal: the graph changes, as one change set."""
    _show(_with_graph(lambda graph: graph.desk.accept(proposal, by=by, note=note, version=version)), json)


@app.command()
def reject(
    proposal: str, by: ByOption, note: NoteOption = "", version: VersionOption = None, json: JsonOption = False
) -> None:
    """Reject a proposal; it is kept, with the reason."""
    _show(_with_graph(lambda graph: graph.desk.reject(proposal, by=by, note=note, version=version)), json)


@app.command()
def withdraw(proposal: str, by: ByOption, note: NoteOption = "", json: JsonOption = False) -> None:
    """Take back a proposal of your own that nobody has decided yet."""
    _show(_with_graph(lambda graph: graph.desk.withdraw(proposal, by=by, note=note)), json)


@app.command()
def undo(
    change_set: Annotated[str, typer.Argument(help="A change set of the log, or the id of an accepted proposal.")],
    by: ByOption,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Take a change set back, by a new one that undoes it."""
    made = _with_graph(lambda graph: graph.desk.undo(change_set, by=by, note=note))
    if json:
        show_json({"change_set": made})
    else:
        out.print(f"Undone by {made}")


@app.command()
def log(limit: Annotated[int, typer.Option(min=1, max=1000)] = 50, json: JsonOption = False) -> None:
    """Show who changed what, when and why, newest first."""
    rows: list[LogEntry] = _with_graph(lambda graph: graph.desk.log(limit))
    if json:
        show_json([asdict(row) for row in rows])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("at", "who", "step", "what", "why", "change set"):
        table.add_column(column, overflow="fold")
    for row in rows:
        words = (row.at, row.by, row.step, row.title, row.note, row.change_set or row.proposal or "")
        table.add_row(*(escape(word) for word in words))
    out.print(table)


def _with_graph(work: Callable[[Graph], Awaitable[T]]) -> T:
    with progress() as shown:

        async def opened() -> T:
            async with connected(settings(), progress=shown) as graph:
                return await work(graph)

        return run(opened)


async def _ends(graph: Graph, kind: str, start: str, end: str) -> tuple[str, str]:
    """Return the ids of the two ends of an edge."""
    known = EDGE_BY_TYPE.get(kind)
    starts, ends = (known.starts, known.ends) if known else ((), ())
    return await _node(graph, starts, start), await _node(graph, ends, end)


async def _node(graph: Graph, kinds: tuple[str, ...], text: str) -> str:
    """Return the id that is meant. Of a kind of edge that does not exist the desk tells better than a look-up."""
    return await graph.resolve(kinds, text) if kinds else text


def _claims(kind: str, weight: float | None, claims: list[str]) -> dict[str, Any]:
    known = {item.name: item for item in EDGE_BY_TYPE[kind].properties} if kind in EDGE_BY_TYPE else {}
    told: dict[str, Any] = {} if weight is None else {"weight": weight}
    for claim in claims:
        name, found, value = claim.partition("=")
        if not found:
            raise typer.BadParameter(f"{claim!r} is not name=value", param_hint="--claim")
        try:
            told[name] = float(value) if name in known and known[name].numeric else value
        except ValueError:
            raise typer.BadParameter(f"{name} is a number, not {value!r}", param_hint="--claim") from None
    return told


def _show(item: Proposal, json: bool, *, whole: bool = False) -> None:
    if json:
        show_json(item.as_json())
        return
    out.print(f"{item.id} is {item.status} (version {item.version}): {item.title}", markup=False)
    if whole:
        show_json(item.as_json())
    if item.status == "proposed":
        say(f"Somebody else decides: mkg review accept {item.id} --by NAME")
    elif item.status is State.ACCEPTED:
        say(f"Change set {item.change_set}; take it back with: mkg review undo {item.change_set} --by NAME")
