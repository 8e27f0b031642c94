from __future__ import annotations

import pytest

from kg.sources.typed_headers import Field, header_of, is_typed, space_prefix


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("id:ID(Drug)", Field("id:ID(Drug)", "id", "id", "Drug")),
        (":ID", Field(":ID", "", "id")),
        ("x:ID(A){id-type: int}", Field("x:ID(A){id-type: int}", "x", "id", "A")),
        (":START_ID(D)", Field(":START_ID(D)", "", "start", "D")),
        ("icd10:string[]", Field("icd10:string[]", "icd10", "property", several=True)),
        ("weight:double", Field("weight:double", "weight", "property")),
        ("name", Field("name", "name", "property")),
        (":IGNORE", Field(":IGNORE", "", "ignore")),
        ("a:b:c", Field("a:b:c", "a:b:c", "property")),
    ],
)
def test_a_heading_tells_what_its_column_is(heading: str, field: Field) -> None:
    assert header_of([heading]).fields == (field,)


def test_a_header_has_an_id_or_both_ends() -> None:
    assert is_typed([":ID", "name"])
    assert is_typed([":START_ID", ":END_ID"])
    assert not is_typed(["id", "name"])
    assert header_of([":START_ID"]).missing == ":END_ID"


def test_a_space_makes_a_prefix_of_letters_and_digits() -> None:
    assert space_prefix("Drug Class!") == "LOCAL.DrugClass"
    assert space_prefix("") == "LOCAL"
