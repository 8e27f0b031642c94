from __future__ import annotations

from kg.identity.prefixes import MADE, prefix_of, rank
from kg.sources.ids import by_code, by_name


def test_vocabularies_of_the_kind_come_first_then_any_other_then_ids_made_of_a_code_or_a_name() -> None:
    ids = [by_name("Disease", "flu"), by_code("ICD10", "J11"), "ZZZ:1", "MESH:1", "MONDO:1", "DOID:1"]
    assert [prefix_of(key) for key in sorted(ids, key=lambda key: rank("Disease", key))] == [
        *("DOID", "MONDO", "MESH", "ZZZ"),
        *("ICD10.DX", "NAME"),
    ]


def test_which_vocabulary_comes_first_depends_on_the_kind() -> None:
    assert rank("Symptom", "HP:1") < rank("Symptom", "MESH:1")
    assert rank("Disease", "MESH:1") < rank("Disease", "HP:1")


def test_a_name_is_told_apart_without_regard_to_case_and_spaces_and_a_kind_always() -> None:
    assert by_name("Drug", " Acetylsalicylic  ACID ") == by_name("Drug", "acetylsalicylic acid")
    assert by_name("Drug", "x") != by_name("Disease", "x")
    assert prefix_of(by_name("Drug", "x")) in MADE
