"""Reads all parts of a load once, keeps the records on the disk, and remembers what the next steps have to look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.load.report import Problems
from kg.schema import NODE_BY_LABEL
from kg.sources.format import Part
from kg.sources.records import Found, Place, Problem
from kg.spool import Spool
from kg.values import Edge, Evidence, Node, Same

NODES: Final = "nodes"
EDGES: Final = "edges"
# Links lie in a file for each kind of thing: what joins diseases says nothing of drugs.
LINKS: Final[Mapping[str, str]] = {kind: f"links-{kind}" for kind in NODE_BY_LABEL}
_TOLD_EVERY: Final = 2_000


@dataclass(slots=True)
class Gathered:
    """What the records name: ids of nodes by kind, ends of edges, codes of diseases.

    In `things` each id leads to itself, so that who meets it again can keep this string and not a second one.
    """

    things: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    ends: set[str] = field(default_factory=set[str])
    coded: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    files: list[str] = field(default_factory=list[str])
    nodes: int = 0
    edges: int = 0

    def place(self, item: Sequence[Any]) -> Place:
        """Return where a spooled record was read."""
        file, line, column = item[-1]
        return Place(self.files[file], line, column)


def gather(parts: Sequence[Part], spool: Spool, problems: Problems, told: Callable[[int], None]) -> Gathered:
    """Read the records of all parts into the spool; what is wrong goes to `problems`.

    `told` is given the number of records read so far, now and then. Raises FileUnreadable, or what `problems` raises
    when a rule that was named must not be broken.
    """
    found = Gathered()
    files: dict[str, int] = {}
    number = 0
    for part_number, part in enumerate(parts):
        for item in part.records():
            number += 1
            if number % _TOLD_EVERY == 0:
                told(number)
            if isinstance(item, Problem):
                problems.add(item)
                continue
            place = item.place
            file = files.get(place.file)
            if file is None:
                file = files[place.file] = len(files)
                found.files.append(place.file)
            _keep(found, spool, item, part_number, (file, place.line, place.column))
    told(number)
    return found


def _keep(found: Gathered, spool: Spool, item: Found, part: int, place: tuple[int, int, str]) -> None:
    record = item.record
    match record:
        case Edge():
            found.edges += 1
            found.ends.add(record.start)
            found.ends.add(record.end)
            if record.kind == "CODED_AS":
                found.coded[record.end].add(record.start)
            evidence = [_packed(told) for told in record.evidence]
            spool.write(EDGES, (record.kind, record.start, record.end, evidence, part, place))
        case Node():
            found.nodes += 1
            found.things[record.kind].setdefault(record.id, record.id)
            spool.write(
                NODES,
                (
                    *(record.kind, record.id, dict(record.names), dict(record.synonyms)),
                    *(dict(record.properties), record.xrefs, part, place),
                ),
            )
        case Same():
            spool.write(LINKS[record.kind], (record.left, record.right, record.why, place))


def _packed(item: Evidence) -> tuple[Any, ...]:
    return (
        *(item.source, item.version, item.licence, item.reference, item.asserted_by),
        *(item.snippet, item.direction, dict(item.claims)),
    )


def evidence_in(item: Sequence[Any]) -> tuple[Evidence, ...]:
    """Return the evidence of a spooled edge."""
    return tuple(Evidence(*told) for told in item[3])


def node_in(item: Sequence[Any]) -> Node:
    """Return a spooled node."""
    kind, key, names, synonyms, properties, xrefs, *_ = item
    return Node(kind, key, names, {language: tuple(words) for language, words in synonyms.items()}, properties, xrefs)
