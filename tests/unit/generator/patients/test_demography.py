"""People follow the tables: 100,000 draws against each of them."""

from __future__ import annotations

from collections import Counter

import pytest

from generator.errors import NothingToTell
from generator.patients.chance import Chance
from generator.patients.demography import Demography, Person
from generator.patients.population import MARITAL_STATES, Population, read_population
from kg.schema import SEXES
from tests.unit.generator.patients.chi_square import fits

DRAWS = 100_000


@pytest.fixture(scope="module")
def people(demography: Demography) -> list[Person]:
    crowd = demography.crowd(lambda sex, age: True)
    return [demography.person(crowd, Chance(seed)) for seed in range(DRAWS)]


def test_locations_follow_their_share(people: list[Person], population: Population) -> None:
    counts = Counter(person.location.id for person in people)
    assert fits(counts, {location.id: location.share for location in population.locations})


def test_sex_follows_the_location(people: list[Person], population: Population) -> None:
    for location in population.locations:
        chances = {sex: sum(population.ages[location.id, sex].values()) for sex in SEXES}
        assert fits(Counter(person.sex for person in people if person.location is location), chances), location.id


@pytest.mark.parametrize("sex", SEXES)
def test_ages_follow_sex_and_location(people: list[Person], population: Population, sex: str) -> None:
    for location in population.locations[:3]:
        counts = Counter(person.age for person in people if person.location is location and person.sex == sex)
        assert fits(counts, population.ages[location.id, sex]), location.id


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("band", [(16, 19), (20, 24), (30, 39), (50, 59), (70, 100)])
def test_marital_states_follow_age_and_sex(
    people: list[Person], population: Population, sex: str, band: tuple[int, int]
) -> None:
    counts = Counter(
        person.marital_state for person in people if person.sex == sex and band[0] <= person.age <= band[1]
    )
    assert fits(counts, dict(zip(MARITAL_STATES, population.marital[sex, band[0]], strict=True)))


@pytest.mark.parametrize("sex", SEXES)
def test_smoking_follows_sex_from_sixteen(people: list[Person], population: Population, sex: str) -> None:
    share = population.smoking[sex, 16]
    counts = Counter(person.smoker for person in people if person.sex == sex and person.age >= 16)
    assert fits(counts, {True: share, False: 1 - share})


def test_ethnic_groups_follow_their_share(people: list[Person], population: Population) -> None:
    counts = Counter(person.group.id for person in people if person.group)
    assert fits(counts, {group.id: group.share for group in population.groups})


def test_children_have_not_married_and_do_not_smoke(people: list[Person]) -> None:
    children = [person for person in people if person.age < 16]
    assert len(children) > 10_000
    assert {(person.marital_state, person.smoker) for person in children} == {("never_married", False)}


def test_nobody_is_younger_or_older_than_asked_for(population: Population) -> None:
    between = Demography(population, 9, 40)
    crowd = between.crowd(lambda sex, age: True)
    ages = [between.person(crowd, Chance(seed)).age for seed in range(5000)]
    assert (min(ages), max(ages)) == (9, 40)
    assert crowd.share == pytest.approx(1)


def test_a_crowd_is_the_population_within_its_limits(demography: Demography, population: Population) -> None:
    crowd = demography.crowd(lambda sex, age: sex == "female" and age >= 60)
    drawn = [demography.person(crowd, Chance(seed)) for seed in range(20_000)]
    assert {person.sex for person in drawn} == {"female"}
    ages = population.ages["volga", "female"]
    assert fits(Counter(person.age for person in drawn), {age: ages[age] for age in range(60, 101)})
    total = sum(sum(population.ages["volga", sex].values()) for sex in SEXES)
    assert crowd.share == pytest.approx(sum(ages[age] for age in range(60, 101)) / total)


def test_a_crowd_may_be_empty(demography: Demography) -> None:
    assert demography.crowd(lambda sex, age: False).share == 0


def test_ages_that_nobody_has_are_refused(population: Population) -> None:
    with pytest.raises(NothingToTell, match="has nobody from 120 to 130 years"):
        Demography(population, 120, 130)


def test_the_other_shipped_population_can_be_drawn_from() -> None:
    american = Demography(read_population("us"), 0, 100)
    person = american.person(american.crowd(lambda sex, age: age >= 18), Chance(3))
    assert person.location.id in {"northeast", "midwest", "south", "west"}
