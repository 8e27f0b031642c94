"""How evenly a disease's weights are spread over its symptoms, and what a temperature makes of that."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

DOMINANT: Final = 0.9
"""A symptom with a larger share than this leaves hardly a chance to the others."""


def probabilities(weights: Sequence[float], temperature: float = 1.0) -> tuple[float, ...]:
    """Return the share of each weight w at a temperature T: w^(1/T), divided by the sum of these.

    That is a softmax of ln(w)/T. T = 1 keeps the weights as they are, a smaller T sharpens them, a larger one evens
    them out. When all weights are zero, nothing speaks for one more than for another: the shares are equal. Raises
    ValueError for a temperature that is not above zero, and for a weight that is negative or no finite number.
    """
    if not 0.0 < temperature < math.inf:
        raise ValueError(f"a temperature is above zero, not {temperature}")
    if any(not 0.0 <= weight < math.inf for weight in weights):
        raise ValueError("a weight is a finite number of zero or more")
    largest = max(weights, default=0.0)
    if largest == 0.0:
        return tuple(1.0 / len(weights) for _ in weights)
    # By the largest first: it becomes 1, so that neither a cold nor a hot draw leaves the numbers a float can hold.
    raised = [math.exp(math.log(weight / largest) / temperature) if weight / largest else 0.0 for weight in weights]
    total = math.fsum(raised)
    return tuple(value / total for value in raised)


def effective_number(shares: Iterable[float]) -> float:
    """Return how many equally likely symptoms would be as hard to foretell: e to the power of Shannon's entropy.

    It is the Hill number of order 1: Hill, M. O. (1973), Diversity and evenness: a unifying notation and its
    consequences, Ecology 54(2), 427-432. It lies between 1 (one symptom has all) and the number of shares; 0 for none.
    """
    positive = [share for share in shares if share > 0.0]
    if not positive:
        return 0.0
    return math.exp(-math.fsum(share * math.log(share) for share in positive))


@dataclass(frozen=True, slots=True)
class Spread:
    """How even the symptoms of a disease are at a temperature.

    `symptoms` have a weight, `unweighted` have none and no share. `effective` is the effective number of symptoms,
    `largest` the largest share.
    """

    id: str
    name: str
    symptoms: int
    unweighted: int
    effective: float
    largest: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The spreads of a graph's diseases with two weighted symptoms or more.

    `median_effective` is the median of their effective numbers, `dominated` the share of them in which one symptom has
    more than `DOMINANT`; both are 0 without any. `single` counts diseases with one weighted symptom, where there is
    nothing to spread, `without` those whose symptoms have no weight.
    """

    temperature: float
    diseases: int
    median_effective: float
    dominated: float
    single: int
    without: int


def spread(key: str, name: str, weights: Mapping[str, float | None], temperature: float = 1.0) -> Spread:
    """Return the spread of one disease from the weights of its symptoms by id; None is a symptom without weight."""
    told = [weight for weight in weights.values() if weight is not None]
    shares = probabilities(told, temperature)
    return Spread(key, name, len(told), len(weights) - len(told), effective_number(shares), max(shares, default=0.0))


def overview(spreads: Iterable[Spread], temperature: float) -> Overview:
    """Return what the spreads, all taken at that temperature, amount to."""
    each = list(spreads)
    several = [item for item in each if item.symptoms > 1]
    return Overview(
        temperature=temperature,
        diseases=len(several),
        median_effective=median(item.effective for item in several) if several else 0.0,
        dominated=sum(item.largest > DOMINANT for item in several) / len(several) if several else 0.0,
        single=sum(item.symptoms == 1 for item in each),
        without=sum(item.symptoms == 0 for item in each),
    )
