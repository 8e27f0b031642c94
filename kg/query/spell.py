"""From tree to text and to JSON and back: the spellings of one question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kg.errors import QuerySyntaxError
from kg.query.tree import COMPARISONS, SET_OPERATORS, Combined, Condition, Path, Root, Sample, Scalar, Step, Top, Tree

_WORD = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
# Words of the language itself; as a value they are quoted, so that they are not taken for the next clause.
RESERVED: Final = frozenset({"via", "where", "and", "in", "shared", "top", "by", "sample", "seed", "as"})


def quoted(text: str) -> str:
    """Return `text` as a name of the language, safe to stand in a question."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def to_text(tree: Tree) -> str:
    """Return the question as text, in the one form the formatter gives."""
    if isinstance(tree, Combined):
        right = to_text(tree.right)
        if isinstance(tree.right, Combined):
            right = f"({right})"
        return f"{to_text(tree.left)} {tree.operator} {right}"
    source = tree.source
    start = f"({to_text(source)})" if isinstance(source, Combined) else _root(source)
    return " | ".join((start, *(_step(step) for step in tree.steps)))


def _root(root: Root) -> str:
    return f"{root.kind} {', '.join(quoted(name) for name in root.names)}"


def _step(step: Step) -> str:
    words = [step.role]
    if step.via:
        words.append(f"via {step.via}")
    if (step.low, step.high) != (1, 1):
        words.append(f"{step.low}..{step.high}")
    if step.where:
        words.append("where " + " and ".join(_condition(condition) for condition in step.where))
    if step.shared is not None:
        words.append(f"shared >= {step.shared}")
    match step.pick:
        case Top(count, by):
            words.append(f"top {count}" + (f" by {by}" if by else ""))
        case Sample(count, seed, by):
            words.append(f"sample {count}" + (f" by {by}" if by else "") + f" seed {seed}")
        case None:
            pass
    if step.label:
        words.append(f"as {step.label}")
    return " ".join(words)


def _condition(condition: Condition) -> str:
    if isinstance(condition.value, tuple):
        return f"{condition.name} in ({', '.join(_scalar(value) for value in condition.value)})"
    return f"{condition.name} {condition.comparison} {_scalar(condition.value)}"


def _scalar(value: Scalar) -> str:
    if isinstance(value, str):
        return value if _WORD.match(value) and value not in RESERVED else quoted(value)
    if isinstance(value, int):
        return str(value)
    # The language has no exponents, so a number is written out in full.
    text = f"{value:.12f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def to_json(tree: Tree) -> dict[str, Any]:
    """Return the question as plain JSON."""
    if isinstance(tree, Combined):
        return {"operator": tree.operator, "left": to_json(tree.left), "right": to_json(tree.right)}
    source = tree.source
    start = to_json(source) if isinstance(source, Combined) else {"kind": source.kind, "names": list(source.names)}
    return {"from": start, "steps": [_step_json(step) for step in tree.steps]}


def _step_json(step: Step) -> dict[str, Any]:
    out: dict[str, Any] = {"role": step.role}
    if step.via:
        out["via"] = step.via
    if (step.low, step.high) != (1, 1):
        out["repeat"] = [step.low, step.high]
    if step.where:
        out["where"] = [
            [item.name, item.comparison, list(item.value) if isinstance(item.value, tuple) else item.value]
            for item in step.where
        ]
    if step.shared is not None:
        out["shared"] = step.shared
    match step.pick:
        case Top(count, by):
            out["top"] = {"count": count} | ({"by": by} if by else {})
        case Sample(count, seed, by):
            out["sample"] = {"count": count, "seed": seed} | ({"by": by} if by else {})
        case None:
            pass
    if step.label:
        out["as"] = step.label
    return out


def from_json(form: Any) -> Tree:
    """Return the tree of a question in JSON; raise QuerySyntaxError naming the part that does not fit."""
    try:
        return _tree_of(form, depth=0)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise QuerySyntaxError(
            f"this is not a question in JSON: {error!s}", hint="docs/query-language.md shows the JSON form."
        ) from error


def _tree_of(form: Any, depth: int) -> Tree:
    if depth > 32:
        raise ValueError("it is nested more than 32 deep")
    form = _mapping(form)
    if "operator" in form:
        if form["operator"] not in SET_OPERATORS:
            raise ValueError(f"operator {form['operator']!r}")
        return Combined(form["operator"], _tree_of(form["left"], depth + 1), _tree_of(form["right"], depth + 1))
    start = _mapping(form["from"])
    steps = tuple(_step_of(step) for step in form.get("steps", ()))
    if "kind" in start:
        names = tuple(_text(name) for name in start["names"])
        if not names:
            raise ValueError("a start without names")
        return Path(Root(_word(start["kind"]), names), steps)
    inner = _tree_of(start, depth + 1)
    if isinstance(inner, Path):
        return Path(inner.source, inner.steps + steps)
    return Path(inner, steps) if steps else inner


def _step_of(form: Any) -> Step:
    form = _mapping(form)
    low, high = form.get("repeat", (1, 1))
    pick: Top | Sample | None = None
    if "top" in form:
        pick = Top(_whole(form["top"]["count"]), _optional_word(form["top"].get("by")))
    elif "sample" in form:
        part = form["sample"]
        pick = Sample(_whole(part["count"]), _whole(part["seed"]), _optional_word(part.get("by")))
    shared = form.get("shared")
    return Step(
        _word(form["role"]),
        via=_optional_word(form.get("via")),
        low=_whole(low),
        high=_whole(high),
        where=tuple(_condition_of(item) for item in form.get("where", ())),
        shared=None if shared is None else _whole(shared),
        pick=pick,
        label=_optional_word(form.get("as")),
    )


def _condition_of(form: Any) -> Condition:
    name, comparison, value = form
    if comparison not in COMPARISONS:
        raise ValueError(f"comparison {comparison!r}")
    values = tuple(_scalar_of(item) for item in value) if comparison == "in" else _scalar_of(value)
    return Condition(_word(name), comparison, values)


def _mapping(form: Any) -> Mapping[str, Any]:
    if not isinstance(form, Mapping):
        raise TypeError(f"{form!r} is no object")
    return form


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str) or not _WORD.match(value) or value in RESERVED:
        raise ValueError(f"{value!r} is no word of the language")
    return value


def _optional_word(value: Any) -> str | None:
    return None if value is None else _word(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _scalar_of(value: Any) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} is no value")
    return value
