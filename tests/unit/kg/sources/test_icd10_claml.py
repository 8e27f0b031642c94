"""ICD-10 in ClaML: classes, their names, and the codes that modifiers make."""

from __future__ import annotations

import pytest

from kg.sources.icd10_claml import FORMAT
from tests.unit.kg.sources.reading_formats import Told, slots_of, told
from tests.unit.kg.sources.text_in_memory import InMemory

CLAML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ClaML SYSTEM "ClaML.dtd">
<ClaML version="2.0.0">
<Title name="ICD-10-WHO" version="2019" date="2019-10-01">a classification</Title>
<ModifierClass modifier="S04_4" code=".0"><SuperClass code="S04_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">with coma</Label></Rubric></ModifierClass>
<ModifierClass modifier="S04_4" code=".1"><SuperClass code="S04_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">with acidosis</Label></Rubric></ModifierClass>
<ModifierClass modifier="S13_5" code="0"><SuperClass code="S13_5"/>
  <Rubric kind="preferred"><Label xml:lang="en">many sites</Label></Rubric></ModifierClass>
<Class code="IV" kind="chapter"><SubClass code="E10-E14"/>
  <Rubric kind="preferred"><Label xml:lang="en">Chapter of sugar</Label></Rubric></Class>
<Class code="E10-E14" kind="block"><SuperClass code="IV"/><ModifiedBy code="S04_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Block of sugar</Label></Rubric></Class>
<Class code="E10" kind="category" usage="dagger"><SuperClass code="E10-E14"/><ModifiedBy code="S13_5"/>
  <Rubric kind="preferred"><Label xml:lang="en">Sugar <Reference>J20</Reference> one</Label></Rubric>
  <Rubric kind="inclusion"><Label xml:lang="en">Young sugar</Label></Rubric>
  <Rubric kind="exclusion"><Label xml:lang="en">Not this</Label></Rubric></Class>
<Class code="E11" kind="category"><SuperClass code="E10-E14"/><ExcludeModifier code="S04_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Sugar two</Label><Label xml:lang="ru">Сахар два</Label>
  <Label xml:lang="fr">Sucre deux</Label></Rubric></Class>
<Class code="E11.0" kind="category"><SuperClass code="E11"/>
  <Rubric kind="preferred"><Label xml:lang="en">Sugar two, itself</Label></Rubric></Class>
</ClaML>
"""


def claml(text: str = CLAML) -> Told:
    return told(FORMAT, {"classification": [InMemory.of("icd10.xml", text)]})


def test_classes_become_codes_each_part_of_the_wider_one() -> None:
    found = claml()
    assert found.errors == []
    assert {edge.start: edge.end for edge in found.edges_of("PART_OF")} == {
        "ICD10:E10-E14": "ICD10:IV",
        "ICD10:E10": "ICD10:E10-E14",
        "ICD10:E10.0": "ICD10:E10",
        "ICD10:E10.1": "ICD10:E10",
        "ICD10:E11": "ICD10:E10-E14",
        "ICD10:E11.0": "ICD10:E11",
    }
    assert found.node("ICD10:IV").properties == {"system": "ICD10", "level": "chapter"}
    assert found.edges[0].evidence[0].version == "2019"


def test_names_are_those_of_the_file_with_what_stands_inside_them() -> None:
    found = claml()
    assert found.node("ICD10:E10").names == {"en": "Sugar J20 one"}
    assert found.node("ICD10:E10").synonyms == {"en": ("Young sugar",)}
    assert found.node("ICD10:E11").names == {"en": "Sugar two", "ru": "Сахар два"}


def test_a_modifier_around_a_category_makes_its_codes_unless_it_is_excluded() -> None:
    found = claml()
    assert found.node("ICD10:E10.1").names == {"en": "Sugar J20 one, with acidosis"}
    assert found.node("ICD10:E11.0").names == {"en": "Sugar two, itself"}
    assert "ICD10:E11.1" not in found.ids("IcdCode")


def test_a_modifier_may_be_valid_for_some_of_its_classes_only() -> None:
    some = '<ModifiedBy code="S04_4" all="false"><ValidModifierClass code=".1"/></ModifiedBy>'
    found = claml(CLAML.replace('<ModifiedBy code="S04_4"/>', some))
    assert "ICD10:E10.0" not in found.ids("IcdCode")
    assert "ICD10:E10.1" in found.ids("IcdCode")


def test_what_is_not_kept_is_told_once_for_each_reason() -> None:
    assert sorted(rule for rule, severity in claml().rules if severity == "skipped") == [
        "language-fr",
        "modifier-not-held",
        "usage-not-held",
    ]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('code="E11.0" kind', 'code="E1" kind', "icd-form"),
        ('code="E11.0" kind', 'code="E11" kind', "code-twice"),
        ('<SuperClass code="E11"/>', '<SuperClass code="E99"/>', "unknown-parent"),
        ('<Label xml:lang="en">Sugar two, itself</Label>', "", "empty-name"),
        ("</ClaML>", "", "xml-damaged"),
    ],
)
def test_a_fault_is_told_and_the_rest_is_read(before: str, after: str, rule: str) -> None:
    found = claml(CLAML.replace(before, after, 1))
    assert [problem.rule for problem in found.errors] == [rule]
    assert len(found.nodes) >= 6


def test_an_entity_is_refused() -> None:
    bomb = CLAML.replace('SYSTEM "ClaML.dtd"', '[<!ENTITY a "boom">]')
    assert claml(bomb).rules == [("xml-entity", "error")]


def test_only_icd_10_is_recognised() -> None:
    assert slots_of(FORMAT, InMemory.of("a.xml", CLAML)) == ["classification"]
    other = CLAML.replace("ICD-10-WHO", "ICF")
    assert slots_of(FORMAT, InMemory.of("a.xml", other)) == []
