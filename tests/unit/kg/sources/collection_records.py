"""What tests of collections share: their records sorted by what they are, whatever source each row names."""

from __future__ import annotations

from collections import Counter

from kg.sources.format import Format, Text
from kg.sources.records import Found, Problem, Record
from kg.values import Edge, Node, Same
from tests.unit.kg.sources.reading_formats import Told
from tests.unit.kg.sources.text_in_memory import InMemory


def records_of(format: Format, **files: Text | list[Text]) -> list[Record]:
    """Read these files of the slots; slots that are not named have none."""
    given = {slot: file if isinstance(file, list) else [file] for slot, file in files.items()}
    parts = format.plan({slot.name: given.get(slot.name, []) for slot in format.slots})
    return [record for part in parts for record in part.records()]


def sorted_records(records: list[Record]) -> Told:
    found = Told()
    for record in records:
        match record:
            case Problem():
                found.problems.append(record)
            case Found(Node() as node):
                found.nodes.append(node)
            case Found(Edge() as edge):
                found.edges.append(edge)
            case Found(Same() as link):
                found.links.append(link)
    return found


def read_all(format: Format, **files: Text | list[Text]) -> Told:
    """Read these files and sort what they tell."""
    return sorted_records(records_of(format, **files))


def places(told: Told) -> list[tuple[str, int, str, str, str, str]]:
    """Each problem as file, line, column, rule, value and severity."""
    return [
        (item.place.file, item.place.line, item.place.column, item.rule, item.value, item.severity)
        for item in told.problems
    ]


def counts(told: Told) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """How many nodes, edges and links there are, by kind (links by why)."""
    return (
        dict(Counter(node.kind for node in told.nodes)),
        dict(Counter(edge.kind for edge in told.edges)),
        dict(Counter(link.why for link in told.links)),
    )


def table(name: str, *rows: str) -> InMemory:
    """A file of these lines, with or without their ends."""
    return InMemory.of(name, "".join(row if row.endswith("\n") else f"{row}\n" for row in rows))
