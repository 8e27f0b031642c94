from __future__ import annotations

import pytest

from kg.errors import RecordRejected
from kg.sources.curies import curie_in, effect_id, usual_curie


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("mesh:D003371", "MESH:D003371"),
        ("DrugBank:DB00945", "DRUGBANK:DB00945"),
        ("Orphanet:12", "ORPHA:12"),
        ("UMLS_CUI:C1", "UMLS:C1"),
        ("ICD10WHO:J45", "ICD10:J45"),
        (" ICD10CM:J450 ", "ICD10CM:J45.0"),
        ("Custom:x", "Custom:x"),
    ],
)
def test_an_id_gets_the_prefix_that_is_written_here(text: str, usual: str) -> None:
    assert usual_curie(text) == usual


@pytest.mark.parametrize("text", ["", "DOID", "DOID:", ":1", "DOID:a b", "ICD10:QA0.01", "x" * 1_000_000])
def test_what_is_no_id_is_refused_in_a_short_message(text: str) -> None:
    with pytest.raises(RecordRejected) as refusal:
        usual_curie(text)
    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("DB00945", "DRUGBANK:DB00945"),
        ("N0000175779", "NDFRT:N0000175779"),
        ("C0040822", "UMLS:C0040822"),
        ("D003371", "MESH:D003371"),
        ("17", "LOCAL:17"),
        ("doid:4", "DOID:4"),
    ],
)
def test_an_id_without_prefix_is_known_by_its_form_or_its_space(text: str, curie: str) -> None:
    assert curie_in(text, "LOCAL") == curie


def test_a_phenotype_as_an_effect_is_another_thing() -> None:
    assert effect_id("HP:0002027") == "HP.SE:0002027"
