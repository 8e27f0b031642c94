"""The disease that notes are asked for, by what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from generator.errors import NothingToTell
from generator.source import Asks
from kg.errors import AmbiguousName
from kg.query import tree
from kg.query.spell import to_text
from kg.subgraph import SubgraphNode


@dataclass(frozen=True, slots=True)
class Subject:
    """A disease that notes are asked for, by the code that was typed."""

    code: str
    disease: SubgraphNode
    release: str


async def find_subject(graph: Asks, code: str) -> Subject:
    """Return the disease behind a code, an id or a name.

    Raises QueryError, AmbiguousName among others, and NothingToTell when it is no disease.
    """
    return (await _subjects(graph, code, code))[0]


async def subjects_of(graph: Asks, code: str, *, share_out: bool) -> tuple[Subject, ...]:
    """Return the diseases among which the notes about a code take turns: with `share_out` all, else the one it has.

    Raises as `find_subject` does.
    """
    try:
        return await _subjects(graph, code, code)
    except AmbiguousName as error:
        if not share_out:
            raise
        # A question is about one thing by that name, so it is asked about each of them by its id.
        return await _subjects(graph, code, *sorted(node_id for node_id, _ in error.candidates))


async def _subjects(graph: Asks, code: str, *names: str) -> tuple[Subject, ...]:
    found = await graph.subgraph(to_text(tree.Path(tree.Root("disease", names))))
    diseases = [node for node in found.answer_nodes() if node.kind == "Disease"]
    if not diseases:
        raise NothingToTell(f"the graph has no disease for {code!r}", hint="Look it up with `mkg ask`.")
    return tuple(Subject(code, disease, found.release) for disease in diseases)
