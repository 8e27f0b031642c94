"""From plan to Cypher: one statement, every typed word in its values.

Each part of the plan becomes a list of nodes (`s3`) and, for a step, the edges that led to each of them (`k3`), level
by level when a step is repeated. The text follows from the shape of the question alone, so that the database plans
each shape once. An edge says by its id where it comes from, so it travels alone.

A step groups and sorts what it reaches. What is known already must not stand beside each of those rows, where the
database would count it as often as there are rows; it travels through the step on a row of its own, without a node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from kg.query.draw import draw_numbers, drawn_order
from kg.query.limits import MAX_EDGES, MAX_HOPS, MAX_PARTS, MAX_PASSED, MAX_WAYS
from kg.query.moment import MOMENT
from kg.query.parts import Join, Key, Part, Plan, Start, Stride, Ways
from kg.query.pattern import (
    EDGE_FIELDS,
    NODE_FIELDS,
    Now,
    Then,
    edge_row,
    match,
    node_row,
    nowhere,
    test,
)
from kg.schema import EDGE_KINDS, NODE_KINDS
from kg.statements import Statement
from kg.stored import DRAW_PRIME

# Numbers inside variable names come from here and not from the question.
_NUMBERS: Final[tuple[LiteralString, ...]] = (
    *("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"),
    *("16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31"),
)
assert len(_NUMBERS) >= max(MAX_PARTS, MAX_HOPS + 1)

# Sums are rounded, so that the order does not hang on the order in which the database adds.
_DIGITS: Final[LiteralString] = "6"
# What is read of a node or an edge of any kind, for the ways between two things.
ANY_NODE: Final[tuple[LiteralString, ...]] = tuple(
    dict.fromkeys((*NODE_FIELDS, *(known.name for kind in NODE_KINDS for known in kind.properties)))
)
ANY_EDGE: Final[tuple[LiteralString, ...]] = tuple(
    dict.fromkeys((*EDGE_FIELDS, *(known.name for kind in EDGE_KINDS for known in kind.properties)))
)

_HEAD: Final[LiteralString] = (
    "CALL () { OPTIONAL MATCH (meta:Meta {id: 'meta'}) RETURN coalesce(meta.head, '') AS release }"
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statement of a plan, all but the ids that its starts mean: (parameter, start) for each."""

    text: LiteralString
    values: Mapping[str, Any]
    starts: tuple[tuple[str, Start], ...]

    def statement(self, ids: Mapping[tuple[str, str], str]) -> Statement:
        """Return the statement; `ids` gives the node id for each (kind, name) that a start names."""
        values = dict(self.values)
        for parameter, start in self.starts:
            # The order typed is kept, and a thing named twice counts once.
            values[parameter] = list(dict.fromkeys([ids[(start.label, name)] for name in start.names]))
        return Statement(self.text, values)


def to_cypher(plan: Plan, ids: Mapping[tuple[str, str], str]) -> Statement:
    """Return the statement of a plan; `ids` gives the node id for each (kind, name) that a start names."""
    return compiled(plan).statement(ids)


def compiled(plan: Plan) -> Compiled:
    """Return the statement of a plan, to be completed with ids.

    Its answer is one row: `release`, then for each part `sN` (the nodes' fields, in order); for each step `hN` (the
    edges' fields for each node, or null when there are more than MAX_EDGES) and `tN` (whether a limit cut something
    off); for a repeated step both level by level, and `pN` (for each level the nodes passed); for ways between `wN`
    (for each way the ids of its nodes and of its edges), `pN` and `hN` (nodes and edges on them), `uN` and `vN` (the
    ids at either end that there are).
    """
    return _Compiler(plan).compiled()


class _Compiler:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._when: Now = Now() if plan.as_of is None else Then()
        self._values: dict[str, Any] = {}
        self._starts: list[tuple[str, Start]] = []
        self._blocks: list[LiteralString] = []
        self._known: list[LiteralString] = ["release"]
        self._returned: list[LiteralString] = ["release"]

    def compiled(self) -> Compiled:
        if self._plan.as_of is None:
            self._blocks.append(_HEAD)
        else:
            self._values["as_of"] = self._plan.as_of
            self._blocks.append(MOMENT)
            self._known.extend(("moments", "moment"))
            self._return("moments")
        # What is named comes first, while there is little to carry.
        for number, part in zip(_NUMBERS, self._plan.parts, strict=False):
            if isinstance(part, Start):
                self._start(f"s{number}", f"r{number}", part)
            elif isinstance(part, Ways):
                self._ways(number, part)
        for number, part in zip(_NUMBERS, self._plan.parts, strict=False):
            if isinstance(part, Stride):
                self._stride(number, part)
            elif isinstance(part, Join):
                self._join(number, part)
        for number, part, label in zip(_NUMBERS, self._plan.parts, self._plan.labels, strict=False):
            self._give(number, part, label)
        self._blocks.append("RETURN " + ", ".join(self._returned))
        return Compiled("\n".join(block.rstrip("\n") for block in self._blocks), self._values, tuple(self._starts))

    def _return(self, *items: LiteralString) -> None:
        self._returned.extend(items)

    def _scope(self, *names: LiteralString) -> LiteralString:
        every = (self._when.scope, *names) if self._when.scope else names
        return f"CALL ({', '.join(every)}) {{"

    def _give(self, number: LiteralString, part: Part, label: LiteralString) -> None:
        """Return what the answer needs of a part."""
        if isinstance(part, Stride) and len(part.roles) == 1:
            self._return(f"{_edges(part, f'k{number}')} AS h{number}")
            if not part.asked_limit:
                self._return(f"t{number}")
        elif isinstance(part, Stride):
            levels: list[LiteralString] = [f"{number}_{level}" for level in _NUMBERS[: len(part.roles)]]
            passed: list[LiteralString] = [
                self._states(f"n{name}", node_row(role.end)) for name, role in zip(levels, part.roles, strict=True)
            ]
            cut: list[LiteralString] = [f"size(n{name}) >= $most" for name in levels]
            if not part.asked_limit:
                cut.append(f"t{number}")
            self._return(f"{_listed([_edges(part, f'g{name}') for name in levels])} AS h{number}")
            self._return(f"{_listed(passed)} AS p{number}", f"{' OR '.join(cut)} AS t{number}")
        elif isinstance(part, Ways):
            # The label is that of the node itself: a Past node does not have it.
            labels = f"[n IN p{number} | [label IN labels(n) WHERE NOT label IN ['Entity', 'Gone']][0]] AS l{number}"
            ways = f"[w IN w{number} | [[n IN nodes(w) | n.id], [r IN relationships(w) | r.id]]] AS w{number}"
            states = self._states(f"p{number}", f"n {{{_named(ANY_NODE)}}}")
            self._return(ways, labels, f"{states} AS p{number}", f"h{number}", f"t{number}")
            self._return(f"[n IN u{number} | n.id] AS u{number}", f"[n IN v{number} | n.id] AS v{number}")
        self._return(f"{self._states(f's{number}', node_row(label))} AS s{number}")

    def _states(self, nodes: LiteralString, row: LiteralString) -> LiteralString:
        """Return the expression for the fields of a list of nodes, as they were at the moment asked for."""
        version = self._when.version("node", "n", "node")
        if not version:
            return f"[n IN {nodes} | {row}]"
        self._blocks.append(
            f"{self._scope(nodes)}\n  UNWIND {nodes} AS node\n{version}  RETURN collect({row}) AS {nodes}_\n}}"
        )
        return f"{nodes}_"

    def _start(self, name: LiteralString, parameter: LiteralString, part: Start) -> None:
        self._starts.append((parameter, part))
        self._known.append(name)
        if len(part.names) == 1 and not self._when.scope:
            found = self._when.by_id(part.label, f"${parameter}[0]")
            self._blocks.append(f"CALL () {{\n  {found}\n  RETURN collect(n) AS {name}\n}}")
            return
        found = self._when.by_id(part.label, f"${parameter}[place]")
        self._blocks.append(
            f"{self._scope()}\n  UNWIND range(0, size(${parameter}) - 1) AS place\n"
            f"  {found}\n  WITH n ORDER BY place\n  RETURN collect(n) AS {name}\n}}"
        )

    def _ways(self, number: LiteralString, part: Ways) -> None:
        self._start(f"u{number}", f"f{number}", part.start)
        self._start(f"v{number}", f"r{number}", part.end)
        types, longest = self._when.types(*part.edges), _NUMBERS[part.up_to]
        held = self._when.held("r")
        where: LiteralString = f" WHERE all(r IN relationships(w) WHERE {held})" if held else ""
        self._values["ways"] = MAX_WAYS
        self._blocks.append(
            f"{self._scope(f'u{number}', f'v{number}')}\n"
            f"  UNWIND range(0, size(v{number}) - 1) AS j UNWIND range(0, size(u{number}) - 1) AS i\n"
            f"  WITH *, u{number}[i] AS a, v{number}[j] AS b WHERE a <> b\n"
            f"  MATCH w = allShortestPaths((a)-[:{types}*..{longest}]-(b)){where}\n"
            "  WITH i, j, w, [r IN relationships(w) | r.id] AS ids\n"
            "  ORDER BY j, i, ids LIMIT $ways + 1\n"
            f"  WITH collect(w) AS found\n  RETURN found[..$ways] AS w{number}, size(found) > $ways AS t{number}\n}}\n"
            f"CALL (w{number}) {{\n  UNWIND w{number} AS w WITH DISTINCT last(nodes(w)) AS n"
            f" RETURN collect(n) AS s{number}\n}}\n"
            f"CALL (w{number}) {{\n  UNWIND w{number} AS w UNWIND nodes(w) AS n WITH DISTINCT n"
            f" RETURN collect(n) AS p{number}\n}}\n"
            f"CALL (w{number}) {{\n  UNWIND w{number} AS w UNWIND relationships(w) AS r WITH DISTINCT r"
            f" RETURN collect(r {{{_named(ANY_EDGE)}}}) AS h{number}\n}}"
        )
        self._known.extend((f"w{number}", f"t{number}", f"s{number}", f"p{number}", f"h{number}"))

    def _join(self, number: LiteralString, part: Join) -> None:
        left, right = _NUMBERS[part.left], _NUMBERS[part.right]
        match part.operator:
            case "&":
                joined = f"[n IN s{left} WHERE n IN s{right}]"
            case "-":
                joined = f"[n IN s{left} WHERE NOT n IN s{right}]"
            case _:
                joined = f"s{left} + [n IN s{right} WHERE NOT n IN s{left}]"
        self._blocks.append(f"WITH *, {joined} AS s{number}")
        self._known.append(f"s{number}")

    def _stride(self, number: LiteralString, part: Stride) -> None:
        before: LiteralString = f"s{_NUMBERS[part.source]}"
        self._values |= {f"l{number}": part.limit, "edges": MAX_EDGES}
        if part.tests:
            self._values[f"w{number}"] = [
                list(test.value) if isinstance(test.value, tuple) else test.value for test in part.tests
            ]
        if len(part.roles) == 1:
            self._blocks.append(self._apart(before, "a") + self._walk(number, part, 0))
            self._keep(number, part)
            return
        # A node that is only passed on the way is kept under a limit of its own.
        self._values["most"] = MAX_PASSED
        levels: list[LiteralString] = [f"{number}_{level}" for level in _NUMBERS[: len(part.roles)]]
        for level, name in enumerate(levels):
            self._blocks.append(
                self._apart(before, "a")
                + self._walk(number, part, level)
                + "WITH b, collect(r) AS hops, head(collect(known)) AS known\n"
                "ORDER BY b IS NOT NULL, b.id LIMIT $most + 1"
            )
            self._together(f"found AS n{name}", f"{_few('edges')} AS g{name}")
            before = f"n{name}"
        asked = levels[part.low - 1 :]
        pairs: list[LiteralString] = [
            f"[i IN range(0, size(n{name}) - 1) | [n{name}[i], g{name}[i]]]" for name in asked
        ]
        nowhere_of = " AND ".join(nowhere(self._when, role) for role in part.without)
        where: LiteralString = f" WHERE b IS NULL OR ({nowhere_of})" if nowhere_of else ""
        moment: LiteralString = ", moment" if self._when.scope else ""
        self._blocks.append(
            self._apart(" + ".join(pairs), "hop") + "UNWIND coalesce(hop[1], [null]) AS r\n"
            f"WITH DISTINCT hop[0] AS b, r, known{moment}{where}\n" + self._version(_reads_state(part, kept=True), "r")
        )
        self._keep(number, part)

    def _apart(self, listed: LiteralString, name: LiteralString) -> LiteralString:
        """Return the clauses that give each item of a list a row, and what is known already a row of its own."""
        moment: LiteralString = ", moment" if self._when.scope else ""
        return (
            f"UNWIND [null] + {listed} AS {name}\n"
            f"WITH {name}{moment}, CASE WHEN {name} IS NULL THEN {_listed(self._known)} END AS known\n"
        )

    def _together(self, *found: LiteralString) -> None:
        """Bring what was found (from `found` and `edges`) and what was known back into one row."""
        known: list[LiteralString] = [f"known[{_place(place)}] AS {name}" for place, name in enumerate(self._known)]
        self._blocks.append(
            "WITH head(collect(known)) AS known, collect(b) AS found,"
            " collect(CASE WHEN b IS NOT NULL THEN hops END) AS edges\n"
            f"WITH {', '.join((*known, *found))}"
        )
        names: list[LiteralString] = [item.rpartition(" AS ")[2] for item in found]
        self._known.extend(names)

    def _version(self, reads: bool, carried: LiteralString) -> LiteralString:
        """Return the clauses that name the state `v` of each `b`, where somebody reads it and it is not `b` itself."""
        version = self._when.version("b", "v", f"b, {carried}, known, moment")
        return version if reads else ""

    def _walk(self, number: LiteralString, part: Stride, level: int) -> LiteralString:
        """Return the clauses of one hop from `a`, narrowed: they give `b`, `r` and, where it is read, `v`."""
        single = len(part.roles) == 1
        version = self._version(_reads_state(part, kept=single), "r")
        node: LiteralString = "v" if version else "b"
        on_edge: list[LiteralString] = []
        on_node: list[LiteralString] = []
        held = self._when.held("r")
        if held:
            on_edge.append(held)
        for place, condition in enumerate(part.tests):
            text = test(f"$w{number}[{_place(place)}]", condition, node)
            (on_node if version and condition.side in ("node", "language") else on_edge).append(text)
        if single:
            on_edge.extend(nowhere(self._when, role) for role in part.without)
        clauses: LiteralString = f"OPTIONAL MATCH {match(self._when, part.roles[level])}\n"
        if on_edge:
            clauses += f"  WHERE {' AND '.join(on_edge)}\n"
        if on_node:
            version += f"  WHERE b IS NULL OR ({' AND '.join(on_node)})\n"
        return clauses + version

    def _keep(self, number: LiteralString, part: Stride) -> None:
        """Group, order and cut what was reached."""
        edge, key = part.edge, part.key
        node: LiteralString = "v" if self._when.scope and _reads_state(part, kept=True) else "b"
        grouped: LiteralString = "b, v" if node == "v" else "b"
        found: list[LiteralString] = ["collect(r) AS hops", "head(collect(known)) AS known"]
        where: LiteralString = ""
        if part.shared > 1 or key.side == "shared":
            # Two nodes are joined by one edge of a kind at most, so edges are counted for the nodes they come from.
            found.append("count(r) AS shared")
        if part.shared > 1:
            self._values[f"c{number}"] = part.shared
            where = f" WHERE b IS NULL OR shared >= $c{number}"
        # The edge's own rank is what the score adds up anyway.
        by_edge = key.side == "edge" and key.name != edge.rank
        if by_edge:
            found.append(_summed(key.name) + " AS by_key")
        elif key.side in ("edge", "score"):
            found.append(_summed(edge.rank) + " AS score")
        value: LiteralString = "by_key" if by_edge else _key(key, node)
        if part.draw is not None:
            numbers: LiteralString = f"d{number}"
            self._values |= {"prime": DRAW_PRIME, numbers: list(draw_numbers(part.draw.seed))}
            heat: LiteralString = ""
            if part.draw.temperature != 1:
                heat = f"$heat{number}"
                self._values[f"heat{number}"] = part.draw.temperature
            order = f"{drawn_order(value, f'{node}.draw', f'${numbers}', heat)}, b.id"
        elif key.side == "name":
            order = f"{node}.name, b.id"
        elif key.side == "node":
            order = f"{value} IS NULL, {value} DESC, b.id"
        else:
            order = f"{value} DESC, b.id"
        self._blocks.append(
            f"WITH {grouped}, {', '.join(found)}{where}\nORDER BY b IS NOT NULL, {order} LIMIT $l{number} + 2"
        )
        self._together(
            f"found[..$l{number}] AS s{number}",
            f"{_few(f'edges[..$l{number}]')} AS k{number}",
            f"size(found) > $l{number} AS t{number}",
        )


def _reads_state(part: Stride, *, kept: bool) -> bool:
    """Say whether a hop reads properties of the node it comes to; `kept` counts what orders the answer as well."""
    by_order = part.key.side in ("node", "name") or part.draw is not None
    return (kept and by_order) or any(test.side in ("node", "language") for test in part.tests)


def _few(edges: LiteralString) -> LiteralString:
    """Return the expression for lists of edges, or null when there are more than an answer may hold."""
    total = f"reduce(total = 0, hops IN {edges} | total + size(hops))"
    return f"CASE WHEN {total} <= $edges THEN {edges} END"


def _edges(part: Stride, hops: LiteralString) -> LiteralString:
    return f"[hops IN {hops} | [r IN hops | {edge_row(part.edge.type)}]]"


def _listed(items: list[LiteralString]) -> LiteralString:
    return "[" + ", ".join(items) + "]"


def _named(fields: tuple[LiteralString, ...]) -> LiteralString:
    read: list[LiteralString] = [f".{field}" for field in fields]
    return ", ".join(read)


_ONES: Final[tuple[LiteralString, ...]] = _NUMBERS[:10]


def _place(index: int) -> LiteralString:
    """Return a number below a hundred as text that is known not to come from a question."""
    tens, ones = divmod(index, 10)
    return f"{_ONES[tens]}{_ONES[ones]}" if tens else _ONES[ones]


def _summed(name: LiteralString | None) -> LiteralString:
    return f"round(sum(coalesce(r.{name}, 0.0)), {_DIGITS})" if name else "toFloat(count(r))"


def _key(key: Key, node: LiteralString) -> LiteralString:
    match key.side:
        case "node":
            return f"{node}.{key.name}"
        case "shared":
            return "shared"
        case "edge" | "score" | "name":
            return "score"
