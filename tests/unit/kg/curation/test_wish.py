"""A wish is refused with words a curator understands, or becomes exactly one change."""

from __future__ import annotations

from typing import Any

import pytest

from kg.changes import State, merged_edge, merged_node
from kg.curation.evidence import curated
from kg.curation.wish import edge_wish, fitted, granted, name_wish, named_by, removal_wish
from kg.errors import CurationError, KgError, RecordRejected, StepRefused
from kg.values import Edge, Node

AT = "2026-01-01T00:00:00.000000+00:00"


def node(kind: str, key: str, **names: str) -> State:
    return merged_node(None, Node(kind, key, names), "a")


NODES = {
    "DOID:1": node("Disease", "DOID:1", en="acute bronchitis"),
    "DOID:2": node("Disease", "DOID:2", en="asthma", ru="астма"),
    "MESH:D1": node("Symptom", "MESH:D1", en="fever"),
}
FEVER = edge_wish("HAS_SYMPTOM", "DOID:1", "MESH:D1", curated("PMID:1", by="anna", claims={"weight": 0.6}))
AGAINST = edge_wish("HAS_SYMPTOM", "DOID:1", "MESH:D1", curated("PMID:1", by="anna", against=True))


def fever(wish: dict[str, Any] = FEVER) -> State | None:
    return granted(wish, NODES, None, "CS:1", AT).after


def test_a_wish_names_its_nodes_and_its_edge() -> None:
    assert named_by(FEVER) == (("DOID:1", "MESH:D1"), "DOID:1/HAS_SYMPTOM/MESH:D1")
    assert named_by(name_wish("DOID:1", "ru", "бронхит", "PMID:1")) == (("DOID:1",), None)


def test_a_wish_for_an_edge_is_told_in_words() -> None:
    assert fitted(FEVER, NODES, None) == (FEVER, "acute bronchitis HAS_SYMPTOM fever (weight 0.6)")
    assert fitted(AGAINST, NODES, fever())[1] == "not: acute bronchitis HAS_SYMPTOM fever"


def test_a_granted_edge_has_the_evidence_its_change_set_and_its_time() -> None:
    change = granted(FEVER, NODES, None, "CS:1", AT)

    assert (change.target, change.id, change.before) == ("edge", "DOID:1/HAS_SYMPTOM/MESH:D1", None)
    assert change.after is not None
    assert change.after["properties"] == {"weight": 0.6}
    assert [(item["change_set"], item["at"]) for item in change.after["evidence"]] == [("CS:1", AT)]


def test_what_the_graph_has_is_kept_beside_what_is_granted() -> None:
    other = Edge("HAS_SYMPTOM", "DOID:1", "MESH:D1", (curated("PMID:9", by="boris", claims={"weight": 0.1}),))
    before = merged_edge(None, other, "CS:0", "2025-01-01T00:00:00.000000+00:00")
    after = granted(FEVER, NODES, before, "CS:1", AT).after

    assert after is not None
    assert len(after["evidence"]) == 2
    assert after["properties"] == {"weight": 0.6}


def test_evidence_against_an_edge_leaves_it_and_adds_a_voice() -> None:
    after = granted(AGAINST, NODES, fever(), "CS:2", AT).after

    assert after is not None
    assert sorted(item["direction"] for item in after["evidence"]) == ["against", "for"]


@pytest.mark.parametrize(
    ("kind", "start", "end", "said", "hint"),
    [
        ("HAS_SYMPTOMS", "DOID:1", "MESH:D1", "no kind of edge 'HAS_SYMPTOMS'", "HAS_SYMPTOM, TREATS"),
        ("HAS_SYMPTOM", "fever", "MESH:D1", "'fever' is not an id", "PREFIX:LOCAL"),
        ("HAS_SYMPTOM", "DOID:1", "DOID:1", "points at itself", "two different ends"),
        ("HAS_SYMPTOM", "DOID:404", "MESH:D1", "no node 'DOID:404'", "mkg ask"),
        ("HAS_SYMPTOM", "MESH:D1", "DOID:1", "from Disease to Symptom, not from Symptom to Disease", "Turn"),
        ("RESEMBLES", "DOID:1", "MESH:D1", "from Disease to Disease", "means"),
    ],
)
def test_an_edge_that_does_not_fit_is_refused_in_words(kind: str, start: str, end: str, said: str, hint: str) -> None:
    with pytest.raises(KgError, match=said) as caught:
        fitted(edge_wish(kind, start, end, curated("PMID:1", by="anna")), NODES, None)
    assert hint in str(caught.value.hint)


@pytest.mark.parametrize("weight", [2, -0.1, "much", float("nan")])
def test_a_weight_outside_its_range_is_refused(weight: object) -> None:
    with pytest.raises(RecordRejected, match="weight is"):
        edge_wish("HAS_SYMPTOM", "DOID:1", "MESH:D1", curated("PMID:1", by="anna", claims={"weight": weight}))


def test_evidence_without_a_reference_is_refused() -> None:
    with pytest.raises(RecordRejected, match="without reference"):
        edge_wish("HAS_SYMPTOM", "DOID:1", "MESH:D1", curated(" ", by="anna"))


def test_nobody_speaks_against_what_the_graph_does_not_say() -> None:
    with pytest.raises(CurationError, match="no such edge"):
        fitted(AGAINST, NODES, None)


GONE = removal_wish("HAS_SYMPTOM", "DOID:1", "MESH:D1", curated("PMID:9", by="vera", against=True))


def test_a_granted_removal_takes_the_edge_away_as_it_stands() -> None:
    what, title = fitted(GONE, NODES, fever())
    assert title == "remove: acute bronchitis HAS_SYMPTOM fever"

    change = granted(what, NODES, fever(), "CS:2", AT)
    assert (change.id, change.before, change.after) == ("DOID:1/HAS_SYMPTOM/MESH:D1", fever(), None)
    assert change.undone().after == fever()


def test_an_edge_that_got_new_evidence_meanwhile_is_not_removed_unseen() -> None:
    what, _ = fitted(GONE, NODES, fever())
    with pytest.raises(StepRefused, match="came in after the removal was proposed") as caught:
        granted(what, NODES, granted(AGAINST, NODES, fever(), "CS:2", AT).after, "CS:3", AT)
    assert "anew" in str(caught.value.hint)
    # What was taken away meanwhile is no hindrance.
    both, _ = fitted(GONE, NODES, granted(AGAINST, NODES, fever(), "CS:2", AT).after)
    assert granted(both, NODES, fever(), "CS:3", AT).after is None


def test_what_is_not_there_is_not_removed() -> None:
    with pytest.raises(CurationError, match="no such edge to remove"):
        fitted(GONE, NODES, None)
    with pytest.raises(CurationError, match="no such edge to remove"):
        granted(fitted(GONE, NODES, fever())[0], NODES, None, "CS:2", AT)


def test_a_removal_needs_evidence_against_the_edge() -> None:
    with pytest.raises(CurationError, match="has to speak against it"):
        removal_wish("HAS_SYMPTOM", "DOID:1", "MESH:D1", curated("PMID:9", by="vera"))


def test_what_the_graph_says_already_is_not_proposed() -> None:
    with pytest.raises(CurationError, match="says this already"):
        fitted(FEVER, NODES, fever())
    with pytest.raises(CurationError, match="says this already"):
        fitted(name_wish("DOID:2", "ru", "астма", "PMID:1"), NODES, None)


def test_the_ends_of_a_symmetric_edge_have_one_order() -> None:
    evidence = curated("PMID:1", by="anna")

    assert edge_wish("RESEMBLES", "DOID:2", "DOID:1", evidence) == edge_wish("RESEMBLES", "DOID:1", "DOID:2", evidence)


def test_a_wish_for_a_name_holds_what_it_replaces() -> None:
    what, title = fitted(name_wish("DOID:2", "ru", "бронхиальная астма", "PMID:1"), NODES, None)

    assert what["was"] == "астма"
    assert title == "DOID:2 ru: 'астма' → 'бронхиальная астма'"


def test_a_granted_name_makes_the_old_one_a_synonym() -> None:
    what, _ = fitted(name_wish("DOID:2", "ru", "бронхиальная астма", "PMID:1"), NODES, None)
    after = granted(what, NODES, None, "CS:1", AT).after

    assert after is not None
    assert after["names"] == {"en": "asthma", "ru": "бронхиальная астма"}
    assert after["synonyms"] == {"ru": ["астма"]}


def test_a_name_that_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    what, _ = fitted(name_wish("DOID:2", "ru", "бронхиальная астма", "PMID:1"), NODES, None)
    changed = {"DOID:2": node("Disease", "DOID:2", en="asthma", ru="астма лёгких")}

    with pytest.raises(StepRefused, match="'астма лёгких' now"):
        granted(what, changed, None, "CS:1", AT)


@pytest.mark.parametrize(
    ("language", "name", "reference", "said"),
    [
        ("de", "Asthma", "PMID:1", "language 'de'"),
        ("ru", "   ", "PMID:1", "one line of text"),
        ("ru", "a\nb", "PMID:1", "one line of text"),
        ("ru", "a\u202eb", "PMID:1", "control character"),
        ("ru", "a" * 301, "PMID:1", "301 characters"),
        ("ru", "a", "", "no reference"),
    ],
)
def test_a_name_that_makes_no_sense_is_refused(language: str, name: str, reference: str, said: str) -> None:
    with pytest.raises(KgError, match=said):
        name_wish("DOID:2", language, name, reference)


def test_one_letter_written_in_two_ways_is_one_name() -> None:
    assert name_wish("DOID:2", "ru", "\u0438\u0306од", "r")["name"] == "\u0439од"
