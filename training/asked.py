"""Instruction data about the core graph, as `mkg generate instructions` makes them: part of what the adapter learns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from generator.instructions.net import Net
from generator.instructions.run import Order, Ready
from generator.instructions.shares import Share, read_shares
from kg.check.core_graph import shipped
from kg.subgraph import SubgraphEdge, SubgraphNode
from kg.values import Edge, Node
from training.held_out import held_out

# Left out: an answer as long as three notes, and notes from a diagnosis alone, which teach to tell what is not given.
_NOT_LEARNED: Final = frozenset({"long_answer", "note_from_diagnosis"})
# So many rows are planned for each that is wanted: some name what is held out, and some are too long.
_PLANNED: Final = 3
_MOST_WORDS: Final = 160
_RELEASE: Final = "the shipped tables"
_CODE: Final = re.compile(r"\b[A-Z]\d\d\b")


def core_net() -> Net:
    """Return the shipped graph as instruction data are made from it, without a database."""
    graph = shipped()
    return net_of(graph.nodes.values(), (edge for group in graph.edges.values() for edge in group))


def net_of(nodes: Iterable[Node], edges: Iterable[Edge]) -> Net:
    """Return a graph of records in memory; what an edge says is what its first evidence says."""
    told = {
        node.id: SubgraphNode(node.id, node.kind, dict(node.names), dict(node.synonyms), dict(node.properties))
        for node in nodes
    }
    links: dict[str, SubgraphEdge] = {}
    for edge in edges:
        first = edge.evidence[0]
        links[edge.id] = SubgraphEdge(
            edge.id, edge.kind, edge.start, edge.end, dict(first.claims), (first.id_for(edge.id),), (first.source,)
        )
    return Net(told, links, _RELEASE)


def asked(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield that many English conversations of one question and its answer, none of them about what is held out."""
    if not count:
        return
    shares = read_shares()
    kept = {name: share if name not in _NOT_LEARNED else Share(share=0) for name, share in shares.builders.items()}
    shares = shares.model_copy(update={"languages": ("en",), "builders": kept, "when_dry": "spread"})
    ready = Ready(core_net(), Order(shares, _PLANNED * count, seed))
    planner = ready.planner()
    found = 0
    for index, planned in enumerate(planner.plan().rows):
        row = ready.row(planner, planned, index)
        told = "\n".join(message["content"] for message in row["messages"])
        if _is_held(row["subject"], told) or len(told.split()) > _MOST_WORDS:
            continue
        yield {
            "group": f"asked {row['subject']}",
            "recipe": row["builder"],
            "code": "",
            "messages": row["messages"],
        }
        found += 1
        if found == count:
            return
    raise LookupError(f"{found} rows of {_PLANNED * count} planned could be kept, and {count} are wanted")


def _is_held(subject: str, told: str) -> bool:
    held = held_out()
    codes = frozenset(held.codes)
    return subject in held.terms or not codes.isdisjoint(_CODE.findall(told)) or held.names_any(told)
