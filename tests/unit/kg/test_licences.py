"""What licences ask for, as far as their texts tell."""

from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.licences import CLASSES, UNKNOWN, Unwanted, classes_of, unwanted


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("CC0-1.0", {"PublicDomain"}),
        ("CC0", {"PublicDomain"}),
        ("public domain (US government work)", {"PublicDomain"}),
        ("CC BY 4.0", {"Attribution"}),
        ("https://creativecommons.org/licenses/by/4.0/", {"Attribution"}),
        ("Apache-2.0", {"Attribution"}),
        ("CC BY-SA 4.0", {"Attribution", "ShareAlike"}),
        ("CC BY-NC 4.0", {"Attribution", "NonCommercial"}),
        ("CC BY-NC-SA 4.0", {"Attribution", "NonCommercial", "ShareAlike"}),
        ("CC BY-NC-ND 4.0", {"Attribution", "NonCommercial", "NoDerivatives"}),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", {"Attribution", "NonCommercial", "ShareAlike"}),
        ("NonCommercial: ATC/DDD index", {"NonCommercial"}),
        ("for non-commercial use", {"NonCommercial"}),
        ("academic use only", {"NonCommercial"}),
        ("HPO licence", {"Attribution", "NoDerivatives"}),
        ("that of each source", {UNKNOWN}),
        ("not told", {UNKNOWN}),
        ("", {UNKNOWN}),
        ("as the inc. of a hand and a sand pit tells", {UNKNOWN}),
    ],
)
def test_a_licence_has_the_classes_that_its_text_tells(text: str, classes: set[str]) -> None:
    assert classes_of(text) == classes


def test_a_text_of_two_licences_has_the_classes_of_both() -> None:
    assert classes_of("CC0; side effects CC BY-NC-SA 4.0") >= {"PublicDomain", "NonCommercial"}


@pytest.mark.parametrize("word", ["NonCommercial", "noncommercial", "non-commercial", "Non Commercial"])
def test_a_class_may_be_spelled_in_any_way(word: str) -> None:
    without = unwanted([word])

    assert without.covers("CC BY-NC-SA 4.0")
    assert not without.covers("CC BY-SA 4.0")


def test_a_licence_of_the_graph_can_be_named_by_its_text() -> None:
    without = unwanted(["hpo LICENCE"], known=["HPO licence", "CC0-1.0"])

    assert without.covers("HPO licence")
    assert not without.covers("HPO licence; from OMIM")


def test_a_slip_of_the_pen_is_refused_with_what_there_is() -> None:
    with pytest.raises(DataError, match="NonComercial") as refused:
        unwanted(["NonComercial"], known=["CC0-1.0"])

    assert "CC0-1.0" in str(refused.value.hint)
    assert all(name in str(refused.value.hint) for name in CLASSES)


def test_nothing_named_covers_nothing() -> None:
    assert not Unwanted()
    assert not Unwanted().covers("CC BY-NC 4.0")
