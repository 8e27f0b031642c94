"""What several rows lead to is read once and joined to each of them; what one row leads to stays where it is."""

from __future__ import annotations

import pytest

from graphql_api.compiled.plan import (
    ById,
    Counted,
    Elsewhere,
    Joined,
    Listed,
    Nodes,
    Row,
    Stored,
    Summed,
    Table,
    Walk,
)
from graphql_api.compiled.sharing import joined, shared
from kg.schema import NODE_BY_LABEL, ROLE_BY_NAME

DISEASES = Nodes(NODE_BY_LABEL["Disease"])
SYMPTOMS = Walk(ROLE_BY_NAME["Disease", "symptoms"])
THEIR_DISEASES = Walk(ROLE_BY_NAME["Symptom", "diseases"])
DRUGS = Walk(ROLE_BY_NAME["Disease", "drugs"])
CLASSES = Walk(ROLE_BY_NAME["Drug", "in_class"])
ID, NAME, WEIGHT = Stored("id"), Stored("name"), Stored("weight", "edge")
LAST = Listed(3, THEIR_DISEASES, (ID,))


def test_what_lies_around_neighbours_of_many_moves_into_a_table() -> None:
    symptoms = Listed(2, SYMPTOMS, (WEIGHT, LAST, NAME, Counted(4, THEIR_DISEASES)))
    (column,) = shared((Listed(1, DISEASES, (ID, symptoms)),))
    left = Listed(2, SYMPTOMS, (WEIGHT, Elsewhere(), NAME, Elsewhere(), ID))
    table = Table(0, (1,), 4, (1, 3), "Symptom", 1, (LAST, Counted(4, THEIR_DISEASES)))
    assert column == Joined(Listed(1, DISEASES, (ID, left)), (table,))


def test_tables_begin_at_tables_and_lists_that_stay_are_gone_through() -> None:
    classes = Listed(5, CLASSES, (ID, Listed(6, Walk(ROLE_BY_NAME["DrugClass", "drugs"]), (ID,))))
    deep = Listed(3, THEIR_DISEASES, (ID, Listed(4, DRUGS, (ID, classes))))
    (column,) = shared((Listed(1, DISEASES, (Listed(2, SYMPTOMS, (ID, deep)),)),))
    assert isinstance(column, Joined)
    assert [(table.parent, table.path, table.label, table.depth) for table in column.tables] == [
        (0, (0,), "Symptom", 1),
        (1, (1,), "Disease", 2),
        (2, (1, 1), "DrugClass", 4),
    ]


@pytest.mark.parametrize(
    "row",
    [
        (Listed(1, ById(None), (ID, Listed(2, SYMPTOMS, (ID, LAST)))),),
        (Listed(1, DISEASES, (ID, Listed(2, DRUGS, (ID, Listed(3, CLASSES, (ID,)))))),),
        (Listed(1, DISEASES, (ID, Listed(2, SYMPTOMS, (ID, NAME)))),),
        (Counted(1, DISEASES), Summed(2, DISEASES, ())),
    ],
    ids=["one node", "few wider things", "nothing around", "no list"],
)
def test_what_no_two_rows_share_and_what_is_cheap_stays(row: Row) -> None:
    assert shared(row) == row


def test_rows_get_what_the_table_of_their_node_holds() -> None:
    tables = (Table(0, (1,), 2, (0, 1), "Symptom", 1, ()), Table(1, (2,), 1, (0,), "Disease", 2, ()))
    rows = [["D:1", [[None, None, "S:1"]]], ["D:2", [[None, None, "S:2"], [None, None, "S:1"]]], ["D:3", []]]
    first = [["S:1", 7, [[None, "D:1"]]], ["S:2", 8, []]]
    second = [["D:1", 9]]
    around = [[9, "D:1"]]
    assert joined([rows, first, second], tables) == [
        ["D:1", [[7, around, "S:1"]]],
        ["D:2", [[8, [], "S:2"], [7, around, "S:1"]]],
        ["D:3", []],
    ]


def test_a_node_that_left_meanwhile_is_no_answer() -> None:
    with pytest.raises(KeyError):
        joined([[["D:1", [[None, "S:1"]]]], []], (Table(0, (1,), 1, (0,), "Symptom", 1, ()),))
