"""What of the graph goes out: which kinds, and without which licences. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.changes import State, with_evidence
from kg.errors import DataError
from kg.licences import Unwanted
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_BY_LABEL

# They tell how the graph came to say something, not what it says.
_OF_THE_LOG: Final = ("change_set", "at")


@dataclass(frozen=True, slots=True)
class Choice:
    """The kinds of nodes and edges that go out, and the licences that do not."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    unwanted: Unwanted


def choice(only: Iterable[str] = (), without: Unwanted | None = None) -> Choice:
    """Return what the names of kinds mean; none mean everything.

    Kinds of nodes keep the edges between them; kinds of edges keep the kinds of nodes that they join, unless kinds of
    nodes are named as well. So no edge goes out without its ends. Raises DataError for a kind that does not exist.
    """
    named = set(only)
    known = (*NODE_BY_LABEL, *EDGE_BY_TYPE)
    for kind in sorted(named):
        if kind not in known:
            raise DataError(f"there is no kind {kind!r}", hint=f"Kinds: {', '.join(known)}.")
    edges = tuple(kind.type for kind in EDGE_KINDS if kind.type in named or not named & EDGE_BY_TYPE.keys())
    nodes = named & NODE_BY_LABEL.keys()
    if not nodes:
        ends = {label for kind in EDGE_KINDS if kind.type in named for label in (*kind.starts, *kind.ends)}
        nodes = ends or NODE_BY_LABEL.keys()
    return Choice(tuple(label for label in NODE_BY_LABEL if label in nodes), edges, without or Unwanted())


def edge_told(
    kind: str, start: str, end: str, evidence: Iterable[Mapping[str, Any]], without: Unwanted
) -> State | None:
    """Return the state of an edge as its evidence under other licences tells it; None when there is no other.

    Properties are those that the remaining evidence gives.
    """
    items = [item for item in evidence if not without.covers(item["licence"])]
    if not items:
        return None
    state = with_evidence(kind, start, end, items)
    plain = [{name: value for name, value in item.items() if name not in _OF_THE_LOG} for item in state["evidence"]]
    return {**state, "evidence": plain}


def closed_sources(about: Iterable[Mapping[str, Any]], without: Unwanted) -> frozenset[str]:
    """Return the sources that were only ever loaded under a licence to do without, from what change sets say."""
    licences: dict[str, set[str]] = {}
    for told in about:
        for source in told.get("sources", ()):
            licences.setdefault(source["name"], set()).add(source["licence"])
    return frozenset(name for name, texts in licences.items() if all(map(without.covers, texts)))
