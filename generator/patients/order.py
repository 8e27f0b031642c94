"""What is asked for, and what the graph has for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.errors import NothingToTell
from generator.patients.demography import Demography
from generator.patients.draw import Options
from generator.patients.group import Group
from generator.patients.pool import Pool
from generator.patients.reading import read_pool
from generator.source import Asks


@dataclass(frozen=True, slots=True)
class Part:
    """So many patients who have a disease of one of these codes; None is any disease that has a prior."""

    codes: tuple[str, ...] | None
    count: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: parts one after another, drawn with a seed, told in these languages (the first in sentences).

    `table` asks for a CSV table beside the rows.
    """

    parts: tuple[Part, ...]
    seed: int
    languages: tuple[str, ...] = ("en", "ru")
    options: Options = field(default_factory=Options)
    table: bool = False

    @property
    def count(self) -> int:
        """How many patients in all."""
        return sum(part.count for part in self.parts)

    @property
    def codes(self) -> tuple[str, ...] | None:
        """All codes, once each, or None when any disease will do."""
        if any(part.codes is None for part in self.parts):
            return None
        return tuple(dict.fromkeys(code for part in self.parts for code in part.codes or ()))


@dataclass(frozen=True, slots=True)
class Prepared:
    """The pool that was read, and a group for each part of the order."""

    pool: Pool
    groups: tuple[Group, ...]


async def prepare(graph: Asks, demography: Demography, order: Order) -> Prepared:
    """Read what the order needs of the graph.

    Raises QueryError, NothingToTell for a code without a disease, without symptoms or that nobody of the population
    may have, GraphChanged, StoreError.
    """
    if order.count < 1:
        raise NothingToTell("no patient was asked for", hint="Give a count of at least 1.")
    pool = await read_pool(
        graph, order.codes, comorbidity=order.options.comorbidity > 0, subcodes=order.options.subcodes
    )
    return Prepared(pool, tuple(_group(pool, part, demography, order.options) for part in order.parts))


def _group(pool: Pool, part: Part, demography: Demography, options: Options) -> Group:
    keys = [key for code in part.codes or ("",) for key in pool.by_code[code]]
    group = Group.of([pool.illnesses[key] for key in dict.fromkeys(keys)], demography, options.split)
    if not group.illnesses:
        named = f"{', '.join(part.codes)}: " if part.codes else ""
        raise NothingToTell(
            f"{named}no patient can be drawn",
            hint="The diseases have no symptoms in the graph, or their limits of sex and age leave nobody of the "
            "population; see `mkg ask`.",
        )
    return group
