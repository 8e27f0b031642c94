"""A population as tables: who lives where, at which age, married or not, smoking or not."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from generator.errors import TableInvalid
from generator.tables import Cells, read_table
from kg.schema import LANGUAGES, SEXES

DATA: Final = resources.files("generator.patients") / "data"
SHIPPED: Final = ("ru", "us")
MARITAL_STATES: Final = ("never_married", "married", "widowed", "divorced")
OLDEST: Final = 130
EVERYWHERE: Final = "*"

_FILES: Final = ("locations.csv", "ages.csv", "marital.csv", "smoking.csv")
_GROUPS: Final = "groups.csv"  # a population may do without
_MOST_PEOPLE: Final = 10_000_000_000
_ROUNDING: Final = 0.001  # by how much the shares of a band may miss 1


@dataclass(frozen=True, slots=True)
class Location:
    """A place, its names by language, and its share of all people."""

    id: str
    names: Mapping[str, str]
    share: float


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """A group as the census counts it, its names by language, and its share of all people."""

    id: str
    names: Mapping[str, str]
    share: float


@dataclass(frozen=True, slots=True)
class Population:
    """Tables of one population.

    `ages` gives for each location and sex how many people there are of each age (whole years; the people of a band are
    spread evenly over it), in any unit. `marital` gives for each sex and age the share of each state, in the order of
    MARITAL_STATES, `smoking` the share who smoke; an age that is missing has never married and does not smoke.
    `groups` is empty when the population has no table of ethnic groups. `hash` is the SHA-256 of the files, in hex.
    """

    name: str
    locations: tuple[Location, ...]
    ages: Mapping[tuple[str, str], Mapping[int, float]]
    marital: Mapping[tuple[str, int], tuple[float, ...]]
    smoking: Mapping[tuple[str, int], float]
    groups: tuple[EthnicGroup, ...]
    hash: str


def read_population(name: str) -> Population:
    """Return a shipped population by its name, or the one in a folder with the same files.

    Raises TableInvalid with file, line and column, or when there is no such population.
    """
    folder: Traversable | Path = DATA / name if name in SHIPPED else Path(name)
    if not folder.is_dir():
        raise TableInvalid(
            f"there is no population {name!r}",
            hint=f"Shipped: {', '.join(SHIPPED)}; or name a folder with {', '.join(_FILES)}.",
        )
    files = [*_FILES, *([_GROUPS] if (folder / _GROUPS).is_file() else [])]
    locations = _locations(read_table(folder / "locations.csv", ("location", "name_en", "name_ru", "people")))
    return Population(
        name=name,
        locations=locations,
        ages=_ages(
            read_table(folder / "ages.csv", ("location", "sex", "age_from", "age_to", "people")),
            [location.id for location in locations],
        ),
        marital=_marital(read_table(folder / "marital.csv", ("sex", "age_from", "age_to", "state", "share"))),
        smoking=_smoking(read_table(folder / "smoking.csv", ("sex", "age_from", "age_to", "share"))),
        groups=_groups(read_table(folder / _GROUPS, ("group", "name_en", "name_ru", "people")))
        if _GROUPS in files
        else (),
        hash=hashlib.sha256(b"\x00".join((folder / file).read_bytes() for file in files)).hexdigest(),
    )


def _locations(rows: Iterable[Cells]) -> tuple[Location, ...]:
    return tuple(Location(*found) for found in _shares(rows, "location"))


def _groups(rows: Iterable[Cells]) -> tuple[EthnicGroup, ...]:
    return tuple(EthnicGroup(*found) for found in _shares(rows, "group"))


def _shares(rows: Iterable[Cells], column: str) -> Iterator[tuple[str, dict[str, str], float]]:
    """Yield id, names and share of all people, for a table of ids with their names and numbers of people."""
    people: dict[str, int] = {}
    names: dict[str, dict[str, str]] = {}
    for row in rows:
        key = row.text(column)
        if key in people or key == EVERYWHERE:
            raise row.refused(column, f"{key!r} stands here twice or is no {column}")
        people[key] = row.whole("people", 1, _MOST_PEOPLE)
        names[key] = {language: row.text(f"name_{language}") for language in LANGUAGES}
    total = sum(people.values())
    return ((key, names[key], count / total) for key, count in people.items())


def _ages(rows: Iterable[Cells], places: list[str]) -> dict[tuple[str, str], dict[int, float]]:
    told: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    last: Cells | None = None
    for row in rows:
        last = row
        place, sex = row.text("location"), row.choice("sex", SEXES)
        if place != EVERYWHERE and place not in places:
            raise row.refused("location", f"{place!r} is not in locations.csv")
        band = _band(row)
        people = row.whole("people", 0, _MOST_PEOPLE) / len(band)
        for age in band:
            if age in told[place, sex]:
                raise row.refused("age_from", f"the age {age} stands here twice")
            told[place, sex][age] = people
    assert last is not None
    ages: dict[tuple[str, str], dict[int, float]] = {}
    for place in places:
        own = place if any((place, sex) in told for sex in SEXES) else EVERYWHERE
        for sex in SEXES:
            ages[place, sex] = dict(told.get((own, sex), {}))
        if not any(sum(ages[place, sex].values()) for sex in SEXES):
            raise last.refused("location", f"nobody lives in {place!r}, and there are no rows for {EVERYWHERE!r}")
    return ages


def _marital(rows: Iterable[Cells]) -> dict[tuple[str, int], tuple[float, ...]]:
    shares: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    seen: dict[tuple[str, int], Cells] = {}
    for row in rows:
        sex, state = row.choice("sex", SEXES), row.choice("state", MARITAL_STATES)
        share = row.number("share", 0, 1)
        for age in _band(row):
            if state in shares[sex, age]:
                raise row.refused("state", f"{state} stands twice for the age {age}")
            shares[sex, age][state] = share
            seen[sex, age] = row
    for key, states in shares.items():
        if abs(sum(states.values()) - 1) > _ROUNDING:
            raise seen[key].refused(
                "share", f"the shares of {key[0]} at {key[1]} add up to {sum(states.values()):g}, not to 1"
            )
    return {key: tuple(states.get(state, 0.0) for state in MARITAL_STATES) for key, states in shares.items()}


def _smoking(rows: Iterable[Cells]) -> dict[tuple[str, int], float]:
    shares: dict[tuple[str, int], float] = {}
    for row in rows:
        sex, share = row.choice("sex", SEXES), row.number("share", 0, 1)
        for age in _band(row):
            if (sex, age) in shares:
                raise row.refused("age_from", f"the age {age} stands here twice")
            shares[sex, age] = share
    return shares


def _band(row: Cells) -> range:
    low, high = row.whole("age_from", 0, OLDEST), row.whole("age_to", 0, OLDEST)
    if low > high:
        raise row.refused("age_to", f"the band ends at {high} and begins at {low}")
    return range(low, high + 1)
