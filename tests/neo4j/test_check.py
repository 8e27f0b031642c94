"""Every rule of `mkg check` finds what it is for, and nothing in a graph that is as it should be."""

from __future__ import annotations

import pytest

from kg.check.finding import Finding
from kg.check.graph import ALL_RULES, check_graph
from kg.errors import QueryError
from kg.statements import Statement
from kg.store import Store
from kg.values import Edge, Node
from tests.neo4j.planted import alias, code, edge, node, plant, put, said

pytestmark = [pytest.mark.neo4j, pytest.mark.anyio]

TREE = (
    code("ICD10:X", "chapter"),
    code("ICD10:J00-J99", "block"),
    code("ICD10:J20", "category"),
    code("ICD10:J45", "category"),
    edge("PART_OF", "ICD10:J00-J99", "ICD10:X"),
    edge("PART_OF", "ICD10:J20", "ICD10:J00-J99"),
    edge("PART_OF", "ICD10:J45", "ICD10:J00-J99"),
)
SOUND = (
    *TREE,
    node("Disease", "D:1", "acute bronchitis"),
    node("Disease", "D:2", "bronchitis"),
    node("Symptom", "S:1", "cough"),
    node("Drug", "R:1", "ibuprofen", atc="M01AE01"),
    edge("IS_A", "D:1", "D:2"),
    edge("CODED_AS", "D:1", "ICD10:J20"),
    edge("HAS_SYMPTOM", "D:1", "S:1", said(weight=0.5)),
    edge("HAS_SYMPTOM", "D:2", "S:1", said(weight=0.7)),
    edge("TREATS", "R:1", "D:1", said(purpose="symptomatic")),
)


async def found(store: Store, rule: str, *records: Node | Edge) -> tuple[Finding, ...]:
    """What the rule finds in the sound graph with these records added."""
    await plant(store, (*SOUND, *records))
    return (await check_graph(store, rules=[rule])).findings


async def test_a_sound_graph_has_no_finding(store: Store) -> None:
    await plant(store, SOUND, [alias("Disease", "MONDO:1", "D:1")])

    report = await check_graph(store)

    assert report.findings == ()
    assert report.counts == ()


async def test_an_empty_graph_has_no_finding(store: Store) -> None:
    assert (await check_graph(store)).findings == ()


async def test_a_rule_that_does_not_exist_is_refused_with_those_that_do(store: Store) -> None:
    with pytest.raises(QueryError, match="no rule 'cycles'") as refused:
        await check_graph(store, rules=["cycles"])

    assert all(name in str(refused.value.hint) for name, _, _ in ALL_RULES)


async def test_one_code_of_two_diseases(store: Store) -> None:
    (one,) = await found(store, "code-shared", edge("CODED_AS", "D:2", "ICD10:J20"))

    assert (one.severity, one.subject) == ("note", ("ICD10:J20",))
    assert "meant is D:2 (bronchitis): the others are special cases of it" in one.message


async def test_one_code_of_two_diseases_of_which_none_stands_out(store: Store) -> None:
    records = (node("Disease", "D:3"), edge("CODED_AS", "D:3", "ICD10:J20"))

    (one,) = await found(store, "code-shared", *records)

    assert one.severity == "warning"


async def test_a_code_that_all_evidence_speaks_against_is_not_shared(store: Store) -> None:
    assert await found(store, "code-shared", edge("CODED_AS", "D:2", "ICD10:J20", said(against=True))) == ()


async def test_a_disease_under_two_categories_of_one_system(store: Store) -> None:
    records = (
        code("ICD10:J45.1", "subcategory"),
        code("ICD10:J45.9", "subcategory"),
        code("ICD10CM:K20", "category"),
        *(edge("CODED_AS", "D:1", key) for key in ("ICD10:J45.1", "ICD10:J45.9", "ICD10CM:K20")),
    )

    (one,) = await found(store, "disease-categories", *records)

    assert one.subject == ("D:1", "ICD10")
    assert one.message == "acute bronchitis is recorded under 2 categories: J20, J45"


@pytest.mark.parametrize(
    ("records", "subject"),
    [
        ((edge("IS_A", "D:2", "D:1"),), "D:2/IS_A/D:1"),
        ((edge("PART_OF", "ICD10:X", "ICD10:J45"),), "ICD10:X/PART_OF/ICD10:J45"),
    ],
    ids=["IS_A", "PART_OF"],
)
async def test_a_circle_in_the_whole_graph(store: Store, records: tuple[Edge, ...], subject: str) -> None:
    (one,) = await found(store, "cycle", *records)

    assert one.severity == "error"
    assert subject.split("/")[1] in one.message


async def test_two_names_equal_but_for_case_and_spaces(store: Store) -> None:
    records = (
        Node("Disease", "D:3", {"en": "Acute  BRONCHITIS ", "ru": "Бронхит"}),
        Node("Disease", "D:4", {"en": "x", "ru": "БРОНХИТ"}),
        node("Symptom", "S:2", "bronchitis"),
    )

    two = await found(store, "name-twice", *records)

    assert [one.subject for one in two] == [("Disease", "en", "acute bronchitis"), ("Disease", "ru", "бронхит")]
    assert "D:1, D:3" in two[0].message


async def test_codes_of_two_systems_may_share_a_name(store: Store) -> None:
    assert await found(store, "name-twice", code("ICD10CM:J20", "category", "name of ICD10:J20")) == ()


async def test_a_cross_reference_claimed_twice(store: Store) -> None:
    records = (
        Node("Disease", "D:3", {"en": "a"}, xrefs=("MESH:1", "UMLS:1")),
        Node("Disease", "D:4", {"en": "b"}, xrefs=("MESH:1",)),
        Node("Symptom", "S:3", {"en": "c"}, xrefs=("UMLS:1",)),
    )

    (one,) = await found(store, "xref-twice", *records)

    assert one.subject == ("Disease", "MESH:1")
    assert "D:3, D:4" in one.message


async def test_another_id_that_leads_nowhere_or_to_another_kind(store: Store) -> None:
    others = [alias("Disease", "MONDO:1", "D:404"), alias("Symptom", "HP:1", "D:1"), alias("Disease", "MONDO:2", "D:1")]
    await plant(store, SOUND, others)

    findings = (await check_graph(store, rules=["alias-lost"])).findings

    assert [one.subject for one in findings] == [("Disease", "MONDO:1"), ("Symptom", "HP:1")]


async def test_another_id_that_is_a_node_itself(store: Store) -> None:
    await plant(store, SOUND, [alias("Disease", "D:2", "D:1")])

    (one,) = (await check_graph(store, rules=["alias-taken"])).findings

    assert one.message == "D:2 is another id of D:1, and a Disease of its own"


@pytest.mark.parametrize("kind", ["HAS_SYMPTOM", "IS_A"])
async def test_an_edge_with_an_end_of_the_wrong_kind(store: Store, kind: str) -> None:
    start = "R:1" if kind == "HAS_SYMPTOM" else "D:1"

    (one,) = await found(store, "end-kind", edge(kind, start, "S:1"))

    assert one.subject == (f"{start}/{kind}/S:1",)
    assert "Symptom" in one.message


async def test_an_edge_that_was_made_twice(store: Store) -> None:
    await plant(store, SOUND, [])
    twice = "MATCH (a)-[r:HAS_SYMPTOM {id: $id}]->(b) CREATE (a)-[s:HAS_SYMPTOM]->(b) SET s = properties(r)"
    await store.command(Statement(twice, {"id": "D:1/HAS_SYMPTOM/S:1"}))

    (one,) = (await check_graph(store, rules=["edge-double"])).findings

    assert (one.subject, one.message) == (("D:1/HAS_SYMPTOM/S:1",), "is there 2 times")


async def test_a_symptom_without_weight_beside_one_with(store: Store) -> None:
    records = (node("Symptom", "S:2"), edge("HAS_SYMPTOM", "D:1", "S:2"))

    (one,) = await found(store, "weight-partly", *records)

    assert one.message == "1 of the 2 symptoms of acute bronchitis have no weight"


async def test_a_disease_without_symptoms_and_a_node_without_edges(store: Store) -> None:
    await plant(store, (*SOUND, node("Disease", "D:3"), node("Drug", "R:2")))

    report = await check_graph(store, rules=["disease-bare", "node-alone"])

    told = [(one.rule, one.subject) for one in report.findings]
    assert told == [("disease-bare", ("D:3",)), ("node-alone", ("D:3",)), ("node-alone", ("R:2",))]


async def test_an_edge_with_evidence_only_against(store: Store) -> None:
    (one,) = await found(store, "only-against", edge("HAS_SYMPTOM", "D:1", "S:1", said("other", against=True)))

    assert one.subject == ("D:1/HAS_SYMPTOM/S:1",)


async def test_a_code_that_is_its_own_name(store: Store) -> None:
    (one,) = await found(store, "code-unnamed", code("ICD10:J21", "category", "J21"))

    assert one.subject == ("ICD10:J21",)


async def test_a_code_that_no_chapter_holds(store: Store) -> None:
    records = (
        code("ICD10:K20", "category"),
        code("ICD10:K20.1", "subcategory"),
        edge("PART_OF", "ICD10:K20.1", "ICD10:K20"),
    )

    first, second = await found(store, "code-outside", *records)

    assert first.message == second.message == "its wider codes end at ICD10:K20, which is no chapter"


async def test_a_change_set_that_was_not_finished(store: Store) -> None:
    await put(
        store,
        "CREATE (:ChangeSet {id: 'CS:1', seq: 1, title: 'Hetionet', by: 'ann', at: 'noon', status: 'open'})"
        "CREATE (:ChangeSet {id: 'CS:2', seq: 2, title: 'Mondo', by: 'ann', at: 'noon', status: 'done'})",
    )

    (one,) = (await check_graph(store, rules=["change-set-open"])).findings

    assert one.subject == ("CS:1",)
    assert "Hetionet" in one.message


async def test_properties_and_values_outside_the_schema(store: Store) -> None:
    await plant(store, SOUND)
    await put(store, "MATCH (n {id: 'D:1'}) SET n.colour = 'red', n.age_min = 200, n.sex = 'any', n.prior = 0.5")
    await put(store, "MATCH ()-[r {id: 'D:1/HAS_SYMPTOM/S:1'}]->() SET r.weight = 'much', r.since_when = 1")

    node_found, edge_found = (await check_graph(store, rules=["edge-property", "node-property"])).findings[::-1]

    assert node_found.message == "a Disease with colour, sex, age_min outside the schema"
    assert edge_found.message == "a HAS_SYMPTOM with since_when, weight outside the schema"


async def test_evidence_without_a_licence_and_an_edge_without_evidence(store: Store) -> None:
    await plant(store, (*SOUND, edge("HAS_SYMPTOM", "D:2", "S:1", said(licence=" "))))
    await put(store, "MATCH ()-[r {id: 'R:1/TREATS/D:1'}]->() REMOVE r.evidence")

    findings = (await check_graph(store, rules=["licence-missing"])).findings

    assert [one.message for one in findings] == ["an edge with evidence without a licence", "an edge with no evidence"]


async def test_earlier_versions_and_removed_nodes_are_not_looked_at(store: Store) -> None:
    await plant(store, SOUND)
    await put(
        store,
        "MATCH (d {id: 'D:1'}), (s {id: 'S:1'})"
        "CREATE (d)-[:WAS_HAS_SYMPTOM {id: 'D:1/HAS_SYMPTOM/S:1', odd: 1}]->(s)"
        "CREATE (:Gone:WasDisease {id: 'D:9'})-[:WAS_IS_A]->(d)"
        "CREATE (:Past {id: 'D:1', kind: 'Disease', name: 'acute bronchitis'})",
    )

    assert (await check_graph(store)).findings == ()


async def test_a_listing_has_a_limit_and_the_count_has_none(store: Store) -> None:
    await plant(store, [node("Drug", f"R:{number}") for number in range(30)])

    report = await check_graph(store, rules=["node-alone"], limit=10)

    assert len(report.findings) == 10
    assert [(count.rule, count.severity, count.total) for count in report.counts] == [("node-alone", "note", 30)]
    assert (report.total("note"), report.total("error")) == (30, 0)


async def test_ids_and_order_are_the_same_in_every_run(store: Store) -> None:
    await plant(store, (*SOUND, *(node("Disease", f"D:{number}", "same") for number in range(3, 9))))

    first, second = await check_graph(store), await check_graph(store)

    assert first.findings == second.findings
    assert [one.severity for one in first.findings] == sorted(
        (one.severity for one in first.findings), key=["error", "warning", "note"].index
    )
