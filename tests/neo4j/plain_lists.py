"""Filters and orders in plain Python, over lists of records: what the database must agree with."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cmp_to_key, partial
from typing import Any

from kg.reading import Key, Order
from kg.reading.condition import (
    All,
    AnyOf,
    Coded,
    Condition,
    Linked,
    LinkedCount,
    NameWord,
    Not,
    Test,
    both,
    either,
    named,
)
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, Property, Role, roles_of
from kg.values import Edge, Evidence, Node, checked_edge

SOURCES = ("mkg-core", "other")


def random_graph(seed: int, size: int = 6) -> tuple[list[Node], list[Edge]]:
    """A few nodes of each kind, some with properties, and edges of every kind wherever a coin falls right."""
    draw = random.Random(seed)
    nodes = [
        Node(
            kind.label,
            f"ICD10:{'JKX'[number % 3]}{number:02}" if kind.label == "IcdCode" else f"T:{kind.label.lower()}{number}",
            {"en": f"{kind.label} {draw.randrange(4)}", **({"ru": f"Имя {number % 3}"} if number % 2 else {})},
            {"en": (f"alias {kind.label} {number}",)},
            {item.name: value_of(draw, item) for item in kind.properties if draw.random() < 0.6},
        )
        for kind in NODE_BY_LABEL.values()
        for number in range(size)
    ]
    edges: dict[str, Edge] = {}
    for kind in EDGE_BY_TYPE.values():
        for start in (node for node in nodes if node.kind in kind.starts):
            for end in (node for node in nodes if node.kind in kind.ends):
                same_kind = len(kind.ends) < 2 or start.kind == end.kind
                # Codes lie inside codes that come later, so that there is no circle.
                inside = kind.type != "PART_OF" or start.id < end.id
                if start.id == end.id or not same_kind or not inside or draw.random() < 0.6:
                    continue
                claims = {item.name: value_of(draw, item) for item in kind.properties if draw.random() < 0.7}
                edge = checked_edge(Edge(kind.type, start.id, end.id, (said(draw, claims),)))
                edges.setdefault(edge.id, edge)
    return nodes, list(edges.values())


def said(draw: random.Random, claims: Mapping[str, Any]) -> Evidence:
    """Evidence of one of two sources under one of two licences."""
    licence = draw.choice(["CC0-1.0", "CC-BY-4.0"])
    return Evidence(draw.choice(SOURCES), "1", licence, "row 1", "the tests", claims=claims)


def value_of(draw: random.Random, item: Property) -> Any:
    """A value that the property may have; few different ones, so that many are equal."""
    if item.type == "choice":
        return draw.choice(item.choices)
    if item.type == "text":
        return draw.choice(["Alpha one", "alpha two", "Beta"])
    return draw.choice([0.0, 0.25, 0.5, 1.0]) if item.type == "number" else draw.choice([1, 20, 65])


def random_condition(draw: random.Random, owner: str, depth: int = 3) -> Condition:
    """A condition on nodes of that kind, or on edges of that type."""
    kind = NODE_BY_LABEL.get(owner)
    roles = list(roles_of(owner)) if kind else []
    while depth and draw.random() < 0.6:
        depth -= 1
        match draw.randrange(5):
            case 0:
                return both(*(random_condition(draw, owner, depth) for _ in range(draw.randrange(1, 3))))
            case 1:
                return either(*(random_condition(draw, owner, depth) for _ in range(draw.randrange(0, 3))))
            case 2:
                return Not(random_condition(draw, owner, depth))
            case 3 if roles:
                role = draw.choice(roles)
                node, edge = random_condition(draw, role.end, depth), random_condition(draw, role.edge, depth)
                return Linked(role, draw.choice(["some", "some", "none"]), node, edge)
            case 4 if roles:
                tests = ((draw.choice(["eq", "at_least", "at_most"]), draw.randrange(4)),)
                return LinkedCount(draw.choice(roles), tests)
            case _:
                continue
    return random_leaf(draw, owner)


def random_leaf(draw: random.Random, owner: str) -> Condition:
    """A condition without further ones inside."""
    if owner == "Disease" and draw.random() < 0.2:
        codes = [f"ICD10:{letter}{number:02}" for letter in "JKX" for number in range(6)]
        word = draw.choice(["in", "between", "within"])
        ids = (draw.choice(codes),) if word == "within" else tuple(sorted(draw.sample(codes, 2)))
        return Coded(word, ids)
    kind = NODE_BY_LABEL.get(owner)
    properties = kind.properties if kind else EDGE_BY_TYPE[owner].properties
    if properties and draw.random() < 0.6:
        return random_test(draw, draw.choice(properties))
    if kind and draw.random() < 0.8:
        match draw.randrange(4):
            case 0:
                return Test("id", draw.choice(["eq", "starts_with"]), f"T:{owner.lower()}{draw.randrange(6)}")
            case 1:
                return Test("id", "in", tuple(f"T:{owner.lower()}{number}" for number in draw.sample(range(8), 3)))
            case 2:
                words: list[NameWord] = ["folded_eq", "folded_contains", "folded_starts_with"]
                name = f"{owner.upper()} {draw.randrange(4)}"
                test = draw.choice([named, partial(Test, "name")])
                return test(draw.choice(words), draw.choice([name, name[:2], name[2:]]))
            case _:
                return Test("name_ru", "folded_starts_with", draw.choice(["ИМЯ", "имя 1", "x"]))
    return Test("sources", "has", draw.choice(SOURCES))


def random_test(draw: random.Random, item: Property) -> Condition:
    """A condition on a property."""
    words: list[Any] = ["exists", "missing", "eq", "in"]
    words += ["at_least", "at_most"] if item.numeric else []
    words += ["folded_contains", "folded_starts_with"] if item.type == "text" else []
    word = draw.choice(words)
    if word in ("exists", "missing"):
        return Test(item.name, word)
    value = value_of(draw, item)
    return Test(item.name, word, (value, value_of(draw, item)) if word == "in" else value)


class PlainGraph:
    """Records, and what conditions and orders mean for them."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.edges = list(edges)

    def walked(self, role: Role, start: str) -> Iterator[tuple[Edge, Node]]:
        """Yield what one step by a role leads to."""
        symmetric = EDGE_BY_TYPE[role.edge].symmetric
        for edge in (edge for edge in self.edges if edge.kind == role.edge):
            for here, there, forward in ((edge.start, edge.end, True), (edge.end, edge.start, False)):
                if here == start and self.nodes[there].kind == role.end and (symmetric or forward == role.forward):
                    yield edge, self.nodes[there]

    def meets(self, condition: Condition, record: Node | Edge) -> bool:
        """Say whether a record meets a condition."""
        match condition:
            case All(parts):
                return all(self.meets(part, record) for part in parts)
            case AnyOf(parts):
                return any(self.meets(part, record) for part in parts)
            case Not(part):
                return not self.meets(part, record)
            case Linked(role, quantifier, node, edge):
                some = any(self.meets(edge, by) and self.meets(node, to) for by, to in self.walked(role, record.id))
                return some == (quantifier == "some")
            case LinkedCount(role, tests):
                number = len(list(self.walked(role, record.id)))
                return all(compared(word, number, value) for word, value in tests)
            case Coded(word, ids):
                codes = [edge.end for edge in self.edges if edge.kind == "CODED_AS" and edge.start == record.id]
                if word == "in":
                    return any(code in ids for code in codes)
                if word == "within":
                    return any(ids[0] in self.around(code) for code in codes)
                return any(
                    ids[0] <= code <= f"{ids[1]}~" and self.nodes[code].properties.get("level") != "chapter"
                    for code in codes
                )
            case Test(name, word, value):
                return tested(word, stored(record, name), value)
        raise AssertionError(condition)

    def around(self, code: str) -> set[str]:
        """Return a code and all that it lies in."""
        found, waiting = {code}, [code]
        while waiting:
            here = waiting.pop()
            for edge in self.edges:
                if edge.kind == "PART_OF" and edge.start == here and edge.end not in found:
                    found.add(edge.end)
                    waiting.append(edge.end)
        return found

    def listed(self, label: str, condition: Condition, order: Order) -> list[str]:
        """Return the ids of a kind's nodes that meet a condition, in order."""
        rows = [(None, node) for node in self.nodes.values() if node.kind == label and self.meets(condition, node)]
        return [node.id for _, node in in_order(order, rows)]

    def stepped(self, role: Role, start: str, node: Condition, edge: Condition, order: Order) -> list[str]:
        """Return the ids of edges and nodes that a step leads to, in order, as text."""
        rows = [(by, to) for by, to in self.walked(role, start) if self.meets(edge, by) and self.meets(node, to)]
        return [f"{by.id} {to.id}" for by, to in in_order(order, rows) if by]


def in_order(order: Order, rows: Sequence[tuple[Edge | None, Node]]) -> list[tuple[Edge | None, Node]]:
    """Return rows of an edge and a node in that order: without a value last, whichever way it is sorted."""

    def compare(left: tuple[Edge | None, Node], right: tuple[Edge | None, Node]) -> int:
        for key in order.keys:
            one, other = key_value(key, left), key_value(key, right)
            if one == other:
                continue
            if one is None or other is None:
                return 1 if one is None else -1
            return (1 if one > other else -1) * (-1 if key.descending else 1)
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def key_value(key: Key, row: tuple[Edge | None, Node]) -> Any:
    """Return what a row is sorted by."""
    record = row[0] if key.side == "edge" else row[1]
    assert record is not None
    return stored(record, key.name)


def stored(record: Node | Edge, name: str) -> Any:
    """Return what the database keeps of a record under that name."""
    if isinstance(record, Edge):
        (item,) = record.evidence
        return {"sources": [item.source], "licences": [item.licence]}.get(name) or item.claims.get(name)
    if name == "id":
        return record.id
    if name == "sources":
        return ["mkg-core"]
    if name == "folded":
        return record.names["en"].lower()
    if name.startswith("name"):
        return record.names.get(name.partition("_")[2] or "en")
    return record.properties.get(name)


def tested(word: str, here: Any, value: Any) -> bool:
    """Say whether a stored value meets a test."""
    if word in ("exists", "missing"):
        return (here is not None) == (word == "exists")
    if here is None:
        return False
    if word.startswith("folded_"):
        here, word = here.lower(), word.removeprefix("folded_")
        value = tuple(item.lower() for item in value) if isinstance(value, tuple) else value.lower()
    match word:
        case "contains":
            return value in here
        case "starts_with":
            return here.startswith(value)
        case "has":
            return value in here
        case _:
            return compared(word, here, value)


def compared(word: str, here: Any, value: Any) -> bool:
    """Say how two values compare."""
    match word:
        case "eq":
            return here == value
        case "in":
            return here in value
        case "at_least":
            return here >= value
        case _:
            return here <= value


def random_orders(draw: random.Random, owner: str, side: Any) -> list[Key]:
    """A few keys for lists of a kind, or for neighbours along a type of edge."""
    kind = NODE_BY_LABEL.get(owner)
    properties = kind.properties if kind else EDGE_BY_TYPE[owner].properties
    keys = [Key("name", always=True), Key("id", always=True)]
    keys += [Key(item.name, side, numeric=item.numeric) for item in properties]
    chosen = draw.sample(keys, draw.randrange(min(3, len(keys)) + 1))
    return [Key(key.name, key.side, draw.random() < 0.5, key.numeric, key.always) for key in chosen]
