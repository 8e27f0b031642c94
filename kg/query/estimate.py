"""What a question would read, estimated from the graph's degrees before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.degrees import Degrees
from kg.errors import QuestionTooCostly
from kg.query.limits import MAX_PASSED, MAX_WAYS
from kg.query.parts import Join, Plan, Start, Stride, Ways
from kg.schema import ROLES


@dataclass(frozen=True, slots=True)
class Estimate:
    """For one part: about how many edges it reads, and how many nodes it keeps at most."""

    edges: float
    rows: float


def estimate(plan: Plan, degrees: Degrees, known: Mapping[tuple[str, str], int] | None = None) -> tuple[Estimate, ...]:
    """Return an estimate for each part.

    `known` has the real degree of each (kind, name) that a start names; without it the largest degree there is counts.
    A step reads each edge of its kind at most once, since the nodes before it differ. Conditions are not counted on.
    """
    found: list[Estimate] = []
    for part in plan.parts:
        match part:
            case Start():
                found.append(Estimate(0, len(part.names)))
            case Ways():
                found.append(_ways(part, degrees))
            case Join(operator, left, right):
                both = (found[left].rows, found[right].rows)
                found.append(Estimate(0, {"&": min(both), "+": sum(both), "-": both[0]}[operator]))
            case Stride():
                source = plan.parts[part.source]
                found.append(_stride(part, source if isinstance(source, Start) else None, found, degrees, known))
    return tuple(found)


def _stride(
    part: Stride,
    start: Start | None,
    found: list[Estimate],
    degrees: Degrees,
    known: Mapping[tuple[str, str], int] | None,
) -> Estimate:
    total = reached = 0.0
    rows = found[part.source].rows
    for level, role in enumerate(part.roles, start=1):
        degree = degrees.of(role)
        if level > 1 or start is None:
            read = rows * degree.met
        elif known is None:
            read = rows * degree.most
        else:
            read = sum(min(known[(start.label, name)], degree.most) for name in start.names)
        read = min(read, degree.edges)
        total += read
        rows = min(read, degrees.nodes.get(role.end, 0), MAX_PASSED)
        if level >= part.low:
            reached += rows
    return Estimate(total, min(reached, part.limit))


def _ways(part: Ways, degrees: Degrees) -> Estimate:
    """Return the estimate of a search from both ends, each half as deep as the longest way."""
    pairs = len(part.start.names) * len(part.end.names)
    roles = [degrees.of(role) for role in ROLES if role.edge in part.edges]
    every = float(sum(degree.edges for degree in roles))
    # Over a mixed graph the mean degree met is that of the kinds by their share of the edges.
    met = sum(degree.met * degree.edges for degree in roles) / every if every else 0.0
    one_side = sum(met**depth for depth in range(1, (part.up_to + 1) // 2 + 1))
    return Estimate(pairs * min(2 * one_side, every), min(len(part.end.names), MAX_WAYS))


def needs_degrees(plan: Plan) -> bool:
    """Say whether a plan can read much at all: one stride from a few names is bounded by the limits alone."""
    strides = sum(len(part.roles) for part in plan.parts if isinstance(part, Stride))
    names = sum(len(start.names) for start in plan.starts())
    return strides > 1 or names > 8 or any(isinstance(part, Ways) for part in plan.parts)


def too_costly(plan: Plan, estimates: tuple[Estimate, ...], most: int, text: str | None) -> QuestionTooCostly | None:
    """Return the error of a question that would read more than `most` edges, with the step that explodes, or None."""
    total = sum(item.edges for item in estimates)
    if total <= most:
        return None
    worst = max(range(len(estimates)), key=lambda number: estimates[number].edges)
    part = plan.parts[worst]
    step = f"the step {part.role}" if isinstance(part, Stride) else "the search for ways"
    at = part.at if isinstance(part, Stride | Ways) and part.at >= 0 else None
    return QuestionTooCostly(
        f"the question would read about {_rounded(total)} edges, and {step} alone {_rounded(estimates[worst].edges)};"
        f" {most:,} are allowed",
        text=text,
        at=at,
        hint="Keep less before that step (`top n`), repeat it less often, or raise MKG_QUESTION_COST.",
    )


def _rounded(number: float) -> str:
    """Return a number with two digits that count: an estimate has no more."""
    digits = len(str(int(number)))
    return f"{round(number, 2 - digits):,.0f}" if digits > 2 else f"{number:.0f}"
