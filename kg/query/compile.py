"""From plan to Cypher: one statement, every typed word in its values.

Each part of the plan becomes one subquery that hands on a list of nodes (`s3`) and, for a step, the edges that led to
each of them (`h3`), level by level when a step is repeated. The text follows from the shape of the question alone, so
that the database plans each shape once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, LiteralString

from kg.query.limits import MAX_HOPS, MAX_PARTS
from kg.query.plan import Join, Key, Plan, Start, Stride, Test
from kg.schema import EDGE_BY_TYPE, EdgeKind, Role
from kg.statements import Statement
from kg.stored import DRAW_PRIME

# Numbers inside variable names come from here and not from the question.
_NUMBERS: Final[tuple[LiteralString, ...]] = (
    *("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"),
    *("16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31"),
)
assert len(_NUMBERS) >= max(MAX_PARTS, MAX_HOPS)

# Sums are rounded, so that the order does not hang on the order in which the database adds.
_DIGITS: Final[LiteralString] = "6"
# A node without a weight can still be drawn, last.
_LEAST_WEIGHT: Final[LiteralString] = "0.000001"


def to_cypher(plan: Plan, ids: Mapping[tuple[str, str], str]) -> Statement:
    """Return the statement of a plan.

    `ids` gives the node id for each (kind, name) that a root names. The answer is one row: `release`, then for each
    part `sN` (the nodes' properties, in order), for each step also `hN` (for each level a list of
    [node id, [[from id, edge properties], …]]), `tN` (whether its limit cut something off) and, for a repeated step,
    `pN` (for each level the properties of the nodes passed).
    """
    compiler = _Compiler(ids)
    return compiler.statement(plan)


def draw_numbers(seed: int) -> tuple[int, int, int, int]:
    """Return the four coefficients that turn a node's fixed number into its place in this draw.

    A polynomial of degree 3 over a prime field: the numbers of any four nodes are independent (Wegman and Carter,
    1981, "New hash functions and their use in authentication and set equality").
    """
    digest = hashlib.sha256(f"draw {seed}".encode()).digest()
    first, second, third, fourth = (int.from_bytes(digest[at : at + 8]) % DRAW_PRIME for at in (0, 8, 16, 24))
    return first, second, third, fourth


class _Compiler:
    def __init__(self, ids: Mapping[tuple[str, str], str]) -> None:
        self._ids = ids
        self._values: dict[str, Any] = {}

    def statement(self, plan: Plan) -> Statement:
        blocks: list[LiteralString] = [
            "CALL () { OPTIONAL MATCH (meta:Meta {id: 'meta'}) RETURN coalesce(meta.head, '') AS release }"
        ]
        returned: list[LiteralString] = ["release"]
        for number, part in zip(_NUMBERS, plan.parts, strict=False):
            match part:
                case Start():
                    blocks.append(self._start(number, part))
                case Stride():
                    blocks.extend(self._stride(number, part))
                    returned.append(f"h{number}")
                    returned.append(f"t{number}")
                    if len(part.roles) > 1:
                        returned.append(f"p{number}")
                case Join():
                    blocks.append(self._join(number, part))
            returned.append(f"[n IN s{number} | properties(n)] AS s{number}")
        blocks.append("RETURN " + ", ".join(returned))
        return Statement("\n".join(blocks), self._values)

    def _start(self, number: LiteralString, part: Start) -> LiteralString:
        ids = [self._ids[(part.label, name)] for name in part.names]
        # The order typed is kept, and a thing named twice counts once.
        self._values[f"r{number}"] = list(dict.fromkeys(ids))
        return (
            f"CALL () {{\n  UNWIND range(0, size($r{number}) - 1) AS place\n"
            f"  MATCH (n:{part.label} {{id: $r{number}[place]}})\n"
            f"  WITH n ORDER BY place\n  RETURN collect(n) AS s{number}\n}}"
        )

    def _join(self, number: LiteralString, part: Join) -> LiteralString:
        left, right = _NUMBERS[part.left], _NUMBERS[part.right]
        match part.operator:
            case "&":
                joined = f"[n IN s{left} WHERE n IN s{right}]"
            case "-":
                joined = f"[n IN s{left} WHERE NOT n IN s{right}]"
            case _:
                joined = f"s{left} + [n IN s{right} WHERE NOT n IN s{left}]"
        return f"WITH *, {joined} AS s{number}"

    def _stride(self, number: LiteralString, part: Stride) -> list[LiteralString]:
        blocks: list[LiteralString] = []
        before: LiteralString = f"s{_NUMBERS[part.source]}"
        levels: list[LiteralString] = []
        tests = self._tests(number, part.tests)
        self._values[f"l{number}"] = part.limit
        # A node that is only passed on the way is kept under the same limit as the answer of a step.
        for level, role in zip(_NUMBERS, part.roles, strict=False):
            if len(part.roles) == 1:
                break
            name: LiteralString = f"{number}_{level}"
            blocks.append(
                f"CALL ({before}) {{\n  UNWIND {before} AS a\n  {_match(role, tests)}\n"
                f"  WITH b, collect([a, r]) AS hops ORDER BY b.id LIMIT $most\n"
                f"  RETURN collect(b) AS n{name}, collect(hops) AS g{name}\n}}"
            )
            self._values["most"] = _PASSING
            before = f"n{name}"
            levels.append(name)
        edge = EDGE_BY_TYPE[part.roles[0].edge]
        source: LiteralString
        if levels:
            asked = levels[part.low - 1 :]
            pairs = ", ".join(f"[n{name}, g{name}]" for name in asked)
            scope = ", ".join(f"n{name}, g{name}" for name in asked)
            source = (
                f"CALL ({scope}) {{\n  UNWIND [{pairs}] AS level\n"
                "  UNWIND range(0, size(level[0]) - 1) AS place\n"
                "  UNWIND level[1][place] AS hop\n"
                "  WITH DISTINCT level[0][place] AS b, hop[0] AS a, hop[1] AS r\n"
            )
        else:
            source = f"CALL ({before}) {{\n  UNWIND {before} AS a\n  {_match(part.roles[0], tests)}\n"
        blocks.append(source + self._kept(number, part, edge))
        if levels:
            # The levels stand beside the step's own edges: the way to the answer leads through them.
            spelled = ", ".join(_level(f"n{name}", f"g{name}") for name in levels)
            passed = ", ".join(f"[n IN n{name} | properties(n)]" for name in levels)
            blocks.append(f"WITH *, [{spelled}] AS h{number}, t{number}_ AS t{number}, [{passed}] AS p{number}")
        else:
            spelled = _level(f"s{number}", f"k{number}")
            blocks.append(f"WITH *, [{spelled}] AS h{number}, t{number}_ AS t{number}")
        return blocks

    def _kept(self, number: LiteralString, part: Stride, edge: EdgeKind) -> LiteralString:
        shared: LiteralString = ""
        if part.shared > 1:
            self._values[f"c{number}"] = part.shared
            shared = f" WHERE shared >= $c{number}"
        # The edge's own rank is added up for the score anyway.
        by_edge = part.key.side == "edge" and part.key.name != edge.rank
        key: LiteralString = "by_key" if by_edge else _key(part.key)
        order: LiteralString = f"{key} DESC, b.id"
        if part.key.side == "name":
            order = "b.name, b.id"
        elif part.key.side == "node":
            order = f"{key} IS NULL, {key} DESC, b.id"
        if part.draw is not None:
            self._draw(number, part.draw.seed)
            weight = f"CASE WHEN coalesce({key}, 0) > {_LEAST_WEIGHT} THEN toFloat({key}) ELSE {_LEAST_WEIGHT} END"
            place: LiteralString = (
                f"(($d{number}[3] * b.draw + $d{number}[2]) % $prime * b.draw + $d{number}[1]) % $prime"
            )
            place = f"({place} * b.draw + $d{number}[0]) % $prime"
            # Efraimidis and Spirakis (2006): the n largest u^(1/w) are a weighted draw without replacement.
            order = f"log((toFloat({place}) + 1.0) / ($prime + 1)) / ({weight}) DESC, b.id"
        score = _summed(edge.rank)
        other = f", {_summed(part.key.name)} AS by_key" if by_edge else ""
        return (
            f"  WITH b, collect([a, r]) AS hops, count(DISTINCT a) AS shared, {score} AS score{other}{shared}\n"
            f"  ORDER BY {order} LIMIT $l{number} + 1\n"
            f"  WITH collect(b) AS found, collect(hops) AS edges\n"
            f"  RETURN found[..$l{number}] AS s{number}, edges[..$l{number}] AS k{number},"
            f" size(found) > $l{number} AS t{number}_\n}}"
        )

    def _draw(self, number: LiteralString, seed: int) -> None:
        self._values["prime"] = DRAW_PRIME
        self._values[f"d{number}"] = list(draw_numbers(seed))

    def _tests(self, number: LiteralString, tests: tuple[Test, ...]) -> LiteralString:
        if not tests:
            return ""
        self._values[f"w{number}"] = [
            list(test.value) if isinstance(test.value, tuple) else test.value for test in tests
        ]
        return " AND ".join(_test(f"$w{number}[{_place(i)}]", test) for i, test in enumerate(tests))


_PASSING: Final = 10_000
_ONES: Final[tuple[LiteralString, ...]] = _NUMBERS[:10]


def _place(index: int) -> LiteralString:
    """Return a number below a hundred as text that is known not to come from a question."""
    tens, ones = divmod(index, 10)
    return f"{_ONES[tens]}{_ONES[ones]}" if tens else _ONES[ones]


def _match(role: Role, tests: LiteralString) -> LiteralString:
    edge = EDGE_BY_TYPE[role.edge]
    left: LiteralString = "-" if edge.symmetric or role.forward else "<-"
    right: LiteralString = "-" if edge.symmetric or not role.forward else "->"
    where: LiteralString = f"\n  WHERE {tests}" if tests else ""
    return f"MATCH (a){left}[r:{edge.type}]{right}(b:{role.end}){where}"


def _test(value: LiteralString, test: Test) -> LiteralString:
    match test.side:
        case "edge":
            return f"r.{test.name} {test.comparison} {value}"
        case "node":
            return f"b.{test.name} {test.comparison} {value}"
        case "source":
            return f"{value} IN r.sources"
        case "language":
            return f"b.name_{test.name} IS NOT NULL"


def _summed(name: LiteralString | None) -> LiteralString:
    return f"round(sum(coalesce(r.{name}, 0.0)), {_DIGITS})" if name else "toFloat(count(r))"


def _key(key: Key) -> LiteralString:
    match key.side:
        case "node":
            return f"b.{key.name}"
        case "shared":
            return "shared"
        case "edge" | "score" | "name":
            return "score"


def _level(nodes: LiteralString, hops: LiteralString) -> LiteralString:
    """Spell out one level: each node's id with the edges that led to it."""
    spelled: LiteralString = f"[hop IN {hops}[i] | [hop[0].id, properties(hop[1])]]"
    return f"[i IN range(0, size({nodes}) - 1) | [{nodes}[i].id, {spelled}]]"
