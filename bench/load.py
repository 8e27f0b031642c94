"""How fast the whole of the shared data comes in, checked row by row, and how fast a second load sees it is known."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.children import Ran, mkg_load, server
from bench.figures import Figure, Section
from bench.naive import naive
from kg.connect import address_of
from kg.graph import Graph
from kg.load import load, plan_load

NAIVE_ROWS: Final = 5_000
NAIVE_EVERY: Final = 40


async def prepare(graph: Graph, shared: Path) -> None:
    """Load the shipped graph and Hetionet's clinical extract: what the other sections ask."""
    for inputs in (plan_load("core"), plan_load("hetionet", [shared / "hetionet"])):
        await load(graph.ledger, graph.store, inputs, by="bench")


def measure(folder: Path, shared: Path) -> Section:
    """Load all into an empty graph as `mkg load auto` does, then again, and some of it naively, on one server."""
    with server(folder / "load") as settings:
        first = mkg_load(settings, "auto", str(shared))
        count, seconds = naive(address_of(settings), NAIVE_ROWS, NAIVE_EVERY)
        known = mkg_load(settings, "auto", str(shared))
        compared = mkg_load(settings, "auto", str(shared), "--again")
    plain = count / seconds
    edges = first.told("edges", "new", "changed")
    nodes = first.told("nodes", "new", "changed")
    writing = first.step("edges")
    return Section(
        "Load of the whole shared data into an empty graph",
        (
            Figure("nodes written", nodes, "", f"{first.told('nodes', 'new')} new, the others were told once more"),
            Figure("edges written", edges, "", f"{first.told('edges', 'new')} new, the others were told once more"),
            *steps(first),
            Figure("edges while writing them", edges / writing, "edges/s", f"{edges / writing / plain:.1f} x naive"),
            Figure(
                "nodes while writing them", nodes / first.step("nodes"), "nodes/s", "names are indexed by full text"
            ),
            Figure("both while writing", (nodes + edges) / first.writing, "things/s", f"in {first.writing:.1f} s"),
            Figure(
                "edges end to end",
                edges / first.loading,
                "edges/s",
                f"{edges / first.loading / plain:.1f} x naive; read, checked, compared and written",
            ),
            Figure(
                "naive: one MERGE for each row",
                plain,
                "edges/s",
                f"a sample of {count} of the same edges with fewer properties, same server, in {seconds:.1f} s",
            ),
            *costs(first, edges),
            Figure(
                "the same again, known by hashes", known.loading, "s", f"{first.loading / known.loading:.0f} x faster"
            ),
            Figure(
                "the same again, row by row",
                compared.loading,
                "s",
                f"{first.loading / compared.loading:.1f} x faster; {changes(compared)} changes",
            ),
        ),
    )


def steps(ran: Ran) -> tuple[Figure, ...]:
    """Return the seconds of a load, all in all and step by step."""
    named = ("read", "identify", "compare", "nodes", "edges")
    return (
        Figure("all loads", ran.loading, "s", f"{len(ran.loads)} loads; {ran.seconds:.1f} s with the start of Python"),
        *(Figure(f"step {name}", ran.step(name), "s", f"{ran.step(name) / ran.loading:.0%}") for name in named),
    )


def costs(ran: Ran, edges: int) -> tuple[Figure, ...]:
    """Return what a load took of processors, which a busy machine changes least, and of memory."""
    return (
        Figure("processor time of Python", ran.cpu * 1e6 / edges, "us/edge", f"{ran.cpu:.0f} s, all steps"),
        Figure("processor time of Neo4j", ran.server_cpu * 1e6 / edges, "us/edge", f"{ran.server_cpu:.0f} s"),
        Figure("most memory of Python", ran.peak, "MB", "resident, from the start to the end of the process"),
    )


def changes(ran: Ran) -> int:
    """Return how many nodes and edges a load made or changed."""
    return sum(ran.told(what, "new", "changed") for what in ("nodes", "edges"))
