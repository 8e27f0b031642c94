"""Names of drugs in several languages."""

from __future__ import annotations

import pytest

from kg.sources.ids import by_name
from kg.sources.inn import FORMAT
from tests.unit.kg.sources.reading_formats import Told, slots_of, told
from tests.unit.kg.sources.text_in_memory import InMemory


def read(text: str) -> Told:
    return told(FORMAT, {"names": [InMemory.of("inn-2025.csv", text)]})


def test_an_atc_code_gives_the_id_and_the_property() -> None:
    node = read("code,en,ru,la\nJ01CA04,amoxicillin;amoxycillin,амоксициллин,Amoxicillinum\n").node("ATC:J01CA04")
    assert node.names == {"en": "amoxicillin", "ru": "амоксициллин"}
    assert node.synonyms == {"en": ("amoxycillin", "Amoxicillinum")}
    assert node.properties == {"atc": "J01CA04"}


def test_another_code_gives_the_id_when_it_is_one_and_the_name_does_otherwise() -> None:
    found = read("code,en,ru\nDRUGBANK:DB00945,aspirin,аспирин\n0001,,Метамизол\n")
    assert [node.id for node in found.nodes] == ["DRUGBANK:DB00945", by_name("Drug", "метамизол")]


def test_a_drug_of_a_latin_name_alone_is_known_by_it() -> None:
    assert read("code,en,ru,la\n1,,,Aqua\n").nodes[0].names == {"en": "Aqua"}


def test_a_row_without_a_name_is_told_and_the_next_is_read() -> None:
    found = read("code,en,ru\n1,,\n2,aspirin,\n")
    assert [(problem.rule, problem.place.line) for problem in found.problems] == [("empty-cell", 2)]
    assert len(found.nodes) == 1


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("code,en,ru,la", True),
        ("ru;la;en;code", True),
        ("code\ten\tru", True),
        ("code,en", False),
        ("code,en,ru,note", False),
        ("code,level,parent,name_en,name_ru", False),
    ],
)
def test_a_table_is_recognised_by_exactly_its_columns(header: str, taken: bool) -> None:
    assert (slots_of(FORMAT, InMemory.of("x.csv", f"{header}\n")) == ["names"]) is taken


def test_the_delimiter_follows_from_the_header() -> None:
    found = told(FORMAT, {"names": [InMemory.of("x.csv", "code;en;ru\nN02BE01;paracetamol;парацетамол\n")]})
    assert found.ids("Drug") == {"ATC:N02BE01"}
    assert found.problems == []
