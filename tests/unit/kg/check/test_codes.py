"""One code, several diseases: which is meant."""

from __future__ import annotations

from typing import Any

from kg.check.codes import shared_codes


def row(*diseases: tuple[str, str, str], name: str = "Acute bronchitis") -> dict[str, Any]:
    told = [{"id": key, "name": called, "sources": [source]} for key, called, source in diseases]
    return {"code": "ICD10:J20", "name": name, "diseases": told}


def test_the_disease_of_the_source_with_most_authority_is_meant() -> None:
    (found,) = shared_codes([row(("D:1", "a", "mondo"), ("D:2", "b", "mkg-core"))], {})

    assert found.severity == "note"
    assert "meant is D:2 (b): a source of more authority says so" in found.message
    assert "D:2" in found.fix


def test_else_the_disease_with_the_name_of_the_code() -> None:
    (found,) = shared_codes([row(("D:1", "viral bronchitis", "mondo"), ("D:2", "acute  Bronchitis", "doid"))], {})

    assert found.severity == "note"
    assert "meant is D:2" in found.message


def test_else_the_disease_of_which_all_others_are_special_cases() -> None:
    rows = [row(("D:1", "a", "mondo"), ("D:2", "b", "mondo"), ("D:3", "c", "mondo"))]

    (found,) = shared_codes(rows, {"D:1": ["D:9"], "D:9": ["D:3"], "D:2": ["D:3"]})

    assert found.severity == "note"
    assert "meant is D:3 (c): the others are special cases of it" in found.message


def test_when_none_stands_out_a_person_has_to_decide() -> None:
    rows = [row(("D:1", "a", "mondo"), ("D:2", "b", "mondo"), ("D:3", "c", "mondo"))]

    (found,) = shared_codes(rows, {"D:1": ["D:3"]})

    assert found.severity == "warning"
    assert "3 diseases are recorded under ICD10:J20 (Acute bronchitis), and none stands out" in found.message
    assert found.subject == ("ICD10:J20",)


def test_a_circle_of_special_cases_ends_and_nobody_is_meant() -> None:
    (found,) = shared_codes([row(("D:1", "a", "x"), ("D:2", "b", "x"))], {"D:1": ["D:2"], "D:2": ["D:1"]})

    assert found.severity == "warning"


def test_the_id_of_the_finding_stays_when_another_disease_comes() -> None:
    (one,) = shared_codes([row(("D:1", "a", "x"), ("D:2", "b", "x"))], {})
    (two,) = shared_codes([row(("D:1", "a", "x"), ("D:2", "b", "x"), ("D:3", "c", "x"))], {})

    assert one.id == two.id


def test_a_code_of_very_many_diseases_names_the_first_few() -> None:
    (found,) = shared_codes([row(*((f"D:{number:03}", "a", "x") for number in range(300)))], {})

    assert "and 292 more" in found.message
