"""Puts values where a question has slots (`$code`); a slot without a value, or a value without a slot, is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from kg.errors import QueryError, UnknownWord
from kg.query.tree import (
    AsOf,
    Between,
    Combined,
    Condition,
    Count,
    Expression,
    Name,
    Path,
    Root,
    Sample,
    Slot,
    Step,
    Tree,
    Value,
)

Place = Literal["name", "value", "number"]


def bind(tree: Tree, values: Mapping[str, Any], text: str | None = None) -> Tree:
    """Return the question with each slot replaced by its value.

    A slot that stands for a name takes text or a list of texts, one in a condition takes text or a number (inside
    `in (…)` also a list), any other a number. Raises UnknownWord with the place.
    """
    binder = _Binder(values, text)
    bound = binder.tree(tree)
    unused = sorted(set(values) - binder.used)
    if unused:
        raise UnknownWord(
            f"The question has no slot ${unused[0]}",
            hint=f"Leave the value out, or write ${unused[0]} where it belongs.",
        )
    return bound


def slots(tree: Tree) -> dict[str, Place]:
    """Return the slots of a question in the order they stand in, each with what it stands for."""
    found: dict[str, Place] = {}
    for slot, place in _slots(tree):
        found.setdefault(slot.name, place)
    return found


def _slots(tree: Tree) -> Iterator[tuple[Slot, Place]]:
    match tree:
        case AsOf(question, change_set):
            yield from _slots(question)
            yield from _only((change_set,), "name")
        case Combined(_, left, right):
            yield from _slots(left)
            yield from _slots(right)
        case Path(source, steps):
            match source:
                case Combined():
                    yield from _slots(source)
                case Between(start, end, up_to):
                    yield from _only((*start.names, *end.names), "name")
                    yield from _only((up_to,), "number")
                case Root():
                    yield from _only(source.names, "name")
            for step in steps:
                yield from _step_slots(step)


def _step_slots(step: Step) -> Iterator[tuple[Slot, Place]]:
    yield from _only((step.low, step.high), "number")
    for condition in step.where:
        yield from _only(condition.value if isinstance(condition.value, tuple) else (condition.value,), "value")
    yield from _only((step.shared,), "number")
    match step.pick:
        case Sample(count, seed, _, temperature):
            yield from _only((count, temperature, seed), "number")
        case None:
            pass
        case top:
            yield from _only((top.count,), "number")


def _only(values: Sequence[Value | None], place: Place) -> Iterator[tuple[Slot, Place]]:
    return ((value, place) for value in values if isinstance(value, Slot))


class _Binder:
    def __init__(self, values: Mapping[str, Any], text: str | None) -> None:
        self._values = values
        self._text = text
        self.used: set[str] = set()

    def tree(self, tree: Tree) -> Tree:
        if isinstance(tree, AsOf):
            return replace(tree, question=self._expression(tree.question), change_set=self._name(tree.change_set))
        return self._expression(tree)

    def _expression(self, tree: Expression) -> Expression:
        if isinstance(tree, Combined):
            return replace(tree, left=self._expression(tree.left), right=self._expression(tree.right))
        match tree.source:
            case Combined():
                inner = self._expression(tree.source)
                assert isinstance(inner, Combined)
                source: Root | Between | Combined = inner
            case Between(start, end, up_to):
                source = replace(tree.source, start=self._root(start), end=self._root(end), up_to=self._whole(up_to))
            case Root():
                source = self._root(tree.source)
        return Path(source, tuple(self._step(step) for step in tree.steps))

    def _root(self, root: Root) -> Root:
        names: list[Name] = []
        places: list[int] = []
        for name, at in zip(root.names, root.names_at or (-1,) * len(root.names), strict=True):
            given = self._names(name)
            names += given
            places += [at] * len(given)
        return replace(root, names=tuple(names), names_at=tuple(places) if root.names_at else ())

    def _step(self, step: Step) -> Step:
        pick = step.pick
        if isinstance(pick, Sample):
            heat = None if pick.temperature is None else self._number(pick.temperature)
            pick = replace(
                pick,
                count=self._whole(pick.count),
                seed=self._whole(pick.seed),
                temperature=None if heat == 1 else heat,
            )
        elif pick is not None:
            pick = replace(pick, count=self._whole(pick.count))
        return replace(
            step,
            low=self._whole(step.low),
            high=self._whole(step.high),
            where=tuple(self._condition(condition) for condition in step.where),
            shared=None if step.shared is None else self._whole(step.shared),
            pick=pick,
        )

    def _condition(self, condition: Condition) -> Condition:
        if not isinstance(condition.value, tuple):
            return replace(condition, value=self._value(condition.value))
        values: list[Value] = []
        for value in condition.value:
            given = self._given(value) if isinstance(value, Slot) else None
            values += (
                (self._scalar(value, one) for one in given) if isinstance(given, list | tuple) else [self._value(value)]
            )
        return replace(condition, value=tuple(values))

    def _given(self, slot: Slot) -> Any:
        self.used.add(slot.name)
        if slot.name not in self._values:
            raise self._refused(slot, f"Nothing was given for ${slot.name}", f"Give it a value: --set {slot.name}=…")
        return self._values[slot.name]

    def _names(self, name: Name) -> list[str]:
        if not isinstance(name, Slot):
            return [name]
        given = self._given(name)
        listed = list(given) if isinstance(given, list | tuple) else [given]
        if not listed or not all(isinstance(one, str) for one in listed):
            raise self._refused(name, f"${name.name} stands for a name, and was given {given!r}", "Give text.")
        return listed

    def _name(self, name: Name) -> str:
        names = self._names(name)
        if len(names) > 1 and isinstance(name, Slot):
            raise self._refused(name, f"${name.name} stands for one name, and was given {len(names)}", "Give one.")
        return names[0]

    def _value(self, value: Value) -> Value:
        return self._scalar(value, self._given(value)) if isinstance(value, Slot) else value

    def _scalar(self, slot: Value, given: Any) -> Value:
        assert isinstance(slot, Slot)
        if isinstance(given, bool) or not isinstance(given, str | int | float):
            hint = "Give text or a number."
            raise self._refused(slot, f"${slot.name} stands for a value, and was given {given!r}", hint)
        return given

    def _whole(self, count: Count) -> int:
        if not isinstance(count, Slot):
            return count
        given = self._given(count)
        if isinstance(given, bool) or not isinstance(given, int):
            hint = "Give a whole number."
            raise self._refused(count, f"${count.name} stands for a whole number, and was given {given!r}", hint)
        return given

    def _number(self, number: float | Slot) -> float:
        if not isinstance(number, Slot):
            return number
        given = self._given(number)
        if isinstance(given, bool) or not isinstance(given, int | float):
            hint = "Give a number."
            raise self._refused(number, f"${number.name} stands for a number, and was given {given!r}", hint)
        return float(given)

    def _refused(self, slot: Slot, message: str, hint: str) -> QueryError:
        return UnknownWord(message, text=self._text, at=slot.at if slot.at >= 0 else None, hint=hint)
