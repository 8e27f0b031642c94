"""What a source hands on: nodes and edges with the place they were read at, and the rows it had to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kg.values import Edge, Node, Same


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was read: the file's name, the line (1-based, header included) and the column, if one is meant."""

    file: str
    line: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A node or an edge that fits the schema, or a link between two ids of one thing."""

    record: Node | Edge | Same
    place: Place


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is not taken: the rule it breaks, the value, and what to do.

    `error` is a fault in the file; `skipped` is a valid row about something this graph does not hold.
    """

    place: Place
    rule: str
    value: str
    message: str
    fix: str
    severity: Literal["error", "skipped"]


Record = Found | Problem
