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
    """Return the disease behind a code, an id or a name; raises QueryError, and NothingToTell when it is no disease."""
    first, *others = await find_subjects(graph, code)
    if others:
        diseases = [subject.disease for subject in (first, *others)]
        raise AmbiguousName(
            f"{code!r} stands for {len(diseases)} diseases",
            candidates=tuple((node.id, node.name()) for node in diseases),
            hint="Give the id of one: " + ", ".join(f"{node.id} ({node.name()})" for node in diseases[:5]) + ".",
        )
    return first


async def subjects_of(graph: Asks, code: str, *, share_out: bool) -> tuple[Subject, ...]:
    """Return the diseases among which the notes about a code take turns: with `share_out` all, else the one it has."""
    return await find_subjects(graph, code) if share_out else (await find_subject(graph, code),)


async def find_subjects(graph: Asks, code: str) -> tuple[Subject, ...]:
    """Return all diseases behind a code, in the order of the answer; raises as `find_subject` does."""
    try:
        found = await graph.subgraph(_question(code))
    except AmbiguousName as error:
        # A question is about one thing by that name, so it is asked about each of them by its id.
        found = await graph.subgraph(_question(*sorted(node_id for node_id, _ in error.candidates)))
    diseases = [node for node in found.answer_nodes() if node.kind == "Disease"]
    if not diseases:
        raise NothingToTell(f"the graph has no disease for {code!r}", hint="Look it up with `mkg ask`.")
    return tuple(Subject(code, disease, found.release) for disease in diseases)


def _question(*diseases: str) -> str:
    return to_text(tree.Path(tree.Root("disease", diseases)))
