"""Reads the whole graph into memory, in questions about many things at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from generator.errors import NothingToTell
from generator.instructions.net import Net
from generator.reading import Reading
from generator.source import Asks
from kg.schema import NODE_BY_ROOT
from kg.subgraph import SubgraphNode

# Which roles are read from which kind of thing; with them every edge of the schema is there.
_READ: Final = (
    ("disease", ("symptoms", "drugs", "contraindicated_drugs", "resembling", "codes", "parents")),
    ("drug", ("diseases", "contraindications", "in_class", "side_effects", "interactions")),
    ("symptom", ("parents",)),
)
_HIGHEST: Final = 4  # levels above a class or a code: ATC and ICD-10 have no more


async def read_net(graph: Asks) -> Net:
    """Read the whole graph in questions about many things at once.

    Raises NothingToTell for a graph without diseases, GraphChanged, QueryError, StoreError.
    """
    reading = Reading(graph)
    for node in await graph.vocabulary():
        reading.nodes[node.id] = node
    if not _ids(reading.nodes.values(), "Disease"):
        raise NothingToTell("the graph has no diseases", hint="Load the shipped graph with `mkg load core`.")
    for kind, roles in _READ:
        for role in roles:
            await reading.ask(kind, _ids(reading.nodes.values(), NODE_BY_ROOT[kind].label), role)
    await reading.ask("drug_class", _ids(reading.nodes.values(), "DrugClass"), "in_class", high=_HIGHEST)
    await reading.ask("icd", _ids(reading.nodes.values(), "IcdCode"), "part_of", high=_HIGHEST)
    return Net(reading.nodes, reading.edges, reading.release or "", reading.questions)


def _ids(nodes: Iterable[SubgraphNode], kind: str) -> list[str]:
    return [node.id for node in nodes if node.kind == kind]
