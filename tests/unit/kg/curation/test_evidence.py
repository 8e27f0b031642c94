"""What a curator may say, and in whose name."""

from __future__ import annotations

import pytest

from kg.curation.evidence import as_json, check_spoken, curated, of_json
from kg.errors import CurationError
from kg.values import Evidence


def test_a_curators_evidence_is_complete() -> None:
    evidence = curated("PMID:123", by="anna", claims={"weight": 0.6}, snippet="fever is common")

    assert evidence.source == "curation"
    assert evidence.asserted_by == "anna"
    assert evidence.direction == "for"
    assert all((evidence.version, evidence.licence, evidence.reference))


def test_evidence_comes_back_from_json_as_it_was() -> None:
    evidence = curated("PMID:123", by="anna", claims={"weight": 0.6})

    assert of_json(as_json(evidence)) == evidence


def test_nobody_speaks_for_the_shipped_graph() -> None:
    with pytest.raises(CurationError, match="mkg-core"):
        check_spoken(Evidence("mkg-core", "1", "CC0-1.0", "ref", "anna"))


def test_evidence_against_an_edge_claims_nothing() -> None:
    check_spoken(curated("PMID:1", by="anna", against=True))
    with pytest.raises(CurationError, match="cannot claim weight"):
        check_spoken(curated("PMID:1", by="anna", against=True, claims={"weight": 0.1}))
