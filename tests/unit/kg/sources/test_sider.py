"""SIDER: effects by preferred term, frequencies as means, placebo left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.sources.sider import FORMAT
from tests.unit.kg.sources.reading_formats import Opened, Told, slots_of, told
from tests.unit.kg.sources.text_in_memory import InMemory

PAIN = "CID100000085\tCID000010917\tC0000737\t{placebo}\t{text}\t{low}\t{high}\t{type}\tC0000737\tAbdominal pain"


def pain(low: str, high: str, placebo: str = "", type: str = "PT") -> str:
    return PAIN.format(placebo=placebo, text="some", low=low, high=high, type=type)


def frequencies(*lines: str) -> Told:
    return told(FORMAT, {"frequencies": [InMemory("freq.tsv", lines)]})


def test_a_frequency_is_the_mean_of_its_bounds_and_of_the_rows() -> None:
    found = frequencies(pain("0.21", "0.21"), pain("0.01", "0.05"), pain("0.9", "0.9", "placebo"))
    (edge,) = found.edges
    assert edge.id == "PUBCHEM.COMPOUND:10917/CAUSES/UMLS:C0000737"
    assert edge.evidence[0].claims == {"frequency": 0.12}
    assert found.node("UMLS:C0000737").names == {"en": "Abdominal pain"}
    assert found.rules == [("placebo", "skipped")]


def test_only_preferred_terms_are_taken_and_the_rest_is_counted() -> None:
    found = frequencies(pain("0.1", "0.1", type="LLT"), pain("0.1", "0.1", type=""), pain("0.1", "0.1"))
    assert len(found.edges) == 1
    assert [problem.message for problem in found.problems] == [
        "only preferred terms of MedDRA are kept (2 rows, this is the first)"
    ]


def test_a_drug_is_its_stereo_id_and_linked_with_the_flat_one() -> None:
    (link,) = frequencies(pain("0.1", "0.1")).links
    assert (link.left, link.right, link.why) == ("PUBCHEM.COMPOUND:10917", "PUBCHEM.COMPOUND:85", "xref")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (pain("0.5", "0.1"), "bad-frequency"),
        (pain("often", "0.1"), "bad-frequency"),
        (pain("0.1", "nan"), "bad-frequency"),
        (pain("0.1", "0.1").replace("CID000010917", "CID10917"), "id-form"),
        (pain("0.1", "0.1").replace("C0000737\tAbd", "C7\tAbd"), "id-form"),
        ("CID100000085\tCID000010917", "row-width"),
    ],
)
def test_a_faulty_row_is_told_and_the_next_is_read(row: str, rule: str) -> None:
    found = frequencies(row, pain("0.1", "0.1"))
    assert [(problem.rule, problem.place.line) for problem in found.errors] == [(rule, 1)]
    assert len(found.edges) == 1


def test_only_an_indication_found_as_such_is_one() -> None:
    header = (
        "drugbank_id drugbank_name pubchem_id stitch_id_flat umls_cui_from_label method concept_name meddra_type"
        " umls_cui_from_meddra meddra_name"
    )
    row = "DB00014 Goserelin 47725 CID100047725 C0002871 {} Anemia PT C0002871 Anaemia"
    methods = ("text_mention", "NLP_indication", "NLP_indication", "guess")
    lines = [header, *(row.format(method) for method in methods)]
    found = told(FORMAT, {"indications": [InMemory("i.tsv", tuple(line.replace(" ", "\t") for line in lines))]})
    assert [edge.id for edge in found.edges] == ["DRUGBANK:DB00014/TREATS/UMLS:C0002871"]
    assert [(link.left, link.right) for link in found.links] == [("DRUGBANK:DB00014", "PUBCHEM.COMPOUND:47725")]
    assert found.rules == [("method-unknown", "error"), ("no-indication", "skipped")]


def test_names_of_drugs_may_come_in_a_table_of_their_own() -> None:
    names = InMemory.of("drug_names.tsv", "CID100000085\tcarnitine\nCID9\tnothing\n")
    found = told(FORMAT, {"names": [names]})
    assert slots_of(FORMAT, InMemory.of("n.tsv", "CID100000085\tcarnitine\n")) == ["names"]
    assert found.node("PUBCHEM.COMPOUND:85").names == {"en": "carnitine"}
    assert found.rules == [("id-form", "error")]


def test_the_real_files_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "nc-sider4"
    files = {
        "effects": "sider4-meddra_all_se.tsv.gz",
        "frequencies": "sider4-meddra_freq.tsv.gz",
        "indications": "sider4-indications.tsv",
        "terms": "sider4-side-effect-terms.tsv",
    }
    found = told(FORMAT, {slot: [Opened(folder / name)] for slot, name in files.items()})
    # The file says `1-0%` in one row.
    assert [(problem.rule, problem.place.line) for problem in found.errors] == [("bad-frequency", 192_645)]
    causes = found.edges_of("CAUSES")
    assert sum("frequency" not in edge.evidence[0].claims for edge in causes) == 152_759
    assert sum("frequency" in edge.evidence[0].claims for edge in causes) == 61_301
    assert len(found.ids("SideEffect")) == 5953
    assert len(found.edges_of("TREATS")) == 4847
    assert {key.partition(":")[0] for key in found.dangling()} == {"PUBCHEM.COMPOUND"}
