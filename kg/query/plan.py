"""What a question means in this graph: every word looked up in the schema, every limit checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, LiteralString

from rapidfuzz import process

from kg.errors import QueryError, QueryTooLarge, UnknownWord
from kg.query.limits import (
    MAX_CONDITIONS,
    MAX_ENDS,
    MAX_HOPS,
    MAX_LABEL,
    MAX_NAMES,
    MAX_PARTS,
    MAX_ROWS,
    MAX_TEXT,
    MAX_WITHOUT,
    TEMPERATURES,
)
from kg.query.parts import CYPHER_COMPARISONS, Draw, Join, Key, Part, Plan, Start, Stride, Test, Ways
from kg.query.tree import (
    AsOf,
    Between,
    Combined,
    Condition,
    Expression,
    Path,
    Root,
    Sample,
    Scalar,
    Slot,
    Step,
    Top,
    Tree,
    Value,
)
from kg.schema import (
    EDGE_BY_TYPE,
    EDGE_KINDS,
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


def plan(tree: Tree, text: str | None = None) -> Plan:
    """Return what the question means. `text` is what was typed, for the place in an error.

    Raises UnknownWord with the nearest word, or QueryTooLarge.
    """
    return _Planner(text).planned(tree)


class _Planner:
    def __init__(self, text: str | None) -> None:
        self._text = text
        self._parts: list[Part] = []
        self._labels: list[LiteralString] = []
        self._names: set[str] = set()
        self._conditions = 0

    def planned(self, tree: Tree) -> Plan:
        as_of: str | None = None
        if isinstance(tree, AsOf):
            as_of, tree = self._name(tree.change_set, tree.at), tree.question
        self._tree(tree)
        return Plan(tuple(self._parts), tuple(self._labels), as_of)

    def _add(self, part: Part, label: LiteralString, at: int) -> int:
        if len(self._parts) >= MAX_PARTS:
            raise self._too_large("the question has too many parts", at, f"At most {MAX_PARTS}.")
        self._parts.append(part)
        self._labels.append(label)
        return len(self._parts) - 1

    def _tree(self, tree: Expression) -> tuple[int, int]:
        """Plan a tree; return the number of its last part and the strides walked to it."""
        if isinstance(tree, Path):
            number, hops = self._source(tree.source)
            for step in tree.steps:
                hops += self._whole(step.high)
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

    def _source(self, source: Root | Between | Combined) -> tuple[int, int]:
        match source:
            case Combined():
                return self._tree(source)
            case Root():
                start = self._root(source)
                return self._add(start, start.label, source.at), 0
            case Between():
                return self._between(source)

    def _between(self, between: Between) -> tuple[int, int]:
        start, end = self._root(between.start), self._root(between.end)
        up_to = self._whole(between.up_to)
        if max(len(start.names), len(end.names)) > MAX_ENDS:
            raise self._too_large("too many names to look for ways between", between.at, f"At most {MAX_ENDS} a side.")
        if not 1 <= up_to <= MAX_HOPS:
            raise self._too_large(f"up to {up_to} makes no sense", between.at, f"Between 1 and {MAX_HOPS}.")
        kinds: list[LiteralString] = []
        for word in between.via:
            kind = EDGE_BY_TYPE.get(word)
            if kind is None:
                raise self._unknown(f"There is no kind of edge {word}", word, EDGE_BY_TYPE, between.at)
            kinds.append(kind.type)
        every: list[LiteralString] = [kind.type for kind in EDGE_KINDS]
        edges: tuple[LiteralString, ...] = tuple(dict.fromkeys(kinds or every))
        ways = Ways(start, end, edges, up_to, between.at)
        return self._add(ways, end.label, between.at), up_to

    def _root(self, root: Root) -> Start:
        kind = NODE_BY_ROOT.get(root.kind)
        if kind is None:
            raise self._unknown(f"A question cannot start with {root.kind}", root.kind, NODE_BY_ROOT, root.at)
        if len(root.names) > MAX_NAMES:
            raise self._too_large("too many names at one start", root.at, f"At most {MAX_NAMES}.")
        places = root.names_at or (root.at,) * len(root.names)
        names = tuple(self._name(name, at) for name, at in zip(root.names, places, strict=True))
        return Start(kind.label, names, root.at)

    def _name(self, name: str | Slot, at: int) -> str:
        if isinstance(name, Slot):
            raise self._unbound(name)
        if not name.strip():
            raise UnknownWord(
                "This name is empty", text=self._text, at=at if at >= 0 else None, hint="Write an id, a code or a name."
            )
        return name

    def _whole(self, count: int | Slot) -> int:
        if isinstance(count, Slot):
            raise self._unbound(count)
        return count

    def _unbound(self, slot: Slot) -> QueryError:
        return UnknownWord(
            f"Nothing was given for ${slot.name}",
            text=self._text,
            at=slot.at if slot.at >= 0 else None,
            hint=f"Give it a value: --set {slot.name}=…",
        )

    def _step(self, source: int, step: Step) -> int:
        start = self._labels[source]
        roles = self._roles(start, step)
        edge = EDGE_BY_TYPE[roles[0].edge]
        if step.via is not None and step.via != edge.type:
            raise self._unknown(f"{step.role} does not go via {step.via}", step.via, [edge.type], step.at)
        shared = 1 if step.shared is None else self._whole(step.shared)
        if not 1 <= shared <= MAX_ROWS:
            raise self._too_large(f"shared >= {shared} makes no sense", step.at, f"Between 1 and {MAX_ROWS}.")
        end = NODE_BY_LABEL[roles[-1].end]
        tests = tuple(self._test(condition, edge, end) for condition in step.where)
        limit, key, draw = self._pick(step, edge, end)
        if step.label is not None:
            self._take_label(step)
        stride = Stride(
            source=source,
            roles=roles,
            low=self._whole(step.low),
            tests=tests,
            without=self._without(end.label, step),
            shared=shared,
            key=key,
            draw=draw,
            limit=limit,
            asked_limit=step.pick is not None,
            label=step.label,
            role=step.role,
            at=step.at,
        )
        return self._add(stride, end.label, step.at)

    def _roles(self, start: str, step: Step) -> tuple[Role, ...]:
        low, high = self._whole(step.low), self._whole(step.high)
        if not 1 <= low <= high:
            raise self._too_large(f"{low}..{high} makes no sense", step.at, "Write it as 1..3, smaller first.")
        if high > MAX_HOPS:
            raise self._too_large("the path is too long", step.at, f"At most {MAX_HOPS} hops, repeats counted.")
        roles: list[Role] = []
        here = start
        for _ in range(high):
            role = self._role(here, step.role, step.at)
            roles.append(role)
            here = role.end
        # Every level from `low` on is part of one answer, so they must hold one kind of thing.
        if len({role.end for role in roles[low - 1 :]}) > 1:
            raise self._unknown(f"{step.role} cannot be repeated", step.role, [], step.at)
        return tuple(roles)

    def _role(self, label: str, name: str, at: int) -> Role:
        role = ROLE_BY_NAME.get((label, name))
        if role is None:
            known = [other.name for other in roles_of(label)]
            raise self._unknown(f"A {_spoken(label)} has no step {name}", name, known, at)
        return role

    def _without(self, label: str, step: Step) -> tuple[Role, ...]:
        if len(step.without) > MAX_WITHOUT:
            raise self._too_large("too many steps to do without", step.at, f"At most {MAX_WITHOUT}.")
        return tuple(self._role(label, name, step.at) for name in dict.fromkeys(step.without))

    def _test(self, condition: Condition, edge: EdgeKind, end: NodeKind) -> Test:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise self._too_large("too many conditions", condition.at, f"At most {MAX_CONDITIONS}.")
        comparison = CYPHER_COMPARISONS[condition.comparison]
        value = self._values(condition)
        values = value if isinstance(value, tuple) else (value,)
        negated = condition.negated
        if any(isinstance(value, str) and len(value) > MAX_TEXT for value in values):
            raise self._too_large("a value is too long", condition.at, f"At most {MAX_TEXT} characters.")
        if condition.name == "source":
            self._must_be(condition, ("=",))
            return Test("source", "sources", comparison, value, negated)
        if condition.name == "language":
            self._must_be(condition, ("=",))
            for language in LANGUAGES:
                if language == value:
                    return Test("language", language, comparison, value, negated)
            word = str(value)
            raise self._unknown(f"There is no language {word}", word, LANGUAGES, condition.at)
        side, known = _holder(condition.name, edge, end)
        if known is not None:
            self._check_values(condition, known, values)
            return Test(side, known.name, comparison, value, negated)
        names = [known.name for known in (*edge.properties, *end.properties)]
        raise self._unknown(
            f"Neither {edge.type} nor {end.label} has {condition.name}",
            condition.name,
            [*names, "source", "language"],
            condition.at,
        )

    def _values(self, condition: Condition) -> Scalar | tuple[Scalar, ...]:
        if isinstance(condition.value, tuple):
            return tuple(self._scalar(value) for value in condition.value)
        return self._scalar(condition.value)

    def _scalar(self, value: Value) -> Scalar:
        if isinstance(value, Slot):
            raise self._unbound(value)
        return value

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
        count = self._whole(pick.count)
        if not 1 <= count <= MAX_ROWS:
            raise self._too_large(f"{count} cannot be kept", pick.at, f"Between 1 and {MAX_ROWS}.")
        key = self._key(pick, edge, end)
        if isinstance(pick, Top):
            return count, key, None
        if key.side == "name":
            raise self._unknown("A draw needs a number", "name", ["weight"], pick.at)
        seed = self._whole(pick.seed)
        if not -(2**63) <= seed < 2**63:
            raise self._too_large("the seed is too large", pick.at, "It must fit in 64 bits.")
        heat = 1.0 if pick.temperature is None else pick.temperature
        if isinstance(heat, Slot):
            raise self._unbound(heat)
        coldest, hottest = TEMPERATURES
        if not coldest <= heat <= hottest:
            hint = f"Between {coldest:g} and {hottest:g}; 1 draws by the weights as they are."
            raise self._too_large(f"temperature {heat:g} makes no sense", pick.at, hint)
        return count, key, Draw(seed, heat)

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
