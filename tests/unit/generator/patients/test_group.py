"""Diseases follow their priors among what somebody's sex and age allow."""

from __future__ import annotations

from collections import Counter

import pytest

from generator.patients.chance import Chance
from generator.patients.demography import Demography
from generator.patients.group import Group
from generator.patients.pool import Pool
from tests.unit.generator.patients.chi_square import fits

DRAWS = 20_000


@pytest.fixture(scope="module")
def group(pool: Pool, demography: Demography) -> Group:
    return Group.of([pool.illnesses[key] for key in pool.by_code[""]], demography)


def test_every_disease_comes_as_often_as_its_prior_over_who_may_have_it(
    pool: Pool, group: Group, demography: Demography
) -> None:
    person = next(
        found
        for seed in range(5000)
        if (found := demography.person(group.crowd, Chance(seed))).age == 40 and found.sex == "female"
    )
    chances = {
        key: (illness.prior or 0) / demography.crowd(illness.limit.fits).share
        for key, illness in pool.illnesses.items()
        if illness.limit.fits("female", 40)
    }
    drawn = Counter(group.illness(person, Chance(seed)).id for seed in range(DRAWS))
    assert fits(drawn, chances)


def test_over_all_people_a_disease_of_one_sex_comes_about_as_often_as_its_prior(
    pool: Pool, group: Group, demography: Demography
) -> None:
    drawn: Counter[str] = Counter()
    for seed in range(DRAWS):
        chance = Chance(seed)
        drawn[group.illness(demography.person(group.crowd, chance), chance).icd10 or ""] += 1
    total = sum(illness.prior or 0 for illness in pool.illnesses.values())
    for code in ("N40", "D25", "I10", "J20"):
        (illness,) = [one for one in pool.illnesses.values() if one.icd10 == code]
        # A chance at one age depends on what else there is at that age, so it is the prior only roughly.
        assert drawn[code] / DRAWS == pytest.approx((illness.prior or 0) / total, rel=0.4), code


def test_the_split_draws_the_list_first(pool: Pool, demography: Demography) -> None:
    illnesses = [pool.illnesses[key] for key in pool.by_code[""]]
    group = Group.of(illnesses, demography, split=0.15)
    drawn: Counter[bool] = Counter()
    for seed in range(DRAWS):
        chance = Chance(seed)
        person = demography.person(group.crowd, chance)
        if 20 <= person.age <= 50:  # both lists have something for both sexes
            drawn[group.illness(person, chance).of_one_sex] += 1
    assert fits(drawn, {True: 0.15, False: 0.85})


def test_a_list_that_is_empty_leaves_the_other(pool: Pool, demography: Demography) -> None:
    neutral = [one for one in pool.illnesses.values() if one.icd10 == "J20"]
    group = Group.of(neutral, demography, split=1.0)
    person = demography.person(group.crowd, Chance(1))
    assert group.illness(person, Chance(1)).icd10 == "J20"


def test_people_of_a_group_are_those_who_may_have_one_of_its_diseases(pool: Pool, demography: Demography) -> None:
    group = Group.of([one for one in pool.illnesses.values() if one.icd10 in ("N40", "O14")], demography)
    people = [demography.person(group.crowd, Chance(seed)) for seed in range(3000)]
    assert all((p.sex, p.age >= 40) == ("male", True) or (p.sex == "female" and 14 <= p.age <= 50) for p in people)
    assert {p.sex for p in people} == {"female", "male"}


def test_diseases_that_nobody_of_the_population_may_have_are_left_out(pool: Pool, demography: Demography) -> None:
    children = Demography(demography.population, 0, 10)
    group = Group.of([pool.illnesses[key] for key in pool.by_code[""]], children)
    assert group.illnesses
    assert all(illness.limit.low <= 10 for illness in group.illnesses)
    nobody = Group.of([one for one in pool.illnesses.values() if one.icd10 == "N40"], children)
    assert nobody.illnesses == ()
