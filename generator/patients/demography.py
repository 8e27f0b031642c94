"""Who the patient is: location, sex and age drawn from a population, then marital state, smoking and ethnic group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from generator.errors import NothingToTell
from generator.patients.chance import Chance
from generator.patients.population import MARITAL_STATES, EthnicGroup, Location, Population
from kg.schema import SEXES

_UNMARRIED: Final = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the population; `marital_state` is one of MARITAL_STATES; `group` is None if it tells of none."""

    location: Location
    sex: str
    age: int
    marital_state: str
    smoker: bool
    group: EthnicGroup | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """Those of a population who may be drawn: cells of location, sex and age with running totals of their shares."""

    cells: tuple[tuple[Location, str, int], ...]
    cumulative: tuple[float, ...]

    @property
    def share(self) -> float:
        """Which part of the whole population this is."""
        return self.cumulative[-1] if self.cumulative else 0.0


@dataclass(frozen=True, slots=True)
class Demography:
    """Draws people by P(location) × P(sex | location) × P(age | sex, location), within an age range in years."""

    population: Population
    youngest: int
    oldest: int
    _shares: tuple[tuple[tuple[Location, str, int], float], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the share of each cell among those between `youngest` and `oldest`.

        Raises NothingToTell when the population has nobody of these ages.
        """
        shares: list[tuple[tuple[Location, str, int], float]] = []
        tables = self.population.ages
        for location in self.population.locations:
            # P(sex | location) × P(age | sex, location) is people of that sex and age over people of the location.
            people = sum(sum(tables[location.id, sex].values()) for sex in SEXES)
            for sex in SEXES:
                for age, count in sorted(tables[location.id, sex].items()):
                    if self.youngest <= age <= self.oldest and count:
                        shares.append(((location, sex, age), location.share * count / people))
        total = sum(share for _, share in shares)
        if not total:
            raise NothingToTell(
                f"the population {self.population.name} has nobody from {self.youngest} to {self.oldest} years",
                hint="Widen --min-age and --max-age.",
            )
        # A frozen dataclass sets a value that follows from its fields in this way alone.
        object.__setattr__(self, "_shares", tuple((cell, share / total) for cell, share in shares))

    def crowd(self, may: Callable[[str, int], bool]) -> Crowd:
        """Return those whose sex and age `may` be drawn; it is empty when there is nobody."""
        cells = [(cell, share) for cell, share in self._shares if may(cell[1], cell[2])]
        return Crowd(tuple(cell for cell, _ in cells), tuple(accumulate(share for _, share in cells)))

    def person(self, crowd: Crowd, chance: Chance) -> Person:
        """Draw somebody of the crowd, which must not be empty."""
        location, sex, age = crowd.cells[chance.pick(crowd.cumulative, "cell")]
        states = tuple(accumulate(self.population.marital.get((sex, age), _UNMARRIED)))
        return Person(
            location=location,
            sex=sex,
            age=age,
            marital_state=MARITAL_STATES[chance.pick(states, "marital state")],
            smoker=chance.happens(self.population.smoking.get((sex, age), 0.0), "smoking"),
            group=self._group(chance),
        )

    def _group(self, chance: Chance) -> EthnicGroup | None:
        """Draw a group by itself, as MedSyn does: no table at hand has groups by location."""
        groups = self.population.groups
        if not groups:
            return None
        return groups[chance.pick(tuple(accumulate(group.share for group in groups)), "group")]
