"""States are merged without loss, in any order, and every change can be taken back."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.changes import Change, State, authority_of, changes_for, merged_edge, merged_node, renamed_node
from kg.errors import RecordRejected
from kg.values import Edge, Evidence, Node

AT = "2026-01-01T00:00:00.000000+00:00"
LATER = "2026-01-02T00:00:00.000000+00:00"


def evidence(source: str = "a", version: str = "1", direction: str = "for", **claims: object) -> Evidence:
    side = "against" if direction == "against" else "for"
    return Evidence(source, version, "CC0-1.0", "ref", "us", direction=side, claims=claims)


def edge(*items: Evidence) -> Edge:
    return Edge("HAS_SYMPTOM", "DOID:1", "MESH:D1", items)


def told(*nodes: tuple[Node, str]) -> State:
    state: State | None = None
    for node, source in nodes:
        state = merged_node(state, node, source)
    assert state is not None
    return state


def test_experts_are_believed_before_us_and_we_before_others() -> None:
    assert authority_of("curation") > authority_of("mkg-core") > authority_of("hetionet")


def test_a_new_node_is_told_as_its_source_tells_it() -> None:
    node = Node("Disease", "DOID:1", {"en": "cold"}, {"en": ("coryza",)}, {"sex": "female"}, ("ICD10:J00",))

    assert merged_node(None, node, "a") == {
        "kind": "Disease",
        "names": {"en": "cold"},
        "synonyms": {"en": ["coryza"]},
        "properties": {"sex": "female"},
        "xrefs": ["ICD10:J00"],
        "sources": ["a"],
        "authority": 1,
    }


def test_between_equals_the_first_name_is_kept_and_the_other_becomes_a_synonym() -> None:
    state = told((Node("Disease", "DOID:1", {"en": "cold"}), "a"), (Node("Disease", "DOID:1", {"en": "Coryza"}), "b"))

    assert (state["names"], state["synonyms"]) == ({"en": "cold"}, {"en": ["Coryza"]})


def test_a_source_of_more_authority_gives_the_name_and_the_properties() -> None:
    other = Node("Disease", "DOID:1", {"en": "cold"}, properties={"prior": 0.1, "age_min": 1})
    ours = Node("Disease", "DOID:1", {"en": "common cold"}, properties={"prior": 0.3})
    state = told((other, "a"), (ours, "mkg-core"))

    assert state["names"] == {"en": "common cold"}
    assert state["synonyms"] == {"en": ["cold"]}
    assert state["properties"] == {"age_min": 1, "prior": 0.3}
    assert state["authority"] == 2


def test_a_node_that_is_another_kind_of_thing_is_refused() -> None:
    before = merged_node(None, Node("Disease", "DOID:1", {"en": "cold"}), "a")

    with pytest.raises(RecordRejected, match="is a Disease in the graph and a Symptom here"):
        merged_node(before, Node("Symptom", "DOID:1", {"en": "cold"}), "b")


def test_a_renamed_node_keeps_its_old_name_as_a_synonym_and_is_an_experts() -> None:
    before = told((Node("Disease", "DOID:1", {"en": "cold"}, {"en": ("coryza", "common cold")}), "a"))
    after = renamed_node(before, "en", "common cold")

    assert after["names"] == {"en": "common cold"}
    assert after["synonyms"] == {"en": ["cold", "coryza"]}
    assert after["sources"] == ["a", "curation"]
    assert merged_node(after, Node("Disease", "DOID:1", {"en": "cold"}), "mkg-core")["names"] == {"en": "common cold"}


def test_a_name_in_a_language_that_had_none_leaves_no_empty_synonyms() -> None:
    before = told((Node("Disease", "DOID:1", {"en": "cold"}), "a"))

    assert renamed_node(before, "ru", "простуда")["synonyms"] == {}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_sources_arrive_does_not_change_an_edge(order: tuple[int, ...]) -> None:
    items = [evidence("a", weight=0.1), evidence("mkg-core", weight=0.5), evidence("zzz", weight=0.9)]
    state: State | None = None
    for number in order:
        state = merged_edge(state, edge(items[number]), "CS:1", AT)

    assert state is not None
    assert state["properties"] == {"weight": 0.5}
    assert len(state["evidence"]) == 3


def test_evidence_against_an_edge_claims_nothing() -> None:
    assert merged_edge(None, edge(evidence(direction="against", weight=0.9)), "CS:1", AT)["properties"] == {}


def test_of_one_source_the_newer_version_is_believed() -> None:
    newer = merged_edge(None, edge(evidence(version="v10", weight=0.2)), "CS:1", AT)
    both = merged_edge(newer, edge(evidence(version="v9", weight=0.7)), "CS:2", LATER)

    assert both["properties"] == {"weight": 0.2}


@pytest.mark.parametrize(("first", "last"), [(0.2, 0.7), (0.7, 0.2)])
def test_of_experts_the_last_word_counts(first: float, last: float) -> None:
    before = merged_edge(None, edge(evidence("curation", weight=first)), "CS:1", AT)

    assert merged_edge(before, edge(evidence("curation", weight=last)), "CS:2", LATER)["properties"] == {"weight": last}


def test_evidence_that_is_known_keeps_its_time_and_change_set() -> None:
    before = merged_edge(None, edge(evidence()), "CS:1", AT)

    assert merged_edge(before, edge(evidence()), "CS:2", LATER) == before


def test_a_change_that_is_taken_back_twice_is_itself_and_survives_the_log() -> None:
    change = Change("edge", edge().id, None, merged_edge(None, edge(evidence()), "CS:1", AT))

    assert change.undone().undone() == change
    assert Change.of_json(change.as_json()) == change


names = st.dictionaries(st.sampled_from(("en", "ru")), st.sampled_from(("a", "A", "b", "c")), min_size=1)
nodes = st.builds(
    Node,
    kind=st.just("Disease"),
    id=st.sampled_from(("DOID:1", "DOID:2")),
    names=names,
    synonyms=st.dictionaries(st.sampled_from(("en", "ru")), st.tuples(st.sampled_from(("b", "c", "d")))),
    properties=st.dictionaries(st.just("prior"), st.sampled_from((0.1, 0.2))),
    xrefs=st.lists(st.sampled_from(("DOID:1", "ICD10:J00")), max_size=2).map(tuple),
)
edges = st.builds(
    edge, st.builds(evidence, st.sampled_from(("a", "mkg-core", "curation")), st.just("1"), weight=st.just(0.5))
)


@given(st.lists(nodes | edges, max_size=8), st.sampled_from(("a", "mkg-core")))
def test_telling_twice_is_telling_once(wanted: list[Node | Edge], source: str) -> None:
    first = changes_for(wanted, {}, source=source, change_set="CS:1", at=AT)
    current = {change.id: change.after for change in first if change.after is not None}

    assert changes_for(wanted, current, source=source, change_set="CS:2", at=LATER) == []


@given(st.lists(nodes, min_size=1, max_size=6))
def test_no_name_is_ever_lost(wanted: list[Node]) -> None:
    for change in changes_for(wanted, {}, source="a", change_set="CS:1", at=AT):
        assert change.after is not None
        for node in (node for node in wanted if node.id == change.id):
            for language, name in node.names.items():
                kept = [change.after["names"][language], *change.after["synonyms"].get(language, ())]
                assert name.casefold() in {word.casefold() for word in kept}
