"""Steps at the desk are answered as the schema answers them, and those that come at once go together."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from graphql import parse, validate

from graphql_api.access.keys import Principal, Role
from graphql_api.compiled.reads import Answer
from graphql_api.compiled.writes import Writes
from graphql_api.context import Context
from graphql_api.jobs.desk import NoteDesk
from graphql_api.operations.documents import Known
from graphql_api.operations.replies import content_of
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from graphql_api.types.loaders import Loaders
from kg.graph import Graph
from kg.store import Address, Store

from .conftest import Client, Serve, keyed

pytestmark = pytest.mark.neo4j

CARL, EDDA, VERA = (Principal("carl", Role.CURATOR), Principal("edda", Role.EDITOR), Principal("vera", Role.VIEWER))
WISH = {
    "kind": "HAS_SYMPTOM",
    "start": "DOID:552",
    "end": "HP:0012378",
    "reference": "a textbook, page 7",
    "snippet": "„Fatigue“",
    "properties": {"weight": 0.4},
    "operation": "form-1",
}
ALL = """{ __typename
  proposal { id kind status version title what by note at decidedBy decidedAt decisionNote changeSet }
  errors { code message place hint retryAfter candidates { id name } } }"""
EDGE = f"mutation M($input: ProposeEdgeInput!) {{ proposeEdge(input: $input) {ALL} }}"
LITERAL = f"""mutation {{ one: proposeName(input: {{nodeId: "DOID:552", language: RU, name: "крупозная пневмония",
    reference: "a book", operation: "x"}}) {ALL}
  two: proposeRemoval(input: {{edge: "DOID:552/HAS_SYMPTOM/HP:0001945", reference: "PMID:9", operation: "y"}})
    {{ ...P __typename }}
  three: proposeRemoval(input: {{edge: "no edge", reference: "PMID:9"}}) {{ ...P }} __typename }}
  fragment P on ProposalPayload {{ errors {{ message }} proposal {{ status id ... on Proposal {{ kind }} }} }}"""
STEP = """mutation($id: ID!, $with: Boolean = true, $version: Int) {{
  {}(id: $id, operation: "again", version: $version) {{ proposal {{ status @include(if: $with) changeSet version }}
  errors {{ code message place }} }} }}"""
UNDO = 'mutation($id: ID!) { undoChangeSet(id: $id, operation: "back") { changeSet errors { code message hint } } }'


class Both:
    """Takes a step, and takes it again by the schema under the same operation."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._writes = Writes(schema())
        self._notes = NoteDesk(None, load_api_settings(), None)

    def _context(self, text: str, who: Principal) -> Context:
        return Context(self._graph, who, self._notes, Loaders(self._graph.reader), "request", parse(text))

    async def taken(self, text: str, who: Principal, **variables: Any) -> Answer | None:
        assert not validate(schema()._schema, parse(text))
        return await self._writes.answer(Known(text, parse(text)), None, variables, self._context(text, who))

    async def by_schema(self, text: str, who: Principal, **variables: Any) -> dict[str, Any]:
        context = self._context(text, who)
        result = await schema().execute(text, variable_values=variables, context_value=context)
        return content_of(result, "request")

    async def same(self, text: str, who: Principal, **variables: Any) -> dict[str, Any]:
        """Return the data of both; fail when they differ."""
        answer = await self.taken(text, who, **variables)
        assert answer is not None
        assert answer.body == orjson.dumps(await self.by_schema(text, who, **variables))
        return orjson.loads(answer.body)["data"]


async def test_every_step_is_answered_alike(own_graph: Graph) -> None:
    both = Both(own_graph)
    made = (await both.same(EDGE, CARL, input=WISH))["proposeEdge"]["proposal"]
    assert (made["title"], made["what"]["evidence"]["claims"]) == (
        "pneumonia HAS_SYMPTOM fatigue (weight 0.4)",
        {"weight": 0.4},
    )
    assert (await both.same(LITERAL, CARL))["three"]["proposal"] is None
    for wrong in ({"start": "no curie"}, {"properties": {"weight": 7}}, {"end": "HP:9"}, {"note": "a\0b"}):
        assert (await both.same(EDGE, CARL, input=WISH | wrong))["proposeEdge"]["errors"]
    accepted = (await both.same(STEP.format("acceptProposal"), EDDA, id=made["id"]))["acceptProposal"]["proposal"]
    assert accepted["status"] == "ACCEPTED"
    told = await both.same(STEP.format("rejectProposal"), EDDA, id=made["id"], version=1, **{"with": False})
    assert "status" not in (told["rejectProposal"]["proposal"] or {})
    assert (await both.same(STEP.format("withdrawProposal"), CARL, id="P:0"))["withdrawProposal"]["errors"]
    assert (await both.same(UNDO, EDDA, id=accepted["changeSet"]))["undoChangeSet"]["changeSet"]
    assert (await both.same(UNDO, EDDA, id="CS:0"))["undoChangeSet"]["errors"]


async def test_what_is_refused_before_the_first_step_is_left_to_the_schema(own_graph: Graph) -> None:
    both = Both(own_graph)
    assert await both.taken(EDGE, VERA, input=WISH) is None
    assert await both.taken(EDGE, CARL, input=WISH | {"kind": "CURES"}) is None
    assert await both.taken(EDGE, CARL, input=WISH | {"properties": {"weight": "much"}}) is None
    assert await both.taken('mutation { generateNote(icd10: "J20") { errors { code } } }', EDDA) is None
    assert await both.taken("{ __typename }", EDDA) is None
    assert await own_graph.desk.proposals() == []


async def test_a_database_that_is_away_is_told_at_the_field(serve: Serve) -> None:
    async with Store.at(Address("bolt://127.0.0.1:1", "neo4j", "x"), deadline=1.0, patience=0.1) as store:
        answer = await serve(Graph(store), settings=keyed()).ask(EDGE, {"input": WISH}, "carl")
    assert answer["data"] == {"proposeEdge": None}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["proposeEdge"], "SERVICE_UNAVAILABLE")


async def proposed(client: Client, number: int, **other: Any) -> Any:
    wish = {**WISH, "reference": f"page {number}", "operation": f"form-{number}", **other}
    return (await client.data(EDGE, {"input": wish}, "carl"))["proposeEdge"]


async def test_what_is_proposed_at_once_is_written_together_and_each_has_its_own_result(
    own_graph: Graph, serve: Serve
) -> None:
    client = serve(own_graph, settings=keyed())
    before = own_graph.store.statements_run
    payloads = await asyncio.gather(*(proposed(client, number) for number in range(40)))
    assert own_graph.store.statements_run - before < 10
    made = [payload["proposal"] for payload in payloads]
    assert [proposal["what"]["evidence"]["reference"] for proposal in made] == [f"page {n}" for n in range(40)]
    times = [proposal["at"] for proposal in made]
    assert times == sorted(set(times))
    kept = {proposal.id: proposal for proposal in await own_graph.desk.proposals()}
    assert {one["id"]: (one["title"], one["at"]) for one in made} == {
        key: (proposal.title, proposal.at) for key, proposal in kept.items()
    }
    # Sent again, each returns its first result.
    again = await asyncio.gather(*(proposed(client, number) for number in range(40)))
    assert again == payloads


async def test_one_that_makes_no_sense_takes_no_other_along(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, settings=keyed())
    others = [{}, {}, {"end": "HP:9"}, {"end": "DB:salbutamol"}, {}, {"end": "HP:0001945"}, {"kind": "TREATS"}, {}]
    payloads = await asyncio.gather(*(proposed(client, number, **other) for number, other in enumerate(others)))
    assert [bool(payload["proposal"]) for payload in payloads] == [True, True, False, False, True, True, False, True]
    assert [bool(payload["errors"]) for payload in payloads] == [False, False, True, True, False, False, True, False]
