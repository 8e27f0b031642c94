"""What the graph says of codes that a plan needs: which there are, their priors, and the symptoms of their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator.patients.pool import Pool
from generator.patients.reading import read_pool
from generator.source import Asks

_CATEGORY: Final = 3  # characters of a category's code


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes in the order of their text, with the prior and the mean unique symptoms of each where they are known."""

    codes: tuple[str, ...]
    priors: Mapping[str, float]
    symptoms: Mapping[str, float]


async def read_codes_of_graph(graph: Asks, codes: Sequence[str] | None) -> Codes:
    """Return these codes as the graph knows them, or without any the categories of all diseases that have a prior.

    Raises QueryError for a code that the graph does not know, NothingToTell for one without a disease.
    """
    pool = await read_pool(graph, codes, comorbidity=False)
    return codes_of_pool(pool, codes)


def codes_of_pool(pool: Pool, codes: Sequence[str] | None) -> Codes:
    """Return what a pool says of these codes; without any, of the categories of its diseases."""
    diseases: dict[str, tuple[str, ...]] = dict(pool.by_code)
    if codes is None:
        by_category: dict[str, set[str]] = defaultdict(set)
        for key in pool.by_code[""]:
            code = pool.illnesses[key].icd10
            if code:
                by_category[code[:_CATEGORY]].add(key)
        diseases = {code: tuple(sorted(keys)) for code, keys in by_category.items()}
    return Codes(
        tuple(sorted(diseases)),
        {
            code: prior
            for code, keys in diseases.items()
            if (prior := sum(pool.illnesses[key].prior or 0.0 for key in keys))
        },
        {code: _mean_symptoms(pool, keys) for code, keys in diseases.items()},
    )


def _mean_symptoms(pool: Pool, diseases: Sequence[str]) -> float:
    """Return how many unique symptoms a sub-code has on average; diseases under one sub-code are taken together."""
    by_subcode: dict[str | None, set[str]] = defaultdict(set)
    for key in diseases:
        illness = pool.illnesses[key]
        by_subcode[illness.icd10] |= {link.node.id for link in illness.symptoms}
    return sum(map(len, by_subcode.values())) / len(by_subcode)
