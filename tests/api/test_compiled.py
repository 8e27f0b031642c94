"""What is read with one statement is, byte for byte, what the resolvers read with many."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import get_named_type, parse, validate

from graphql_api.access.keys import VISITOR, Principal
from graphql_api.compiled.reads import Answer, Reads
from graphql_api.context import Context
from graphql_api.jobs.desk import NoteDesk
from graphql_api.operations.documents import Known
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from graphql_api.types.loaders import Loaders
from kg.graph import Graph
from kg.ledger import Draft
from kg.statements import Statement
from kg.store import Store
from kg.values import Edge, Node

from .conftest import CLINIC, crowd, edge, named, told
from .written_operations import ELSEWHERE, Writer, Written

pytestmark = pytest.mark.neo4j

# Planning 2,000 statements takes a test server ten minutes; a campaign sets the number by the variable.
NUMBER = int(os.environ.get("MKG_TEST_OPERATIONS", "250"))
DOCS = Path(__file__).resolve().parents[2] / "docs" / "graphql.md"

LATER: tuple[Node | Edge, ...] = (
    named("Disease", "TEST:new", "new disease", "новая болезнь", "novelty", prior=0.3, age_min=1, sex="female"),
    named("Disease", "DOID:552", "pneumonia", "пневмония", "lung fever", prior=0.06),
    named("Symptom", "TEST:late", "late symptom"),
    Node("Drug", "TEST:russian", {"ru": "лекарство"}, {"ru": ("снадобье",)}),
    edge("TREATS", "TEST:russian", "DOID:552", told("other", purpose="unknown")),
    edge("HAS_SYMPTOM", "TEST:new", "HP:0012735", told("other", weight=0.4)),
    edge("HAS_SYMPTOM", "DOID:552", "HP:0012735", told("other", "page 9", weight=0.2)),
    edge("HAS_SYMPTOM", "DOID:9395", "TEST:late"),
    edge("CODED_AS", "TEST:new", "ICD10:J20"),
    edge("IS_A", "TEST:new", "DOID:552"),
    edge("IS_A", "TEST:late", "HP:0012735"),
)


class Counting:
    """The store as the compiled way sees it, counting what it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.statements = 0

    async def values(self, statement: Statement, *, deadline: float | None = None) -> list[list[Any]]:
        self.statements += 1
        return await self._store.values(statement, deadline=deadline)


class Both:
    """Asks in both ways."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.counting = Counting(graph.store)
        self.reads = Reads(self.counting, schema())  # pyright: ignore[reportArgumentType]
        self.notes = NoteDesk(None, load_api_settings(), None)

    async def resolved(self, asked: Written) -> Any:
        """Return the result of the resolvers."""
        context = Context(self.graph, VISITOR, self.notes, Loaders(self.graph.reader), "request", parse(asked.text))
        return await schema().execute(asked.text, variable_values=asked.variables, context_value=context)

    async def compiled(self, asked: Written, who: Principal = VISITOR) -> Answer | None:
        """Return the answer of one statement."""
        return await self.reads.answer(Known(asked.text, parse(asked.text)), None, asked.variables, who)

    async def same(self, asked: Written) -> str:
        """Ask in both ways and return who answered; fail when the two answers differ."""
        before = self.counting.statements
        compiled = await self.compiled(asked)
        statements = self.counting.statements - before
        resolved = await self.resolved(asked)
        where = f"{asked.text}\n{asked.variables}"
        if compiled is None:
            # Something is refused at once that the resolvers may never come to: below a node that is not there.
            return "refused" if resolved.errors else "resolvers"
        assert not resolved.errors, f"{resolved.errors}: {where}"
        assert compiled.body == orjson.dumps({"data": resolved.data}), where
        assert statements <= 1, f"{statements} statements: {where}"
        return "one statement"


@pytest.fixture(scope="module")
async def both(opened: Store, emptied: Callable[[Store], Awaitable[None]]) -> Both:
    """Both ways to a graph with a history: things were added, changed and taken away."""
    await emptied(opened)
    graph = Graph(opened)
    records = (*CLINIC, *crowd(60, 20))
    for key, source, some in (
        ("one", "mkg-core", [item for item in records if isinstance(item, Node)]),
        ("two", "mkg-core", [item for item in records if isinstance(item, Edge)]),
        ("three", "other", list(LATER)),
    ):
        await graph.ledger.tell(Draft("import", f"the tests' graph, {key}", "tests", key), some, source=source)
    await graph.desk.undo((await graph.release()), by="tests")
    proposal = await graph.desk.propose_name("DOID:2841", "en", "bronchial asthma", by="a", reference="a book")
    await graph.desk.accept(proposal.id, by="b")
    await graph.ledger.tell(Draft("import", "again", "tests", "four"), list(LATER[:5]), source="other")
    await graph.desk.propose_edge(
        "HAS_SYMPTOM", "DOID:2841", "HP:0012378", told("curation", weight=0.3), by="a", note="seen"
    )
    await opened.command(Statement("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"))
    return Both(graph)


@pytest.fixture(scope="module")
async def moments(both: Both) -> Sequence[str]:
    """Ids of change sets, the beginning of one, one that is not clear and one that there is not."""
    rows = await both.graph.ledger.change_sets()
    return (*(row["id"] for row in rows), rows[0]["id"][:9], "CS:", "CS:none")


@pytest.fixture(scope="module")
async def cursors(both: Both) -> Mapping[str, Sequence[str]]:
    """Cursors of every list in its own order, by the name of the type that orders it."""
    core = schema()._schema
    found: dict[str, set[str]] = {}
    assert core.query_type is not None
    for name, listed in core.query_type.fields.items():
        if "orderBy" not in listed.args:
            continue
        kind = get_named_type(get_named_type(listed.type).fields["nodes"].type)
        below = [each for each, field in kind.fields.items() if "orderBy" in field.args]
        steps = " ".join(f"{each}(first: 2) {{ edges {{ cursor }} }}" for each in below)
        data = (
            await both.resolved(Written(f"{{ {name}(first: 60) {{ edges {{ cursor node {{ {steps} }} }} }} }}"))
        ).data
        for item in data[name]["edges"]:
            found.setdefault(get_named_type(listed.args["orderBy"].type).name, set()).add(item["cursor"])
            for each in below:
                order = get_named_type(kind.fields[each].args["orderBy"].type).name
                found.setdefault(order, set()).update(edge["cursor"] for edge in item["node"][each]["edges"])
    return {order: sorted(group)[:20] for order, group in found.items() if group}


@pytest.fixture(scope="module")
async def ids(both: Both, moments: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Ids of edges, of evidence, of change sets and of proposals, some of them of what is not there."""
    text = "{ diseases { nodes { symptoms(first: 2) { edges { id evidence { id } } } } } proposals { id } }"
    data = (await both.resolved(Written(text))).data
    edges = [edge for node in data["diseases"]["nodes"] for edge in node["symptoms"]["edges"]]
    known = [*(edge["id"] for edge in edges[:20]), "DOID:9395/RESEMBLES/DOID:552", "DOID:1/TREATS/DOID:2", "none"]
    evidence = [item["id"] for edge in edges[:20] for item in edge["evidence"]]
    proposals = [item["id"] for item in data["proposals"]]
    return {"edge": known, "evidence": evidence, "changeSet": moments, "proposal": proposals}


async def test_random_operations_are_answered_alike(
    both: Both, moments: Sequence[str], cursors: Mapping[str, Sequence[str]], ids: Mapping[str, Sequence[str]]
) -> None:
    writer = Writer(schema()._schema, 5, moments, cursors, ids)
    answered = Counter[str]()
    for _ in range(NUMBER):
        asked = writer.operation()
        assert not validate(schema()._schema, parse(asked.text)), asked.text
        answered[await both.same(asked)] += 1
    assert answered["one statement"] > 0.6 * NUMBER, answered
    assert answered["resolvers"] < 0.06 * NUMBER, answered


def documented() -> list[str]:
    """Return every query of the page on GraphQL."""
    found = re.findall(r"^```graphql\n(.*?)^```", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [text for text in found if text.lstrip().startswith(("query", "{"))]


@pytest.mark.parametrize("text", documented(), ids=lambda text: text.split("{")[0].strip() or "query")
async def test_every_documented_query_is_answered_alike(both: Both, text: str) -> None:
    document = parse(text)
    assert not validate(schema()._schema, document), text
    read_elsewhere = re.search(rf"\b({'|'.join(ELSEWHERE)})\b", text)
    answered = await both.same(Written(text))
    assert answered == "one statement" or read_elsewhere or "$" in text, text


DEEP = """query($first: Int!) { diseases(first: 20) { totalCount aggregate { count prior { average maximum } }
  pageInfo { hasNextPage endCursor }
  edges { cursor node { id names { language name } symptoms(first: $first) { totalCount
    edges { weight evidence(first: 2) { source claims } node { name diseases(first: 3, orderBy: [NAME_DESC]) {
      aggregate { count weight { average } }
      nodes { id drugs { edges { purpose node { name inClass { nodes { id drugs(last: 2) { nodes { id } } } } } } }
    } } } } } } } } }"""


async def test_an_operation_of_any_depth_costs_one_statement(both: Both) -> None:
    several = """{ a: disease(icd10: "J20") { id } b: drug(name: "salbutamol") { id sideEffects { nodes { name } } }
      c: search(text: "cough") { matched } d: graph { release nodes { kind number } } e: changeSets { id }
      f: proposals { id } g: nodes(ids: ["DOID:2841", "X:0"]) { id } h: statistics { drugClasses { drugs } } }"""
    for text, variables in ((DEEP, {"first": 4}), (several, {})):
        before = both.counting.statements
        assert await both.compiled(Written(text, variables)) is not None
        assert both.counting.statements == before + 1
        assert await both.same(Written(text, variables)) == "one statement"


async def test_requests_of_one_plan_at_the_same_time_share_statements_and_get_their_own_answers(both: Both) -> None:
    text = "query($id: ID!) { disease(id: $id) { id name symptoms(first: 3) { totalCount nodes { id } } } }"
    ids = ["DOID:9395", "DOID:2841", "X:0", *(f"TEST:d{number:03}" for number in range(40))]
    alone = [await both.compiled(Written(text, {"id": node_id})) for node_id in ids]
    before = both.counting.statements
    together = await asyncio.gather(*(both.compiled(Written(text, {"id": node_id})) for node_id in ids))
    assert together == alone
    assert both.counting.statements - before < len(ids) / 4


async def test_a_document_in_a_role_too_low_is_left_to_be_refused(both: Both) -> None:
    assert await both.compiled(Written("{ keyHolders { name } }"), VISITOR) is None
