"""The statements of lists: one item more than wanted, static labels, and a search that begins where it can."""

from __future__ import annotations

import pytest

from kg.reading import NodeList, Place, Step, Window, lists
from kg.reading.condition import Coded, Linked, Not, Test, both, named
from kg.reading.order import BY_NAME, sorted_by
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_KINDS, ROLE_BY_NAME, ROLES, Role

DISEASE = NODE_BY_LABEL["Disease"]
SYMPTOMS = ROLE_BY_NAME["Disease", "symptoms"]


def test_a_page_asks_for_one_more_than_wanted() -> None:
    assert lists.page(NodeList(DISEASE), Window(20)).values == {"limit": 21}


def test_a_page_behind_a_place_has_its_values_beside_the_filters() -> None:
    statement = lists.page(NodeList(DISEASE, Test("prior", "exists")), Window(5, Place(("asthma",), "DOID:2841")))
    assert statement.values == {"k0": "asthma", "k1": "DOID:2841", "limit": 6}
    assert "n.prior IS NOT NULL" in statement.text


def test_a_list_without_conditions_is_counted_by_the_database_itself() -> None:
    assert lists.count(NodeList(DISEASE)).text == "MATCH (n:Disease)\nRETURN count(n) AS count"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.start}.{role.name}")
@pytest.mark.parametrize("moment", [None, 3])
def test_each_role_is_walked_in_its_direction_with_static_labels(role: Role, moment: int | None) -> None:
    kinds = role.edge if moment is None else f"{role.edge}|WAS_{role.edge}"
    end = role.end if moment is None else f"{role.end}|Was{role.end}"
    left = "-" if role.forward or EDGE_BY_TYPE[role.edge].symmetric else "<-"
    right = "-" if not role.forward or EDGE_BY_TYPE[role.edge].symmetric else "->"
    step = Step(role, moment=moment)
    for statement in (
        lists.neighbours(step, ["A:1"], Window(5), sorted_by()),
        lists.degrees(step, ["A:1"]),
        lists.edge_summaries(step, ["A:1"]),
    ):
        assert f"(a){left}[r:{kinds}]{right}(n:{end})" in statement.text
        assert f"(a:{role.start} {{id: parent}})" in statement.text
        assert statement.values.get("moment") == moment


@pytest.mark.parametrize("kind", NODE_KINDS, ids=lambda kind: kind.label)
def test_a_summary_has_three_columns_for_each_number(kind: object) -> None:
    numbers = [item for item in kind.properties if item.numeric]  # type: ignore[attr-defined]
    text = lists.summary(NodeList(kind)).text  # type: ignore[arg-type]
    assert text.count(" AS ") == 1 + 3 * len(numbers)


def test_the_search_begins_at_a_neighbour_that_is_named_by_id() -> None:
    condition = both(
        Test("prior", "at_least", 0.1),
        Linked(SYMPTOMS, "some", Test("id", "eq", "HP:1"), Test("weight", "at_least", 0.5)),
    )
    statement = lists.page(NodeList(DISEASE, condition), Window(20), BY_NAME)
    assert statement.text.startswith(
        "MATCH (w_a0:Symptom)\nWHERE w_a0.id = $w0\nWITH DISTINCT w_a0\n"
        "MATCH (n:Disease)-[w_e0:HAS_SYMPTOM]->(w_a0)\nWHERE w_e0.weight >= $w1\n"
        "WITH DISTINCT n\nWHERE n.prior >= $w2"
    )
    assert statement.values == {"w0": "HP:1", "w1": 0.5, "w2": 0.1, "limit": 21}


def test_the_search_begins_at_a_neighbour_of_a_neighbour() -> None:
    drugs, effects = ROLE_BY_NAME["Disease", "drugs"], ROLE_BY_NAME["Drug", "side_effects"]
    nausea = Linked(effects, "some", Test("name", "folded_eq", "Nausea"), Test("frequency", "at_least", 0.1))
    condition = both(Test("prior", "exists"), Linked(drugs, "some", both(Test("atc", "exists"), nausea)))
    statement = lists.count(NodeList(DISEASE, condition))
    assert statement.text == (
        "MATCH (w_a1:SideEffect)\nWHERE toLower(w_a1.name) = $w0\nWITH DISTINCT w_a1\n"
        "MATCH (w_a0:Drug)-[w_e1:CAUSES]->(w_a1)\nWHERE w_e1.frequency >= $w1\nWITH DISTINCT w_a0\n"
        "WHERE w_a0.atc IS NOT NULL\nWITH DISTINCT w_a0\n"
        "MATCH (n:Disease)<-[w_e0:TREATS]-(w_a0)\nWHERE true\nWITH DISTINCT n\n"
        "WHERE n.prior IS NOT NULL\nRETURN count(n) AS count"
    )
    assert statement.values == {"w0": "nausea", "w1": 0.1}


def test_the_search_begins_at_codes() -> None:
    text = lists.count(NodeList(DISEASE, Coded("within", ("ICD10:X",)))).text
    assert text.startswith("MATCH (n)-[w_c:CODED_AS]->(w_code:IcdCode)-[w_in:PART_OF*0..8]->(w_wide:IcdCode) WHERE")


@pytest.mark.parametrize(
    "condition",
    [
        both(Test("id", "eq", "D"), Linked(SYMPTOMS, "some", Test("id", "eq", "S"))),
        both(named("folded_eq", "Cold"), Linked(SYMPTOMS, "some", Test("id", "eq", "S"))),
        Linked(SYMPTOMS, "none", Test("id", "eq", "S")),
        Not(Linked(SYMPTOMS, "some", Test("id", "eq", "S"))),
        Linked(SYMPTOMS, "some", Test("name", "folded_contains", "S")),
    ],
)
def test_it_begins_at_the_nodes_where_nothing_narrower_is_told(condition: object) -> None:
    assert lists.count(NodeList(DISEASE, condition)).text.startswith("MATCH (n:Disease)\nWHERE")  # type: ignore[arg-type]
