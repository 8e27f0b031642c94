"""How fast Hetionet's clinical files come in, and how fast a second load finds that nothing is new."""

from __future__ import annotations

from pathlib import Path

from bench.figures import Figure, Section
from kg.graph import Graph
from kg.load import load, plan_load


async def measure(graph: Graph, shared: Path) -> Section:
    """Load the shipped graph and Hetionet's clinical extract, then the extract again."""
    core = await load(graph.ledger, graph.store, plan_load("core"), by="bench")
    inputs = plan_load("hetionet", [shared / "hetionet"])
    first = await load(graph.ledger, graph.store, inputs, by="bench")
    again = await load(graph.ledger, graph.store, inputs, by="bench")
    core_things = core.nodes.total + core.edges.total
    things = first.nodes.total + first.edges.total
    return Section(
        "Load",
        (
            Figure(
                "shipped graph", core_things / core.seconds, "nodes+edges/s", f"{core_things} in {core.seconds:.1f} s"
            ),
            Figure(
                "Hetionet clinical files", things / first.seconds, "nodes+edges/s", f"{things} in {first.seconds:.1f} s"
            ),
            Figure("the same again", things / again.seconds, "nodes+edges/s", "nothing changes"),
        ),
    )
