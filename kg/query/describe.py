"""A plan in words, part by part, for people who want to know what a question does."""

from __future__ import annotations

from kg.query.parts import Join, Plan, Start, Stride, Ways

_JOINED = {"&": "what is in both", "+": "what is in either", "-": "what is in the first alone"}


def described(plan: Plan, number: int) -> str:
    """Return one line for the part of that number."""
    match plan.parts[number]:
        case Start() as part:
            return _start(part)
        case Ways() as part:
            kinds = f" via {', '.join(part.edges)}" if len(part.edges) < 4 else ""
            ends = f"{_start(part.start)} and {_start(part.end)}"
            return f"shortest ways between {ends}, at most {part.up_to} edges{kinds}"
        case Join(operator, left, right):
            return f"{_JOINED[operator]}: part {left}, part {right}"
        case Stride() as part:
            return _stride(part)


def _start(part: Start) -> str:
    return f"{part.label} {', '.join(part.names)}"


def _stride(part: Stride) -> str:
    times = f" {part.low} to {len(part.roles)} times" if len(part.roles) > 1 else ""
    words = [f"from part {part.source} by {part.role}{times} along {part.edge.type} to {part.end}"]
    if part.tests:
        words.append(f"{len(part.tests)} conditions" if len(part.tests) > 1 else "1 condition")
    words += [f"without {role.name}" for role in part.without]
    if part.shared > 1:
        words.append(f"reached from at least {part.shared}")
    heat = f" at temperature {part.draw.temperature:g}" if part.draw and part.draw.temperature != 1 else ""
    verb = f"{part.limit} drawn{heat}" if part.draw else f"the first {part.limit:,}"
    words.append(f"{verb} by {part.key.name}")
    return "; ".join(words)
