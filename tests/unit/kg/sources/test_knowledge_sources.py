from __future__ import annotations

import pytest

from kg.sources.knowledge_sources import licence_named, licence_of, source_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("infores:hpo-annotations", "hpo-annotations"),
        (" SIDER 4.1 ", "sider-4.1"),
        ("Human Disease Ontology!", "human-disease-ontology"),
        ("", ""),
    ],
)
def test_a_source_has_one_spelling(text: str, name: str) -> None:
    assert source_name(text) == name


def test_a_source_name_is_short() -> None:
    assert len(source_name("x" * 100_000)) == 80


def test_a_licence_is_known_by_its_address() -> None:
    assert licence_named("see https://creativecommons.org/licenses/by-nc/4.0/") == "CC BY-NC 4.0"
    assert licence_named("ask us") == ""


def test_a_source_that_is_not_known_keeps_what_the_file_tells() -> None:
    assert licence_of("drugbank") == "CC BY-NC 4.0"
    assert licence_of("x", "CC BY 1") == "CC BY 1"
    assert licence_of("x") == "not told"
