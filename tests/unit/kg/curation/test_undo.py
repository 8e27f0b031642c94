"""Taking back: each thing once, and every later change is named."""

from __future__ import annotations

from kg.changes import Change, State, merged_edge, merged_node, renamed_node
from kg.curation.undo import conflicts, taken_back
from kg.values import Edge, Evidence, Node

COLD = merged_node(None, Node("Disease", "DOID:1", {"en": "cold"}), "a")
CORYZA = renamed_node(COLD, "en", "coryza")
RHINITIS = renamed_node(CORYZA, "en", "rhinitis")


def fever(*references: str) -> State:
    state: State | None = None
    for number, reference in enumerate(references):
        item = Evidence("a", "1", "CC0-1.0", reference, "us")
        state = merged_edge(state, Edge("HAS_SYMPTOM", "DOID:1", "S:1", (item,)), f"CS:{number}", "2026")
    assert state is not None
    return state


def test_a_thing_that_was_changed_twice_goes_back_to_how_it_was_first() -> None:
    changes = [Change("node", "DOID:1", COLD, CORYZA), Change("node", "DOID:1", CORYZA, RHINITIS)]

    assert taken_back(changes) == [Change("node", "DOID:1", RHINITIS, COLD)]


def test_a_thing_that_ended_as_it_began_needs_nothing() -> None:
    assert taken_back([Change("node", "DOID:1", COLD, CORYZA), Change("node", "DOID:1", CORYZA, COLD)]) == []


def test_what_nobody_touched_can_be_taken_back() -> None:
    assert conflicts([Change("node", "DOID:1", CORYZA, COLD)], {"DOID:1": CORYZA}) == []
    assert conflicts([Change("edge", "DOID:1/HAS_SYMPTOM/S:1", None, fever("r"))], {}) == []


def test_a_later_name_is_named() -> None:
    lines = conflicts([Change("node", "DOID:1", CORYZA, COLD)], {"DOID:1": RHINITIS})

    assert lines == ["DOID:1: its name in en is 'rhinitis' now, not 'coryza'"]


def test_later_evidence_is_named_with_its_change_set() -> None:
    lines = conflicts([Change("edge", "E", fever("one"), None)], {"E": fever("one", "two")})

    assert len(lines) == 1
    assert lines[0].startswith("E: EV:")
    assert lines[0].endswith("was added by CS:1")


def test_what_was_taken_away_or_made_again_is_named() -> None:
    assert conflicts([Change("node", "DOID:1", CORYZA, COLD)], {}) == ["DOID:1: was taken away"]
    assert conflicts([Change("node", "DOID:1", None, COLD)], {"DOID:1": COLD}) == ["DOID:1: was made again"]


def test_other_changes_of_a_node_are_named_by_what_they_touched() -> None:
    later = {**CORYZA, "xrefs": ["ICD10:J00"]}

    assert conflicts([Change("node", "DOID:1", CORYZA, COLD)], {"DOID:1": later}) == ["DOID:1: xrefs changed"]
