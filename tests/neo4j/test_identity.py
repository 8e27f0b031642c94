"""A thing that arrives under several ids is one node, whenever it becomes known; nothing told of it is lost."""

from __future__ import annotations

import orjson
import pytest

from bench.standing import standing
from kg.changes import State
from kg.sources.ids import by_code, by_name
from kg.store import Store
from kg.values import Edge, Node, Same
from tests.neo4j.told import Clerk, disease, evidence, has, symptom

pytestmark = pytest.mark.neo4j


async def nodes(store: Store) -> dict[str, State]:
    return {row["node"]: row for row in await lines(store) if "node" in row}


async def edges(store: Store) -> dict[str, State]:
    return {row["edge"]: row for row in await lines(store) if "edge" in row}


async def aliases(store: Store) -> dict[str, str]:
    return {row["id"]: row["of"] for row in await lines(store) if "alias" in row}


async def lines(store: Store) -> list[dict[str, State]]:
    return [orjson.loads(line) for line in (await standing(store)).splitlines()]


async def test_two_nodes_that_turn_out_to_be_one_are_joined_by_a_later_mapping(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(
        Node("Disease", "DOID:1", {"en": "flu"}, xrefs=("UMLS:1",)), symptom("S:1"), has("DOID:1", "S:1", weight=0.5)
    )
    await clerk.loaded(
        Node("Disease", "MONDO:1", {"en": "influenza", "ru": "грипп"}, properties={"prior": 0.1}),
        disease("DOID:2"),
        symptom("S:2"),
        has("MONDO:1", "S:1", "other", weight=0.7),
        has("MONDO:1", "S:2", "other"),
        Edge("RESEMBLES", "DOID:2", "MONDO:1", (evidence("other", score=0.3),)),
        source="other",
    )
    before = await standing(store)
    told = {item["source"] for edge in (await edges(store)).values() for item in edge["evidence"]}
    change_set = await clerk.loaded(Same("Disease", "MONDO:1", "DOID:1"), source="map")

    assert set(await nodes(store)) == {"DOID:1", "DOID:2", "S:1", "S:2"}
    one = (await nodes(store))["DOID:1"]
    assert (one["names"], one["synonyms"]) == ({"en": "flu", "ru": "грипп"}, {"en": ["influenza"]})
    assert (one["properties"], one["sources"]) == ({"prior": 0.1}, ["clinic", "other"])
    assert set(one["xrefs"]) >= {"UMLS:1"}
    found = await edges(store)
    assert set(found) == {"DOID:1/HAS_SYMPTOM/S:1", "DOID:1/HAS_SYMPTOM/S:2", "DOID:1/RESEMBLES/DOID:2"}
    assert {item["source"] for item in found["DOID:1/HAS_SYMPTOM/S:1"]["evidence"]} == {"clinic", "other"}
    assert told == {item["source"] for edge in found.values() for item in edge["evidence"]}
    assert await aliases(store) == {"MONDO:1": "DOID:1"}

    # What is loaded from now on under the other id goes to the one node.
    later = await clerk.loaded(has("MONDO:1", "S:1", "third"), source="third")
    assert len((await edges(store))["DOID:1/HAS_SYMPTOM/S:1"]["evidence"]) == 3
    await clerk.undo(later)
    await clerk.undo(change_set)
    assert await standing(store) == before


async def test_a_term_that_is_replaced_by_one_of_the_same_load_goes_over_to_it(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(
        disease("DOID:1", "old name"), symptom("S:1"), has("DOID:1", "S:1"), Same("Disease", "OMIM:1", "DOID:1", "xref")
    )
    before = await standing(store)
    change_set = await clerk.loaded(
        disease("DOID:2", "new name"),
        Same("Disease", "DOID:1", "DOID:2", "replaced"),
        Same("Disease", "OMIM:1", "DOID:2", "xref"),
        source="release",
    )
    assert set(await nodes(store)) == {"DOID:2", "S:1"}
    assert (await nodes(store))["DOID:2"]["names"] == {"en": "new name"}
    assert set(await edges(store)) == {"DOID:2/HAS_SYMPTOM/S:1"}
    assert await aliases(store) == {"DOID:1": "DOID:2", "OMIM:1": "DOID:2"}
    await clerk.undo(change_set)
    assert await standing(store) == before


async def test_an_edge_between_two_things_that_are_one_goes_and_comes_back(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(disease("DOID:1"), disease("MONDO:1"), Edge("RESEMBLES", "DOID:1", "MONDO:1", (evidence(),)))
    before = await standing(store)
    change_set = await clerk.loaded(Same("Disease", "MONDO:1", "DOID:1"))
    assert await edges(store) == {}
    await clerk.undo(change_set)
    assert await standing(store) == before


async def test_a_mapping_in_doubt_joins_nothing_and_is_told(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(disease("DOID:1"), disease("DOID:2"))
    before = await standing(store)
    report = await clerk.load(Same("Disease", "MESH:1", "DOID:1"), Same("Disease", "MESH:1", "DOID:2"))
    assert [(item.rule, item.severity, item.place.line) for item in report.problems] == [
        ("identity-unclear", "skipped", 2),
        ("identity-unclear", "skipped", 3),
    ]
    assert await standing(store) == before


async def test_loading_a_mapping_again_changes_nothing(store: Store) -> None:
    clerk = Clerk(store)
    links = [Same("Disease", "MONDO:1", "DOID:1"), Same("Disease", "DOID:9", "DOID:1", "replaced")]
    await clerk.loaded(disease("DOID:1"), disease("MONDO:1"), *links)
    before = await standing(store)
    report = await clerk.load(disease("MONDO:1"), *links, again=True)
    assert (report.change_set, report.nodes.unchanged) == (None, 1)
    assert await standing(store) == before


def coded(key: str, source: str = "clinic") -> Edge:
    return Edge("CODED_AS", key, "ICD10:J11", (evidence(source),))


CODE = Node("IcdCode", "ICD10:J11", {"en": "Influenza"}, properties={"system": "ICD10", "level": "category"})
BY_CODE = by_code("ICD10", "J11")


async def test_a_disease_told_by_its_code_is_the_one_recorded_under_it(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(CODE, disease("DOID:1"), coded("DOID:1"), symptom("S:1"))
    await clerk.loaded(
        disease(BY_CODE, "influenza"), coded(BY_CODE, "other"), has(BY_CODE, "S:1", "other"), source="other"
    )
    assert BY_CODE not in await nodes(store)
    assert set(await edges(store)) == {"DOID:1/CODED_AS/ICD10:J11", "DOID:1/HAS_SYMPTOM/S:1"}
    assert (await nodes(store))["DOID:1"]["xrefs"] == [], "an id of our own making is no cross-reference"


async def test_of_several_diseases_under_a_code_none_is_guessed(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(CODE, disease("DOID:1"), coded("DOID:1"), disease("DOID:2"), coded("DOID:2"))
    report = await clerk.load(disease(BY_CODE), coded(BY_CODE, "other"), source="other")
    assert [(item.rule, item.value) for item in report.problems] == [("code-unclear", "ICD10:J11")]
    assert BY_CODE in await nodes(store)


async def test_a_disease_that_was_told_by_code_first_is_joined_when_one_comes_under_it(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(CODE, disease(BY_CODE, "influenza"), coded(BY_CODE), symptom("S:1"), has(BY_CODE, "S:1"))
    await clerk.loaded(disease("DOID:1", "flu"), Same("Disease", BY_CODE, "DOID:1"), coded("DOID:1"), source="other")
    assert set(await nodes(store)) == {"ICD10:J11", "DOID:1", "S:1"}
    assert set(await edges(store)) == {"DOID:1/CODED_AS/ICD10:J11", "DOID:1/HAS_SYMPTOM/S:1"}


async def test_a_thing_told_by_its_name_is_the_one_of_that_name(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(
        Node("Symptom", "HP:1", {"en": "Headache", "ru": "Головная боль"}, {"en": ("cephalalgia",)}), disease("DOID:1")
    )
    head, other = by_name("Symptom", "головная  боль"), by_name("Symptom", "itch")
    await clerk.loaded(
        symptom(head, "головная боль"), symptom(other, "itch"), has("DOID:1", head), has("DOID:1", other), source="o"
    )
    assert set(await edges(store)) == {"DOID:1/HAS_SYMPTOM/HP:1", f"DOID:1/HAS_SYMPTOM/{other}"}
    assert (await aliases(store))[head] == "HP:1"
    assert (await nodes(store))["HP:1"]["names"]["ru"] == "Головная боль"


async def test_a_name_that_two_things_have_says_nothing(store: Store) -> None:
    clerk = Clerk(store)
    await clerk.loaded(symptom("HP:1", "pain"), symptom("HP:2", "Pain"), disease("DOID:1"))
    key = by_name("Symptom", "pain")
    await clerk.loaded(symptom(key, "pain"), has("DOID:1", key), source="other")
    assert set(await edges(store)) == {f"DOID:1/HAS_SYMPTOM/{key}"}


async def again(clerk: Clerk, *loads: tuple[Node | Edge | Same, ...]) -> None:
    """Load these one after the other, each as a source of its own; see that a second time nothing changes."""
    for number, records in enumerate(loads):
        await clerk.load(*records, source=f"s{number}")
    before = await standing(clerk.store)
    told = [(await clerk.load(*one, source=f"s{number}", again=True)).change_set for number, one in enumerate(loads)]
    assert told == [None] * len(loads)
    assert await standing(clerk.store) == before


async def test_loading_again_what_was_joined_later_changes_nothing(store: Store) -> None:
    clerk = Clerk(store)
    first = (
        Node("Disease", "MONDO:1", {"en": "influenza"}, xrefs=("DOID:1", "UMLS:1")),
        symptom("S:1"),
        has("MONDO:1", "S:1", weight=0.5),
    )
    await again(clerk, first, (disease("DOID:1", "flu"),), (Same("Disease", "MONDO:1", "DOID:1"),))
    # The id that went is a cross-reference now, and that of the thing itself is none.
    assert (await nodes(store))["DOID:1"]["xrefs"] == ["MONDO:1", "UMLS:1"]


async def test_loading_again_what_was_replaced_later_changes_nothing(store: Store) -> None:
    clerk = Clerk(store)
    first = (disease("DOID:1", "flu"), symptom("S:1"), has("DOID:1", "S:1"))
    await again(clerk, first, (Same("Disease", "DOID:1", "DOID:2", "replaced"),))
    assert set(await nodes(store)) == {"DOID:2", "S:1"}
    assert (await nodes(store))["DOID:2"]["xrefs"] == ["DOID:1"]


async def test_who_has_no_name_but_the_id_has_none_under_another_id(store: Store) -> None:
    link = Same("Drug", "DRUGCENTRAL:1", "DRUGBANK:DB1")
    nameless, named = Node("Drug", "DRUGCENTRAL:1", {"en": "DRUGCENTRAL:1"}), Node("Drug", "DRUGBANK:DB1", {"en": "x"})
    clerk = Clerk(store)
    await again(clerk, (nameless,), (named,), (link,))
    one = (await nodes(store))["DRUGBANK:DB1"]
    assert (one["names"], one["synonyms"]) == ({"en": "x"}, {})


async def test_a_name_and_the_thing_that_has_it_may_come_in_one_load(store: Store) -> None:
    clerk = Clerk(store)
    key = by_name("Symptom", "cough")
    await again(clerk, (disease("DOID:1"), symptom("HP:1", "Cough"), symptom(key, "cough"), has("DOID:1", key)))
    assert set(await edges(store)) == {"DOID:1/HAS_SYMPTOM/HP:1"}
    assert await aliases(store) == {key: "HP:1"}


async def test_a_thing_may_be_told_by_several_of_its_names(store: Store) -> None:
    clerk = Clerk(store)
    one, other = by_name("Symptom", "headache"), by_name("Symptom", "головная боль")
    await again(
        clerk,
        (disease("DOID:1"), Node("Symptom", "HP:1", {"en": "Headache"}, {"ru": ("головная боль",)})),
        (symptom(one, "headache"), symptom(other, "головная боль"), has("DOID:1", one), has("DOID:1", other)),
    )
    assert await aliases(store) == {one: "HP:1", other: "HP:1"}
    assert set(await edges(store)) == {"DOID:1/HAS_SYMPTOM/HP:1"}


async def test_a_name_is_not_given_to_the_third_thing_that_has_it(store: Store) -> None:
    clerk = Clerk(store)
    key = by_name("Symptom", "pain")
    await again(
        clerk, (symptom("HP:1", "pain"), symptom("HP:2", "pain")), (symptom(key, "pain"),), (symptom("HP:3", "Pain"),)
    )
    assert set(await nodes(store)) == {"HP:1", "HP:2", "HP:3", key}


async def test_a_name_and_a_code_are_clear_once_the_things_that_have_them_are_one(store: Store) -> None:
    clerk = Clerk(store)
    key = by_name("Disease", "flu")
    await again(
        clerk,
        (CODE, disease("DOID:1", "flu"), coded("DOID:1"), disease("MONDO:1", "flu"), coded("MONDO:1"), symptom("S:1")),
        (disease(BY_CODE, "influenza"), has(BY_CODE, "S:1"), disease(key, "flu"), has(key, "S:1")),
        (Same("Disease", "MONDO:1", "DOID:1"),),
    )
    assert await aliases(store) == dict.fromkeys(("MONDO:1", BY_CODE, key), "DOID:1")
    assert set(await edges(store)) == {"DOID:1/CODED_AS/ICD10:J11", "DOID:1/HAS_SYMPTOM/S:1"}


async def test_two_ids_of_one_disease_under_a_code_are_one_disease_under_it(store: Store) -> None:
    clerk = Clerk(store)
    link = Same("Disease", "MONDO:1", "DOID:1")
    await again(
        clerk, (CODE, disease("DOID:1"), coded("DOID:1"), disease("MONDO:1"), coded("MONDO:1"), link, disease(BY_CODE))
    )
    assert await aliases(store) == dict.fromkeys(("MONDO:1", BY_CODE), "DOID:1")
