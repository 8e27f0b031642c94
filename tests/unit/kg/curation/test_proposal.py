"""A proposal's ids come from what is asked, and it survives the way through JSON."""

from __future__ import annotations

from dataclasses import replace

import orjson

from kg.curation.proposal import Proposal, proposal_id, wish_key
from kg.curation.steps import State

WHAT = {"node": "DOID:1", "language": "ru", "name": "простуда", "was": None, "reference": "PMID:1"}
PROPOSAL = Proposal("P:1", "name", State.PROPOSED, 1, "a title", WHAT, "anna", "", "2026-01-01")


def test_a_proposal_comes_back_from_json_and_from_the_database() -> None:
    stored = {**PROPOSAL.as_json(), "what": orjson.dumps(WHAT).decode(), "lock": 3, "key": "k"}

    assert Proposal.of_json(PROPOSAL.as_json()) == PROPOSAL
    assert Proposal.of_json({name: value for name, value in stored.items() if value is not None}) == PROPOSAL
    assert Proposal.of_json(replace(PROPOSAL, status=State.ACCEPTED).as_json()).status is State.ACCEPTED


def test_two_people_who_ask_for_the_same_share_a_key() -> None:
    edge = {"edge": "HAS_SYMPTOM", "start": "a", "end": "b", "evidence": {"reference": "r", "asserted_by": "anna"}}
    other = {**edge, "evidence": {"asserted_by": "boris", "version": "2", "reference": "r"}}

    assert wish_key("edge", edge) == wish_key("edge", other)
    assert wish_key("name", WHAT) == wish_key("name", {**WHAT, "was": "насморк"})


def test_another_reference_or_value_is_another_wish() -> None:
    assert wish_key("name", WHAT) != wish_key("name", {**WHAT, "reference": "PMID:2"})
    assert wish_key("name", WHAT) != wish_key("name", {**WHAT, "name": "насморк"})


def test_the_same_wish_proposed_anew_has_an_id_of_its_own() -> None:
    assert proposal_id("k", "anna", 0) == proposal_id("k", "anna", 0)
    assert len({proposal_id("k", "anna", 0), proposal_id("k", "anna", 1), proposal_id("k", "boris", 0)}) == 3
