"""What is answered with one statement, what is handed back, and what of a question reaches the statement's text."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from graphql import parse

from graphql_api.access.keys import VISITOR, Principal, Role
from graphql_api.compiled.reads import Answer, Reads
from graphql_api.operations.documents import Known
from graphql_api.schema import schema
from kg.errors import StoreUnavailable
from kg.statements import Statement


class Rows:
    """A store that keeps what it was asked and answers with given rows."""

    def __init__(self, *row: Any, broken: bool = False) -> None:
        self.row = row
        self.broken = broken
        self.asked: list[Statement] = []
        self.stands: int | None = 7

    async def values(self, statement: Statement, *, deadline: float | None = None) -> list[list[Any]]:
        self.asked.append(statement)
        if self.broken:
            raise StoreUnavailable("the database is gone", hint="Start it.")
        if "q" not in statement.values:
            return [[self.stands]]
        last = [self.stands] if "standing" in statement.text else []
        return [[number, *self.row, *last] for number in range(len(statement.values["q"]))]


TEXT = '{ disease(id: "x") { id } }'
ONE = Known(TEXT, parse(TEXT))


async def asked(store: Rows, text: str, who: Principal = VISITOR, **variables: Any) -> Answer | None:
    return await Reads(store, schema()).answer(Known(text, parse(text)), None, variables, who)  # pyright: ignore[reportArgumentType]


async def data(store: Rows, text: str, **variables: Any) -> Any:
    answer = await asked(store, text, **variables)
    assert answer is not None
    return orjson.loads(answer.body)["data"]


async def test_a_node_is_read_with_one_statement_and_told_as_it_was_asked() -> None:
    store = Rows([["DOID:1", "asthma", [["HP:1", 1, "DOID:1/HAS_SYMPTOM/HP:1"]]]])
    text = """query($id: ID!) { disease(id: $id) { id also: id name __typename
      symptoms(first: 3) { edges { node { id } weight id } } } }"""
    assert await data(store, text, id="DOID:1") == {
        "disease": {
            "id": "DOID:1",
            "also": "DOID:1",
            "name": "asthma",
            "__typename": "Disease",
            "symptoms": {"edges": [{"node": {"id": "HP:1"}, "weight": 1.0, "id": "DOID:1/HAS_SYMPTOM/HP:1"}]},
        }
    }
    (statement,) = store.asked
    assert statement.values["q"][0]["h0_0"] == "DOID:1"


async def test_a_document_is_planned_once_for_all_its_values() -> None:
    store = Rows([])
    reads = Reads(store, schema())  # pyright: ignore[reportArgumentType]
    text = "query($t: String!, $n: Int) { diseases(first: $n, where: {name: {contains: $t}}) { nodes { id } } }"
    for word, size in (("a", 1), ("b", 2), ("c", None)):
        await reads.answer(Known(text, parse(text)), None, {"t": word, "n": size}, VISITOR)
    texts = {statement.text for statement in store.asked}
    assert len(texts) == 1
    assert [list(statement.values["q"][0].values()) for statement in store.asked] == [["a"], ["b"], ["c"]]
    assert [statement.values["l0"] for statement in store.asked] == [1, 2, 20]


@pytest.mark.parametrize(
    "text",
    [
        'mutation { undoChangeSet(id: "x") { changeSet } }',
        "subscription { x }",
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Disease") { name } disease(id: "x") { id } }',
        "{ disease(id: 1.5) { id } }",
        "{ nothing }",
        '{ subgraph(question: "x") { __typename } }',
        "{ disease { id } }",
        '{ disease(id: "x", name: "y") { id } }',
        '{ disease(icd10: "no code") { id } }',
        "{ diseases(first: 201) { nodes { id } } }",
        "{ diseases(first: 2, last: 2) { nodes { id } } }",
        '{ diseases(after: "made up") { nodes { id } } }',
        "{ diseases { nodes { symptoms(first: 300) { nodes { id } } } } }",
        "query($id: ID!) { disease(id: $id) { id } }",
    ],
)
async def test_what_is_no_plain_read_or_is_refused_is_handed_back_unasked(text: str) -> None:
    store = Rows([])
    assert await asked(store, text) is None
    assert store.asked == []


async def test_whoever_may_not_read_is_not_answered() -> None:
    nobody = Principal("nobody", Role.VIEWER)
    store = Rows([])
    assert await asked(store, "{ keyHolders { name } }", nobody) is None
    assert await asked(store, '{ disease(id: "x") { id } }', nobody) is not None


async def test_what_is_not_clear_is_handed_back() -> None:
    rows = [["DOID:1", "a"], ["DOID:2", "a"]]
    assert await asked(Rows(rows), '{ disease(name: "a") { id name } }') is None


async def test_a_stored_word_that_the_schema_does_not_know_is_handed_back() -> None:
    assert await asked(Rows([["neither"]]), '{ disease(id: "x") { sex } }') is None


async def test_an_operation_that_reads_nothing_asks_nobody() -> None:
    store = Rows()
    assert await data(store, "{ __typename }") == {"__typename": "Query"}
    assert store.asked == []


async def test_a_failing_database_is_told_at_each_field() -> None:
    store = Rows(broken=True)
    answer = await asked(store, '{ a: disease(id: "x") { id } b: drug(id: "y") { id } }')
    assert answer is not None
    told = orjson.loads(answer.body)
    assert told["data"] == {"a": None, "b": None}
    assert [(error["path"], error["extensions"]["code"]) for error in told["errors"]] == [
        (["a"], "SERVICE_UNAVAILABLE"),
        (["b"], "SERVICE_UNAVAILABLE"),
    ]
    assert answer.codes == ("SERVICE_UNAVAILABLE",) * 2
    answer = await asked(store, '{ a: disease(id: "x") { id } diseases { nodes { id } } }')
    assert answer is not None
    told = orjson.loads(answer.body)
    assert told["data"] is None
    assert [error["path"] for error in told["errors"]] == [["diseases"]]


NASTY = ("'}] RETURN 1 //", "$q", "`", "\\", "n0", "\n", "{{", "h0_0", "LIMIT")


@pytest.mark.parametrize("typed", NASTY)
async def test_nothing_typed_reaches_the_text(typed: str) -> None:
    text = """query($x: String!, $i: ID!, $ids: [ID!]!) {
      a: diseases(where: {name: {contains: $x}, or: [{source: $x}, {symptoms: {some: {edge: {licence: $x}}}}]}) {
        nodes { name drugs(where: {node: {atc: {in: [$x]}}}) { nodes { id } } } }
      b: disease(id: $i) { id } c: nodes(ids: $ids) { id } d: search(text: $x) { matched }
      e: drug(name: $x) { id } f: changeSets(by: $x) { id } }"""
    store = Rows([], [], [], [], [], [], [], [])
    # How a name is looked for depends on whether the part of it is too short for the index, and on nothing else of it.
    same = "plain" if len(typed) > 2 else "p"
    plain = await asked(store, text, x=same, i=same, ids=[same])
    typing = await asked(store, text, x=typed, i=typed, ids=[typed])
    assert plain is not None
    assert typing is not None
    assert store.asked[0].text == store.asked[1].text
    written = f'{{ disease(id: "{typed.encode("unicode_escape").decode()}") {{ id }} }}' if typed != "\\" else None
    if written:
        store.asked.clear()
        assert await asked(store, written) is not None
        assert await asked(store, '{ disease(id: "plain") { id } }') is not None
        assert store.asked[0].text == store.asked[1].text


async def test_keys_of_fields_are_no_part_of_the_text() -> None:
    store = Rows([["DOID:1"]])
    assert await data(store, '{ RETURN: disease(id: "x") { DETACH: id } }') == {"RETURN": {"DETACH": "DOID:1"}}
    await asked(store, '{ disease(id: "x") { id } }')
    assert store.asked[0].text == store.asked[1].text


async def test_an_answer_is_kept_and_told_while_the_graph_stands() -> None:
    store = Rows([["DOID:1"]])
    reads = Reads(store, schema(), keep=100_000)  # pyright: ignore[reportArgumentType]
    text = '{ disease(id: "x") { id } }'

    async def once() -> tuple[Any, int]:
        before = len(store.asked)
        answer = await reads.answer(Known(text, parse(text)), None, {}, VISITOR)
        await asyncio.sleep(0.01)
        assert answer is not None
        return orjson.loads(answer.body)["data"]["disease"]["id"], len(store.asked) - before

    assert await once() == ("DOID:1", 1)
    store.row = ([["DOID:2"]],)
    assert await once() == ("DOID:1", 1)
    assert reads.kept.hits == 1
    store.stands = 8
    assert (await once())[0] == "DOID:2"
    assert await once() == ("DOID:2", 1)


async def test_nothing_is_kept_while_the_graph_is_being_loaded_or_changes() -> None:
    store = Rows([["DOID:1"]])
    reads = Reads(store, schema(), keep=100_000)  # pyright: ignore[reportArgumentType]

    async def once(text: str) -> None:
        await reads.answer(Known(text, parse(text)), None, {}, VISITOR)

    store.stands = None
    await once('{ disease(id: "x") { id } }')
    await asyncio.sleep(0.01)
    assert len(reads.kept) == 0
    store.stands = 7
    await once('{ disease(id: "y") { id } }')
    # While it was read, something was written.
    store.stands = 8
    await once('{ disease(id: "y") { id } }')
    assert reads.kept.hits == 0


async def test_a_role_is_not_told_what_was_kept_for_another() -> None:
    store = Rows([["DOID:1"]])
    reads = Reads(store, schema(), keep=100_000)  # pyright: ignore[reportArgumentType]
    for _ in range(3):
        await reads.answer(ONE, None, {}, VISITOR)
        await asyncio.sleep(0.01)
    await reads.answer(ONE, None, {}, Principal("ed", Role.EDITOR))
    assert reads.kept.hits == 2


async def test_a_document_that_unfolds_to_thousands_of_fields_is_handed_back() -> None:
    doubled = " ".join(
        f"fragment F{number} on Disease {{ a: resembling {{ nodes {{ ...F{number + 1} }} }}"
        f" b: resembling {{ nodes {{ ...F{number + 1} }} }} }}"
        for number in range(11)
    )
    store = Rows([])
    assert await asked(store, f'{{ disease(id: "x") {{ ...F0 }} }} {doubled} fragment F11 on Disease {{ id }}') is None
    assert store.asked == []
