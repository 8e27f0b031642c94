"""By which ids open sources know the things of the shipped graph: the same id, mappings, codes and exact names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.check.core_graph import CoreGraph
from kg.values import Edge, Node, Same

_SYSTEMS = ("ICD10:", "ICD10CM:")


@dataclass(frozen=True, slots=True)
class Aliases:
    """Our ids by kind and foreign id. `by_code` holds those that only an ICD-10 category made known."""

    known: Mapping[tuple[str, str], str]
    by_code: Mapping[tuple[str, str], str]

    def ours(self, kind: str, id: str, *, codes: bool = True) -> str | None:
        """Return our id of what that source calls `id`; without `codes`, only when more than a code says so."""
        found = self.known.get((kind, id))
        return self.by_code.get((kind, id)) if found is None and codes else found


@dataclass(slots=True)
class AliasPool:
    """Collects what all sources say of identity before it is decided."""

    names: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict[tuple[str, str], set[str]](set))
    links: dict[tuple[str, str], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], list[tuple[str, str]]](list)
    )
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))

    def add(self, record: Node | Edge | Same) -> None:
        """Take a record of a source in; what tells nothing of identity changes nothing."""
        if isinstance(record, Same):
            self.links[record.kind, record.left].append((record.right, record.why))
            self.links[record.kind, record.right].append((record.left, record.why))
        elif isinstance(record, Node):
            if name := record.names.get("en"):
                self.names[record.kind, _folded(name)].add(record.id)
        elif record.kind == "CODED_AS" and (code := told_code(record.end)):
            self.codes[code].add(record.start)

    def decided(self, core: CoreGraph) -> Aliases:
        """Return which foreign ids mean things of this graph; an id that could mean two of them means none."""
        nodes = [node for node in core.nodes.values() if node.kind not in ("IcdCode", "DrugClass")]
        known = {(node.kind, node.id): node.id for node in nodes}
        edge = dict(known)
        while edge:
            edge = self._next(edge, known)
            known |= edge
        named = _unambiguous(
            ((node.kind, id), node.id)
            for node in nodes
            for name in (node.names["en"], *node.synonyms.get("en", ()))
            for id in self.names.get((node.kind, _folded(name)), ())
            if (node.kind, id) not in known
        )
        known |= named
        # What a name made known is followed along the mappings as well.
        edge = named
        while edge:
            edge = self._next(edge, known)
            known |= edge
        by_code = _unambiguous(
            (("Disease", id), diseases[0])
            for code, diseases in core.categories().items()
            if len(diseases) == 1 and len(self.codes.get(code, ())) == 1
            for id in self.codes[code]
            if ("Disease", id) not in known
        )
        return Aliases(known, by_code)

    def _next(
        self, edge: Mapping[tuple[str, str], str], known: Mapping[tuple[str, str], str]
    ) -> dict[tuple[str, str], str]:
        return _unambiguous(
            ((kind, other), ours)
            for (kind, id), ours in edge.items()
            for other, why in self.links.get((kind, id), ())
            if (kind, other) not in known and (why != "xref" or self._one_to_one(kind, id, other))
        )

    def _one_to_one(self, kind: str, left: str, right: str) -> bool:
        """Whether neither id has a second cross-reference into the other's vocabulary."""
        return all(
            len({other for other, _ in self.links[kind, one] if _prefix(other) == _prefix(two)}) == 1
            for one, two in ((left, right), (right, left))
        )


def told_code(id: str) -> str:
    """Return the three-character category of an ICD-10 or ICD-10-CM code (`J45` of `ICD10CM:J45.9`), or nothing."""
    system = next((system for system in _SYSTEMS if id.startswith(system)), None)
    code = id.removeprefix(system) if system else ""
    return code.partition(".")[0] if "-" not in code else ""


def _unambiguous(pairs: Iterable[tuple[tuple[str, str], str]]) -> dict[tuple[str, str], str]:
    told = set(pairs)
    counts = Counter(key for key, _ in told)
    return {key: ours for key, ours in told if counts[key] == 1}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _prefix(id: str) -> str:
    return id.partition(":")[0]
