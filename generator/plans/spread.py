"""Spreads a budget over codes: weights by mode, whole numbers by largest remainder, exactly the budget in the end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from generator.errors import PlanImpossible
from generator.plans.table import FIXED, MINIMUM, NO_NOTES, Counted, Entry

Mode = Literal["medsyn", "proportional", "uniform", "long-tail"]
MODES: Final[tuple[Mode, ...]] = ("medsyn", "proportional", "uniform", "long-tail")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a code: real notes (None: nobody counted), symptoms of its sub-codes on average, prior."""

    notes: int | None = None
    symptoms: float | None = None
    prior: float | None = None


def medsyn_weight(notes: float, symptoms: float) -> float:
    """Return the weight of a category as MedSyn reckons it: L(L(L(notes))) × L(L(L(symptoms))), L(x) = log(1 + x).

    `notes` are the real notes of the category, `symptoms` the mean number of unique symptoms of its sub-codes. Source:
    the task builder in MedSyn's repository (github.com/milteam/MedSyn) and its paper, "MedSyn: LLM-based Synthetic
    Medical Text Generation Framework" (ECML PKDD 2024). It is 0 without notes or without symptoms.
    """
    return _thrice(notes) * _thrice(symptoms)


def weight(mode: Mode, known: Known) -> float:
    """Return the weight of a code in a mode.

    `medsyn`: see `medsyn_weight`. `proportional`: its notes, or its prior where nobody counted. `uniform`: 1.
    `long-tail`: 1 / (1 + notes), so that what is rare gets most; without counts 1 / prior. Raises PlanImpossible when
    what the mode needs is not known.
    """
    match mode:
        case "uniform":
            return 1.0
        case "medsyn":
            if known.notes is None:
                raise PlanImpossible(
                    "the mode medsyn weighs by real notes, and nobody counted them",
                    hint="Give --counts, a table with the columns icd10 and notes.",
                )
            return medsyn_weight(known.notes, known.symptoms or 0.0)
        case "proportional":
            return known.prior or 0.0 if known.notes is None else float(known.notes)
        case "long-tail":
            if known.notes is not None:
                return 1.0 / (1.0 + known.notes)
            return 1.0 / known.prior if known.prior else 0.0


def spread(
    codes: Mapping[str, Known],
    total: int,
    mode: Mode,
    *,
    minimum: int = 0,
    fixed: Mapping[str, int] | None = None,
) -> list[Entry]:
    """Return how many each code gets, in the order of the codes' text; the counts add up to exactly `total`.

    Codes in `fixed` get that number and no more. Each other code gets `minimum` first; what is left is spread by weight
    with the largest remainders rounded up (Hamilton's method), ties by code. A code without real notes is flagged
    `no-notes`, whatever it gets. Raises PlanImpossible when the budget is too small, when a fixed code is not among the
    codes, or when something is left and every weight is 0.
    """
    fixed = fixed or {}
    unknown = sorted(fixed.keys() - codes.keys())
    if unknown:
        raise PlanImpossible(
            f"{', '.join(unknown)} has a fixed number and is not among the codes", hint="Add it, or leave --fixed out."
        )
    open_codes = sorted(codes.keys() - fixed.keys())
    left = total - sum(fixed.values()) - minimum * len(open_codes)
    if left < 0:
        raise PlanImpossible(
            f"{total:,} is too few: {sum(fixed.values()):,} are fixed "
            f"and {len(open_codes):,} codes get at least {minimum:,}",
            hint=f"Take a --total of {total - left:,} or more, a smaller --minimum, or fewer codes.",
        )
    weights = {code: weight(mode, codes[code]) for code in open_codes}
    if left and not any(weights.values()):
        raise PlanImpossible(
            f"{left:,} are left and no code has a weight",
            hint="Every code has no notes, no symptoms or no prior; take --mode uniform, or a --minimum.",
        )
    shares = largest_remainder([weights[code] for code in open_codes], left)
    counts = {code: minimum + share for code, share in zip(open_codes, shares, strict=True)} | dict(fixed)
    return [
        Entry(code, counts[code], weights.get(code, 0.0), _flags(codes[code], code in fixed, counts[code], minimum))
        for code in sorted(codes)
    ]


def largest_remainder(weights: Sequence[float], total: int) -> list[int]:
    """Return whole numbers in proportion to the weights that add up to `total` exactly.

    Each gets the whole part of its quota; what is left goes one by one to the largest remainders, ties to the earlier
    place. Worked out in fractions, so that no rounding of floats can move a unit. With a total of 0 all get 0.
    """
    if not total:
        return [0] * len(weights)
    exact = [Fraction(value) for value in weights]
    whole = sum(exact)
    quotas = [value * total / whole for value in exact]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda place: (counts[place] - quotas[place], place))
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def known_of(
    codes: Sequence[str],
    counts: Mapping[str, Counted] | None,
    symptoms: Mapping[str, float],
    priors: Mapping[str, float],
) -> dict[str, Known]:
    """Return what is known of each code; a table of counts that leaves a code out says that it has no notes.

    Symptoms in that table come before those of the graph.
    """
    known: dict[str, Known] = {}
    for code in codes:
        counted = counts.get(code, Counted(0)) if counts is not None else None
        told = counted.symptoms if counted and counted.symptoms is not None else symptoms.get(code)
        known[code] = Known(counted.notes if counted else None, told, priors.get(code))
    return known


def _thrice(value: float) -> float:
    return math.log1p(math.log1p(math.log1p(value)))


def _flags(known: Known, is_fixed: bool, count: int, minimum: int) -> tuple[str, ...]:
    flags = [NO_NOTES] if known.notes == 0 else []
    if is_fixed:
        flags.append(FIXED)
    elif minimum and count == minimum:
        flags.append(MINIMUM)
    return tuple(flags)
