"""Populations are read whole, or refused with file, line and column."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.errors import TableInvalid
from generator.patients.chance import Chance
from generator.patients.demography import Demography
from generator.patients.population import DATA, MARITAL_STATES, SHIPPED, read_population
from kg.schema import SEXES

FILES = ("locations.csv", "ages.csv", "marital.csv", "smoking.csv", "groups.csv")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copyfile(str(DATA / "us" / name), tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_population_covers_every_age_and_sex(name: str) -> None:
    found = read_population(name)
    assert sum(location.share for location in found.locations) == pytest.approx(1)
    for location in found.locations:
        assert all(location.names[language] for language in ("en", "ru"))
        for sex in SEXES:
            assert set(found.ages[location.id, sex]) == set(range(101))


@pytest.mark.parametrize(("name", "people"), [("ru", 145_934_460), ("us", 331_002_647)])
def test_the_people_of_all_bands_add_up_to_the_published_total(name: str, people: int) -> None:
    found = read_population(name)
    place = found.locations[0].id
    assert sum(sum(found.ages[place, sex].values()) for sex in SEXES) == pytest.approx(people)


# Census of 2002: never married, married, widowed, divorced or separated, of those of 16 and more.
@pytest.mark.parametrize(
    ("sex", "published"), [("female", (0.175, 0.526, 0.180, 0.110)), ("male", (0.251, 0.626, 0.036, 0.076))]
)
def test_marital_states_come_within_four_points_of_the_census(sex: str, published: tuple[float, ...]) -> None:
    found = read_population("ru")
    ages = {age: people for age, people in found.ages[found.locations[0].id, sex].items() if age >= 16}
    for place, state in enumerate(MARITAL_STATES):
        told = sum(people * found.marital[sex, age][place] for age, people in ages.items()) / sum(ages.values())
        assert abs(told - published[place]) < 0.04, state


def test_smoking_is_as_told_and_nobody_smokes_below_the_first_band() -> None:
    found = read_population("ru")
    assert found.smoking["male", 40] == 0.346
    assert found.smoking["female", 16] == 0.083
    assert ("male", 15) not in found.smoking


def test_a_folder_of_ones_own_is_a_population(own: Path) -> None:
    found = read_population(str(own))
    assert found.ages == read_population("us").ages
    assert found.hash == read_population("us").hash


def test_a_location_may_have_ages_of_its_own(own: Path) -> None:
    with (own / "ages.csv").open("a") as file:
        file.write("west,female,30,39,1000\n")
    found = read_population(str(own))
    assert found.ages["west", "female"] == dict.fromkeys(range(30, 40), 100)
    assert found.ages["west", "male"] == {}
    assert len(found.ages["south", "male"]) == 101


def test_a_population_may_do_without_ethnic_groups(own: Path) -> None:
    assert sum(group.share for group in read_population(str(own)).groups) == pytest.approx(1)
    (own / "groups.csv").unlink()
    found = read_population(str(own))
    assert found.groups == ()
    assert found.hash != read_population("us").hash
    assert Demography(found, 0, 90).person(Demography(found, 0, 90).crowd(lambda *_: True), Chance(1)).group is None


def test_a_population_that_is_not_there_is_refused() -> None:
    with pytest.raises(TableInvalid, match="there is no population 'atlantis'"):
        read_population("atlantis")


@pytest.mark.parametrize(
    ("file", "line", "message", "column"),
    [
        ("locations.csv", "west,West,Запад,5", "stands here twice", "location"),
        ("locations.csv", "moon,Moon,Луна,0", "no whole number", "people"),
        ("locations.csv", "moon,Moon,,5", "the cell is empty", "name_ru"),
        ("groups.csv", "white,White,Белые,5", "stands here twice", "group"),
        ("groups.csv", "martian,Martian,Марсиане,-1", "no whole number", "people"),
        ("ages.csv", "mars,female,0,4,5", "is not in locations.csv", "location"),
        ("ages.csv", "*,woman,0,4,5", "is not one of female, male", "sex"),
        ("ages.csv", "*,female,4,0,5", "ends at 0 and begins at 4", "age_to"),
        ("ages.csv", "*,female,3,7,5", "stands here twice", "age_from"),
        ("ages.csv", "*,female,0,4,-5", "no whole number", "people"),
        ("ages.csv", "*,female,0,4,1_000", "no whole number", "people"),
        ("marital.csv", "male,101,110,single,1", "is not one of never_married", "state"),
        ("marital.csv", "male,101,110,married,0.5", "add up to 0.5", "share"),
        ("marital.csv", "male,16,19,married,0.01", "stands twice", "state"),
        ("marital.csv", "male,101,110,married,nan", "no number from 0 to 1", "share"),
        ("smoking.csv", "male,101,110,1.5", "no number from 0 to 1", "share"),
        ("smoking.csv", "male,20,21,0.5", "stands here twice", "age_from"),
    ],
)
def test_a_bad_cell_is_told_with_file_line_and_column(
    own: Path, file: str, line: str, message: str, column: str
) -> None:
    with (own / file).open("a", encoding="utf-8") as text:
        text.write(f"{line}\n")
    number = len((own / file).read_text("utf-8").splitlines())
    with pytest.raises(TableInvalid, match=message) as refused:
        read_population(str(own))
    assert refused.value.place == f"file {own / file}, line {number}, column {column}"


def test_a_location_where_nobody_lives_is_refused(own: Path) -> None:
    (own / "ages.csv").write_text("location,sex,age_from,age_to,people\nwest,male,0,9,5\n")
    with pytest.raises(TableInvalid, match="nobody lives in 'northeast'"):
        read_population(str(own))
