"""What a question means in this graph: every word looked up in the schema, every limit checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, LiteralString

from rapidfuzz import process

from kg.errors import QueryError, QueryTooLarge, UnknownWord
from kg.query.limits import MAX_CONDITIONS, MAX_HOPS, MAX_LABEL, MAX_NAMES, MAX_PARTS, MAX_ROWS, MAX_TEXT
from kg.query.tree import Combined, Condition, Path, Root, Sample, Scalar, SetOperator, Step, Top, Tree
from kg.schema import (
    EDGE_BY_TYPE,
    LANGUAGES,
    NODE_BY_LABEL,
    NODE_BY_ROOT,
    ROLE_BY_NAME,
    EdgeKind,
    NodeKind,
    Property,
    Role,
    property_of,
    roles_of,
)

Side = Literal["edge", "node", "source", "language"]

# The comparisons of the language and of Cypher; `!=` is the one that is spelled differently.
CYPHER_COMPARISONS: Final[dict[str, LiteralString]] = {
    "=": "=",
    "!=": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "in": "IN",
}


@dataclass(frozen=True, slots=True)
class Test:
    """One condition, looked up: which side holds the property, its name, the comparison in Cypher, the value."""

    side: Side
    name: LiteralString
    comparison: LiteralString
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What a step is ordered or drawn by: summed over the edges that lead there, or read from the node."""

    side: Literal["edge", "node", "shared", "score", "name"]
    name: LiteralString


@dataclass(frozen=True, slots=True)
class Draw:
    """A seeded draw instead of the strongest."""

    seed: int


@dataclass(frozen=True, slots=True)
class Start:
    """A root: its kind and what was typed."""

    label: LiteralString
    names: tuple[str, ...]
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stride:
    """A step: from the part numbered `source`, by `roles` (one for each repeat, the i-th from the kind before)."""

    source: int
    roles: tuple[Role, ...]
    low: int
    tests: tuple[Test, ...]
    shared: int
    key: Key
    draw: Draw | None
    limit: int
    asked_limit: bool
    label: str | None

    @property
    def edge(self) -> EdgeKind:
        """The kind of edge walked."""
        return EDGE_BY_TYPE[self.roles[0].edge]


@dataclass(frozen=True, slots=True)
class Join:
    """Two parts joined by a set operator."""

    operator: SetOperator
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts in the order they are worked out; the last one is the answer."""

    parts: tuple[Start | Stride | Join, ...]
    labels: tuple[LiteralString, ...]  # the kind of node each part holds


def plan(tree: Tree, text: str | None = None) -> Plan:
    """Return what the question means. `text` is what was typed, for the place in an error.

    Raises UnknownWord with the nearest word, or QueryTooLarge.
    """
    return _Planner(text).planned(tree)


class _Planner:
    def __init__(self, text: str | None) -> None:
        self._text = text
        self._parts: list[Start | Stride | Join] = []
        self._labels: list[LiteralString] = []
        self._names: set[str] = set()
        self._conditions = 0

    def planned(self, tree: Tree) -> Plan:
        self._tree(tree)
        return Plan(tuple(self._parts), tuple(self._labels))

    def _add(self, part: Start | Stride | Join, label: LiteralString, at: int) -> int:
        if len(self._parts) >= MAX_PARTS:
            raise self._too_large("the question has too many parts", at, f"At most {MAX_PARTS}.")
        self._parts.append(part)
        self._labels.append(label)
        return len(self._parts) - 1

    def _tree(self, tree: Tree) -> tuple[int, int]:
        """Plan a tree; return the number of its last part and the strides walked to it."""
        if isinstance(tree, Path):
            number, hops = (
                self._tree(tree.source) if isinstance(tree.source, Combined) else (self._root(tree.source), 0)
            )
            for step in tree.steps:
                hops += step.high
                if hops > MAX_HOPS:
                    raise self._too_large("the path is too long", step.at, f"At most {MAX_HOPS} hops, repeats counted.")
                number = self._step(number, step)
            return number, hops
        left, left_hops = self._tree(tree.left)
        right, right_hops = self._tree(tree.right)
        if self._labels[left] != self._labels[right]:
            raise UnknownWord(
                f"{tree.operator} joins {_plural(self._labels[left])} with {_plural(self._labels[right])}",
                text=self._text,
                at=tree.at if tree.at >= 0 else None,
                hint="Both sides must end at the same kind of thing.",
            )
        number = self._add(Join(tree.operator, left, right), self._labels[left], tree.at)
        return number, max(left_hops, right_hops)

    def _root(self, root: Root) -> int:
        kind = NODE_BY_ROOT.get(root.kind)
        if kind is None:
            raise self._unknown(f"A question cannot start with {root.kind}", root.kind, NODE_BY_ROOT, root.at)
        if len(root.names) > MAX_NAMES:
            raise self._too_large("too many names at one start", root.at, f"At most {MAX_NAMES}.")
        for name, at in zip(root.names, root.names_at or (root.at,) * len(root.names), strict=True):
            if not name.strip():
                raise UnknownWord("This name is empty", text=self._text, at=at, hint="Write an id, a code or a name.")
        return self._add(Start(kind.label, root.names, root.names_at), kind.label, root.at)

    def _step(self, source: int, step: Step) -> int:
        start = self._labels[source]
        roles = self._roles(start, step)
        edge = EDGE_BY_TYPE[roles[0].edge]
        if step.via is not None and step.via != edge.type:
            raise self._unknown(f"{step.role} does not go via {step.via}", step.via, [edge.type], step.at)
        if step.shared is not None and not 1 <= step.shared <= MAX_ROWS:
            raise self._too_large(f"shared >= {step.shared} makes no sense", step.at, f"Between 1 and {MAX_ROWS}.")
        end = NODE_BY_LABEL[roles[-1].end]
        tests = tuple(self._test(condition, edge, end) for condition in step.where)
        limit, key, draw = self._pick(step, edge, end)
        if step.label is not None:
            self._take_label(step)
        stride = Stride(
            source, roles, step.low, tests, step.shared or 1, key, draw, limit, step.pick is not None, step.label
        )
        return self._add(stride, end.label, step.at)

    def _roles(self, start: str, step: Step) -> tuple[Role, ...]:
        if not 1 <= step.low <= step.high:
            raise self._too_large(
                f"{step.low}..{step.high} makes no sense", step.at, "Write it as 1..3, smaller first."
            )
        if step.high > MAX_HOPS:
            raise self._too_large("the path is too long", step.at, f"At most {MAX_HOPS} hops, repeats counted.")
        roles: list[Role] = []
        here = start
        for _ in range(step.high):
            role = ROLE_BY_NAME.get((here, step.role))
            if role is None:
                known = [other.name for other in roles_of(here)]
                raise self._unknown(f"A {_spoken(here)} has no step {step.role}", step.role, known, step.at)
            roles.append(role)
            here = role.end
        # Every level from `low` on is part of one answer, so they must hold one kind of thing.
        if len({role.end for role in roles[step.low - 1 :]}) > 1:
            raise self._unknown(f"{step.role} cannot be repeated", step.role, [], step.at)
        return tuple(roles)

    def _test(self, condition: Condition, edge: EdgeKind, end: NodeKind) -> Test:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise self._too_large("too many conditions", condition.at, f"At most {MAX_CONDITIONS}.")
        comparison = CYPHER_COMPARISONS[condition.comparison]
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        if any(isinstance(value, str) and len(value) > MAX_TEXT for value in values):
            raise self._too_large("a value is too long", condition.at, f"At most {MAX_TEXT} characters.")
        if condition.name == "source":
            self._must_be(condition, ("=",))
            return Test("source", "sources", comparison, condition.value)
        if condition.name == "language":
            self._must_be(condition, ("=",))
            for language in LANGUAGES:
                if language == condition.value:
                    return Test("language", language, comparison, condition.value)
            word = str(condition.value)
            raise self._unknown(f"There is no language {word}", word, LANGUAGES, condition.at)
        side, known = _holder(condition.name, edge, end)
        if known is not None:
            self._check_values(condition, known, values)
            return Test(side, known.name, comparison, condition.value)
        names = [known.name for known in (*edge.properties, *end.properties)]
        raise self._unknown(
            f"Neither {edge.type} nor {end.label} has {condition.name}",
            condition.name,
            [*names, "source", "language"],
            condition.at,
        )

    def _must_be(self, condition: Condition, allowed: Sequence[str]) -> None:
        if condition.comparison not in allowed:
            raise UnknownWord(
                f"{condition.name} can only be compared with {' '.join(allowed)}",
                text=self._text,
                at=condition.at if condition.at >= 0 else None,
                hint=f'Write {condition.name} {allowed[0]} "…".',
            )

    def _check_values(self, condition: Condition, known: Property, values: Sequence[Scalar]) -> None:
        numeric = known.numeric
        if not numeric:
            self._must_be(condition, ("=", "!=", "in"))
        for value in values:
            if known.type == "choice" and value not in known.choices:
                raise self._unknown(f"{known.name} is never {value}", str(value), known.choices, condition.at)
            if numeric == isinstance(value, str):
                wanted = "a number" if numeric else "a word"
                raise UnknownWord(
                    f"{known.name} is compared with {wanted}, not with {value!r}",
                    text=self._text,
                    at=condition.at if condition.at >= 0 else None,
                    hint=known.meaning,
                )

    def _pick(self, step: Step, edge: EdgeKind, end: NodeKind) -> tuple[int, Key, Draw | None]:
        pick = step.pick
        if pick is None:
            return MAX_ROWS, Key("score", "score"), None
        if not 1 <= pick.count <= MAX_ROWS:
            raise self._too_large(f"{pick.count} cannot be kept", pick.at, f"Between 1 and {MAX_ROWS}.")
        key = self._key(pick, edge, end)
        if isinstance(pick, Top):
            return pick.count, key, None
        if key.side == "name":
            raise self._unknown("A draw needs a number", "name", ["weight"], pick.at)
        if not -(2**63) <= pick.seed < 2**63:
            raise self._too_large("the seed is too large", pick.at, "It must fit in 64 bits.")
        return pick.count, key, Draw(pick.seed)

    def _key(self, pick: Top | Sample, edge: EdgeKind, end: NodeKind) -> Key:
        match pick.by:
            case None | "score":
                # `score` is also the name of a property of RESEMBLES, and there it means the same.
                return Key("score", "score")
            case "shared":
                return Key("shared", "shared")
            case "name":
                return Key("name", "name")
            case by:
                pass
        side, known = _holder(by, edge, end)
        if known is not None and known.numeric:
            return Key(side, known.name)
        keys = [other.name for other in (*edge.properties, *end.properties) if other.numeric]
        keys += ["score", "shared", "name"]
        raise self._unknown(f"{edge.type} and {end.label} have no number {by} to order by", by, keys, pick.at)

    def _take_label(self, step: Step) -> None:
        label = step.label or ""
        if len(label) > MAX_LABEL:
            raise self._too_large("the label is too long", step.at, f"At most {MAX_LABEL} characters.")
        if label in self._names:
            raise UnknownWord(
                f"two steps are called {label}",
                text=self._text,
                at=step.at if step.at >= 0 else None,
                hint="Give each its own name.",
            )
        self._names.add(label)

    def _unknown(self, message: str, word: str, known: Iterable[str], at: int) -> UnknownWord:
        words = list(known)
        near = process.extractOne(word, words, score_cutoff=60) if words else None
        listed = f"Here can stand: {', '.join(words)}." if words else None
        hint = f"Did you mean {near[0]}?" if near else listed
        return UnknownWord(message, text=self._text, at=at if at >= 0 else None, hint=hint)

    def _too_large(self, message: str, at: int, hint: str) -> QueryError:
        return QueryTooLarge(message, text=self._text, at=at if at >= 0 else None, hint=hint)


def _holder(name: str, edge: EdgeKind, end: NodeKind) -> tuple[Literal["edge", "node"], Property | None]:
    """Return the property of that name and whether the edge or the node behind it has it."""
    on_edge = property_of(edge, name)
    return ("edge", on_edge) if on_edge is not None else ("node", property_of(end, name))


def _spoken(label: str) -> str:
    return NODE_BY_LABEL[label].root.replace("_", " ")


def _plural(label: str) -> str:
    return _spoken(label) + "s"
