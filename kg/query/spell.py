"""From tree to text, the one form that the formatter gives; `form` has the JSON spelling."""

from __future__ import annotations

from kg.query.form import from_json, to_json
from kg.query.tree import (
    AsOf,
    Between,
    Combined,
    Condition,
    Count,
    Name,
    Root,
    Sample,
    Slot,
    Step,
    Top,
    Tree,
    Value,
)
from kg.query.words import RESERVED, is_word, quoted

__all__ = ["RESERVED", "from_json", "quoted", "to_json", "to_text"]


def to_text(tree: Tree) -> str:
    """Return the question as text, in the one form the formatter gives."""
    if isinstance(tree, AsOf):
        return f"{to_text(tree.question)} as of {_name(tree.change_set)}"
    if isinstance(tree, Combined):
        right = to_text(tree.right)
        if isinstance(tree.right, Combined):
            right = f"({right})"
        return f"{to_text(tree.left)} {tree.operator} {right}"
    match tree.source:
        case Combined():
            start = f"({to_text(tree.source)})"
        case Between():
            start = _between(tree.source)
        case Root():
            start = _root(tree.source)
    return " | ".join((start, *(_step(step) for step in tree.steps)))


def _root(root: Root) -> str:
    return f"{root.kind} {', '.join(_name(name) for name in root.names)}"


def _between(between: Between) -> str:
    text = f"between {_root(between.start)} and {_root(between.end)} up to {_count(between.up_to)}"
    return f"{text} via {', '.join(between.via)}" if between.via else text


def _step(step: Step) -> str:
    words = [step.role]
    if step.via:
        words.append(f"via {step.via}")
    if (step.low, step.high) != (1, 1):
        words.append(f"{_count(step.low)}..{_count(step.high)}")
    if step.where:
        words.append("where " + " and ".join(_condition(condition) for condition in step.where))
    if step.without:
        words.append("without " + ", ".join(step.without))
    if step.shared is not None:
        words.append(f"shared >= {_count(step.shared)}")
    match step.pick:
        case Top(count, by):
            words.append(f"top {_count(count)}" + (f" by {by}" if by else ""))
        case Sample(count, seed, by, temperature):
            heat = "" if temperature is None else f" temperature {_value(temperature)}"
            words.append(f"sample {_count(count)}" + (f" by {by}" if by else "") + f"{heat} seed {_count(seed)}")
        case None:
            pass
    if step.label:
        words.append(f"as {step.label}")
    return " ".join(words)


def _condition(condition: Condition) -> str:
    word = "not " if condition.negated else ""
    if isinstance(condition.value, tuple):
        return f"{word}{condition.name} in ({', '.join(_value(value) for value in condition.value)})"
    return f"{word}{condition.name} {condition.comparison} {_value(condition.value)}"


def _name(name: Name) -> str:
    return f"${name.name}" if isinstance(name, Slot) else quoted(name)


def _count(count: Count) -> str:
    return f"${count.name}" if isinstance(count, Slot) else str(count)


def _value(value: Value) -> str:
    if isinstance(value, Slot):
        return f"${value.name}"
    if isinstance(value, str):
        return value if is_word(value) else quoted(value)
    if isinstance(value, int):
        return str(value)
    # The language has no exponents, so a number is written out in full.
    text = f"{value:.12f}".rstrip("0")
    return text + "0" if text.endswith(".") else text
