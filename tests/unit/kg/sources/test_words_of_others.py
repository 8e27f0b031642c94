from __future__ import annotations

import pytest

from kg.sources.words_of_others import fits, kind_by_prefix, kind_of, meaning_of


@pytest.mark.parametrize(
    ("words", "curie", "kind"),
    [
        (["biolink:NamedThing", "biolink:Disease"], "MONDO:1", "Disease"),
        (["PhenotypicFeature", "DiseaseOrPhenotypicFeature"], "HP:1", "Symptom"),
        (["biolink:ChemicalEntity"], "CHEBI:1", "Drug"),
        (["biolink:ChemicalEntity"], "NDFRT:N1", "DrugClass"),
        (["Drug"], "ATC:R03AC", "DrugClass"),
        (["Drug"], "ATC:R03AC02", "Drug"),
        (["SIDE_EFFECT"], "UMLS:C1", "SideEffect"),
        (["Gene"], "HGNC:1", None),
        ([], "DOID:1", None),
    ],
)
def test_a_graphs_words_for_a_node_tell_its_kind(words: list[str], curie: str, kind: str | None) -> None:
    assert kind_of(words, curie) == kind


def test_a_vocabulary_of_one_kind_tells_it_alone() -> None:
    assert kind_by_prefix("DOID:1") == "Disease"
    assert kind_by_prefix("MESH:D1") is None


@pytest.mark.parametrize(
    ("word", "end", "kind"),
    [
        ("HAS_SYMPTOM", "Symptom", "HAS_SYMPTOM"),
        ("biolink:has_phenotype", "Symptom", "HAS_SYMPTOM"),
        ("OFF_LABEL_USE", "Disease", "TREATS"),
        ("biolink:subclass_of", "Disease", "IS_A"),
        ("biolink:subclass_of", "DrugClass", "IN_CLASS"),
        ("biolink:located_in", "Disease", None),
    ],
)
def test_a_graphs_word_for_an_edge_tells_its_kind(word: str, end: str, kind: str | None) -> None:
    found = meaning_of(word, None, end)
    assert (found.kind if found else None) == kind


def test_an_edge_fits_between_the_kinds_of_the_schema() -> None:
    assert fits("HAS_SYMPTOM", "Disease", "Symptom")
    assert not fits("HAS_SYMPTOM", "Symptom", "Disease")
    assert fits("IS_A", "Symptom", "Symptom")
    assert not fits("IS_A", "Disease", "Symptom")
