"""The JSON spelling of a question, and back; a slot is `{"slot": "name"}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from kg.errors import QuerySyntaxError
from kg.query.tree import (
    COMPARISONS,
    SET_OPERATORS,
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
    Top,
    Tree,
    Value,
)
from kg.query.words import is_word

T = TypeVar("T")


def to_json(tree: Tree) -> dict[str, Any]:
    """Return the question as plain JSON."""
    if isinstance(tree, AsOf):
        return {**to_json(tree.question), "as_of": _plain(tree.change_set)}
    if isinstance(tree, Combined):
        return {"operator": tree.operator, "left": to_json(tree.left), "right": to_json(tree.right)}
    match tree.source:
        case Combined():
            start = to_json(tree.source)
        case Between():
            start = _between_json(tree.source)
        case Root():
            start = _root_json(tree.source)
    return {"from": start, "steps": [_step_json(step) for step in tree.steps]}


def _root_json(root: Root) -> dict[str, Any]:
    return {"kind": root.kind, "names": [_plain(name) for name in root.names]}


def _between_json(between: Between) -> dict[str, Any]:
    ends = [_root_json(between.start), _root_json(between.end)]
    out: dict[str, Any] = {"between": ends, "up_to": _plain(between.up_to)}
    return out | ({"via": list(between.via)} if between.via else {})


def _step_json(step: Step) -> dict[str, Any]:
    out: dict[str, Any] = {"role": step.role}
    if step.via:
        out["via"] = step.via
    if (step.low, step.high) != (1, 1):
        out["repeat"] = [_plain(step.low), _plain(step.high)]
    if step.where:
        out["where"] = [_condition_json(item) for item in step.where]
    if step.without:
        out["without"] = list(step.without)
    if step.shared is not None:
        out["shared"] = _plain(step.shared)
    match step.pick:
        case Top(count, by):
            out["top"] = {"count": _plain(count)} | ({"by": by} if by else {})
        case Sample(count, seed, by, temperature):
            heat = {} if temperature is None else {"temperature": _plain(temperature)}
            out["sample"] = {"count": _plain(count), "seed": _plain(seed)} | ({"by": by} if by else {}) | heat
        case None:
            pass
    if step.label:
        out["as"] = step.label
    return out


def _condition_json(item: Condition) -> list[Any]:
    value = [_plain(one) for one in item.value] if isinstance(item.value, tuple) else _plain(item.value)
    return [*(["not"] if item.negated else []), item.name, item.comparison, value]


def _plain(value: Value) -> Any:
    return {"slot": value.name} if isinstance(value, Slot) else value


def from_json(form: Any) -> Tree:
    """Return the tree of a question in JSON; raise QuerySyntaxError naming the part that does not fit."""
    try:
        tree = _tree_of(form, depth=0)
        return AsOf(tree, _name(form["as_of"])) if "as_of" in form else tree
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise QuerySyntaxError(
            f"this is not a question in JSON: {error!s}", hint="docs/query-language.md shows the JSON form."
        ) from error


def _tree_of(form: Any, depth: int) -> Expression:
    if depth > 32:
        raise ValueError("it is nested more than 32 deep")
    form = _mapping(form)
    if depth and "as_of" in form:
        raise ValueError("as_of belongs to the whole question")
    if "operator" in form:
        if form["operator"] not in SET_OPERATORS:
            raise ValueError(f"operator {form['operator']!r}")
        return Combined(form["operator"], _tree_of(form["left"], depth + 1), _tree_of(form["right"], depth + 1))
    start = _mapping(form["from"])
    steps = _all(form.get("steps", ()), _step_of)
    if "kind" in start:
        return Path(_root_of(start), steps)
    if "between" in start:
        first, second = start["between"]
        via = _all(start.get("via", ()), _word)
        return Path(Between(_root_of(first), _root_of(second), _count(start["up_to"]), via), steps)
    inner = _tree_of(start, depth + 1)
    if isinstance(inner, Path):
        return Path(inner.source, inner.steps + steps)
    return Path(inner, steps) if steps else inner


def _root_of(form: Any) -> Root:
    form = _mapping(form)
    names = _all(form["names"], _name)
    if not names:
        raise ValueError("a start without names")
    return Root(_word(form["kind"]), names)


def _step_of(form: Any) -> Step:
    form = _mapping(form)
    low, high = form.get("repeat", (1, 1))
    shared = form.get("shared")
    return Step(
        _word(form["role"]),
        via=_optional(form.get("via"), _word),
        low=_count(low),
        high=_count(high),
        where=_all(form.get("where", ()), _condition_of),
        without=_all(form.get("without", ()), _word),
        shared=_optional(shared, _count),
        pick=_pick_of(form),
        label=_optional(form.get("as"), _word),
    )


def _pick_of(form: Mapping[str, Any]) -> Top | Sample | None:
    if "top" in form:
        part = _mapping(form["top"])
        return Top(_count(part["count"]), _optional(part.get("by"), _word))
    if "sample" not in form:
        return None
    part = _mapping(form["sample"])
    heat = _optional(part.get("temperature"), _number)
    by = _optional(part.get("by"), _word)
    return Sample(_count(part["count"]), _count(part["seed"]), by, None if heat == 1 else heat)


def _condition_of(form: Any) -> Condition:
    negated = len(form) == 4
    if negated and form[0] != "not":
        raise ValueError(f"condition {form!r}")
    name, comparison, value = form[1:] if negated else form
    if comparison not in COMPARISONS:
        raise ValueError(f"comparison {comparison!r}")
    values = _all(value, _value) if comparison == "in" else _value(value)
    if values == ():
        raise ValueError("a list without values")
    return Condition(_word(name), comparison, values, negated)


def _mapping(form: Any) -> Mapping[str, Any]:
    if not isinstance(form, Mapping):
        raise TypeError(f"{form!r} is no object")
    return form


def _all(form: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    if not isinstance(form, Sequence) or isinstance(form, str):
        raise TypeError(f"{form!r} is no list")
    return tuple(read(item) for item in form)


def _optional(form: Any, read: Callable[[Any], T]) -> T | None:
    return None if form is None else read(form)


def _word(value: Any) -> str:
    if not isinstance(value, str) or not is_word(value):
        raise ValueError(f"{value!r} is no word of the language")
    return value


def _name(value: Any) -> Name:
    if not isinstance(value, str | Mapping):
        raise TypeError(f"{value!r} is no text")
    return value if isinstance(value, str) else Slot(_word(value["slot"]))


def _count(value: Any) -> Count:
    if isinstance(value, bool) or not isinstance(value, int | Mapping):
        raise TypeError(f"{value!r} is no whole number")
    return value if isinstance(value, int) else Slot(_word(value["slot"]))


def _number(value: Any) -> float | Slot:
    if isinstance(value, bool) or not isinstance(value, int | float | Mapping):
        raise TypeError(f"{value!r} is no number")
    return float(value) if isinstance(value, int | float) else Slot(_word(value["slot"]))


def _value(value: Any) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Mapping):
        raise TypeError(f"{value!r} is no value")
    return value if isinstance(value, str | int | float) else Slot(_word(value["slot"]))
