"""Jobs over GraphQL: started, polled, watched, cancelled; seen by who started them and by admins alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import parse

from graphql_api.access.keys import Principal, Role
from graphql_api.context import Context
from graphql_api.jobs.desk import NoteDesk
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from graphql_api.types.loaders import Loaders
from kg.errors import KgError
from kg.graph import Graph

from .conftest import Client, Serve, keyed
from .test_curating import FakeWriter

pytestmark = pytest.mark.neo4j

START = """mutation($input: StartNotesInput!) { startNotes(input: $input) {
  job { id status progress { done total } startedBy diseases number plan { icd10 number } seed recipe queuePosition }
  errors { code message hint retryAfter }
} }"""
JOB = """query($id: ID!, $first: Int! = 20, $after: String) { job(id: $id) {
  id status startedBy at startedAt endedAt queuePosition
  progress { done total tokensPerSecond secondsLeft }
  error { code message hint place }
  notes(first: $first, after: $after) {
    totalCount
    edges { cursor node { id } }
    nodes { text passed facts { edgeId told } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
} }"""
CANCEL = "mutation($id: ID!) { cancelJob(id: $id) { job { id status } errors { code message } } }"
PLANNED = {"icd10": [], "diseases": [], "number": 1}
TWO = {"icd10": ["J20"], "diseases": ["DOID:2841"], "number": 2, "seed": 7}


async def started(client: Client, by: str | None = None, **input: Any) -> dict[str, Any]:
    payload = (await client.data(START, {"input": {**TWO, **input}}, by))["startNotes"]
    assert payload["errors"] == []
    return payload["job"]


async def ended(client: Client, job: Mapping[str, Any], by: str | None = None) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            found = (await client.data(JOB, {"id": job["id"]}, by))["job"]
            if found["status"] not in ("QUEUED", "RUNNING"):
                return found
            await asyncio.sleep(0.02)


async def test_a_job_is_started_polled_and_read_page_by_page(own_graph: Graph, serve: Serve) -> None:
    writer = FakeWriter()
    client = serve(own_graph, writer)
    job = await started(client, recipe="short")
    assert job["progress"] == {"done": 0, "total": 4}
    assert (job["diseases"], job["number"], job["seed"], job["recipe"]) == (["J20", "DOID:2841"], 2, 7, "short")
    done = await ended(client, job)
    assert (done["status"], done["startedBy"], done["error"], done["queuePosition"]) == ("DONE", "visitor", None, None)
    assert done["at"] <= done["startedAt"] <= done["endedAt"]
    assert done["progress"]["done"] == done["notes"]["totalCount"] == 4
    assert done["progress"]["tokensPerSecond"] > 0
    assert [edge["node"]["id"] for edge in done["notes"]["edges"]] == [
        "NOTE:J20:0",
        "NOTE:J20:1",
        "NOTE:DOID:2841:0",
        "NOTE:DOID:2841:1",
    ]
    assert done["notes"]["nodes"][0]["facts"] == [{"edgeId": "DOID:9395/HAS_SYMPTOM/HP:0012735", "told": True}]
    assert {(disease, seed, recipe) for disease, seed, recipe in writer.asked} == {
        ("J20", 7, "short"),
        ("DOID:2841", 7, "short"),
    }

    first = (await client.data(JOB, {"id": job["id"], "first": 3}))["job"]["notes"]
    rest = (await client.data(JOB, {"id": job["id"], "first": 3, "after": first["pageInfo"]["endCursor"]}))["job"][
        "notes"
    ]
    assert [first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]] == [True, False]
    assert [*first["edges"], *rest["edges"]] == done["notes"]["edges"]
    assert await client.code(JOB, {"id": job["id"], "after": "x"}) == "BAD_USER_INPUT"


async def test_a_job_is_a_node_and_is_listed(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, FakeWriter())
    jobs = [await ended(client, await started(client, seed=seed)) for seed in range(3)]
    ids = [job["id"] for job in jobs]
    node = "query($id: ID!) { node(id: $id) { __typename id ... on Job { status } } }"
    assert await client.data(node, {"id": ids[0]}) == {"node": {"__typename": "Job", "id": ids[0], "status": "DONE"}}
    plain = 'query($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id, "DOID:552"]) { __typename } }'
    assert await client.data(plain, {"id": ids[0]}) == {
        "node": {"__typename": "Job", "id": ids[0]},
        "nodes": [{"__typename": "Job"}, {"__typename": "Disease"}],
    }
    nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { seed } ... on Disease { name } } }"
    assert await client.data(nodes, {"ids": [ids[2], "DOID:552", "JOB:0"]}) == {
        "nodes": [{"id": ids[2], "seed": 2}, {"id": "DOID:552", "name": "pneumonia"}, None]
    }
    assert [job["id"] for job in (await client.data("{ jobs(first: 2) { id } }"))["jobs"]] == [ids[2], ids[1]]
    assert await client.data("{ jobs(status: RUNNING) { id } }") == {"jobs": []}
    # Polling costs the database nothing.
    await client.data(JOB, {"id": ids[0]})
    assert client.statements == 0


async def test_jobs_are_seen_by_who_started_them_and_by_admins(own_graph: Graph, serve: Serve) -> None:
    gate = asyncio.Event()
    client = serve(own_graph, FakeWriter(gate), keyed())
    job = await started(client, "vera")
    assert job["startedBy"] == "vera"
    for stranger in ("carl", "edda"):
        assert await client.data(JOB, {"id": job["id"]}, stranger) == {"job": None}
        assert await client.data("{ jobs { id } }", by=stranger) == {"jobs": []}
        node = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"
        assert await client.data(node, {"id": job["id"]}, stranger) == {"node": None, "nodes": [None]}
        refused = (await client.data(CANCEL, {"id": job["id"]}, stranger))["cancelJob"]
        assert (refused["job"], refused["errors"][0]["code"]) == (None, "NOT_FOUND")
    assert await client.data("{ jobs { id } }", by="ada") == {"jobs": [{"id": job["id"]}]}
    cancelled = (await client.data(CANCEL, {"id": job["id"]}, "ada"))["cancelJob"]
    assert cancelled == {"job": {"id": job["id"], "status": "CANCELLED"}, "errors": []}
    assert (await client.data(JOB, {"id": job["id"]}, "vera"))["job"]["status"] == "CANCELLED"


async def test_a_request_sent_again_returns_the_same_job_and_another_one_is_refused(
    own_graph: Graph, serve: Serve
) -> None:
    client = serve(own_graph, FakeWriter())
    job = await started(client, operation="form-1")
    assert (await started(client, operation="form-1"))["id"] == job["id"]
    payload = (await client.data(START, {"input": {**TWO, "seed": 8, "operation": "form-1"}}))["startNotes"]
    assert payload["job"] is None
    assert payload["errors"][0]["code"] == "CONFLICT"
    assert len((await client.data("{ jobs { id } }"))["jobs"]) == 1


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"icd10": ["Z99", "J20"]}, "NOT_FOUND", "Z99"),
        ({"diseases": ["HP:0012735"]}, "NOT_FOUND", "HP:0012735"),
        ({"diseases": ["DOID:0"]}, "NOT_FOUND", "DOID:0"),
        ({"diseases": ["no id"]}, "BAD_USER_INPUT", "is not an id"),
        ({"icd10": [], "diseases": []}, "BAD_USER_INPUT", "from 1 to 100"),
        ({"icd10": ["J20", "J20"]}, "BAD_USER_INPUT", "twice"),
        ({"number": 0}, "BAD_USER_INPUT", "at least 1"),
        ({"number": 501}, "BAD_USER_INPUT", "1002 notes; 1000 are allowed"),
        ({"seed": -1}, "BAD_USER_INPUT", "`seed`"),
        ({"plan": [{"icd10": "J20", "number": 1}]}, "BAD_USER_INPUT", "leave the others out"),
        ({**PLANNED, "plan": [{"icd10": "J20"}, {"icd10": "J20"}]}, "BAD_USER_INPUT", "twice"),
        ({**PLANNED, "plan": [{"icd10": "J20", "number": 0}]}, "BAD_USER_INPUT", "at least 1"),
        ({**PLANNED, "plan": [{"icd10": "Z99"}]}, "NOT_FOUND", "Z99"),
        ({**PLANNED, "plan": [{"icd10": f"J{n:03}"} for n in range(301)]}, "BAD_USER_INPUT", "300 are allowed"),
    ],
)
async def test_a_job_about_nothing_is_refused_before_the_queue(
    own_graph: Graph, serve: Serve, change: dict[str, Any], code: str, said: str
) -> None:
    writer = FakeWriter()
    payload = (await serve(own_graph, writer).data(START, {"input": {**TWO, **change}}))["startNotes"]
    assert payload["job"] is None
    assert payload["errors"][0]["code"] == code
    assert said in payload["errors"][0]["message"]
    assert writer.asked == []


async def test_a_plan_has_a_number_for_each_code_and_none_for_all(own_graph: Graph, serve: Serve) -> None:
    writer = FakeWriter()
    client = serve(own_graph, writer)
    plan = [{"icd10": "J20", "number": 2}, {"icd10": "J45", "number": 1}]
    job = await started(client, **PLANNED, plan=plan)
    assert (job["number"], job["plan"], job["progress"]["total"]) == (None, plan, 3)
    assert (await ended(client, job))["status"] == "DONE"
    assert [disease for disease, *_ in writer.asked] == ["J20", "J20", "J45"]


async def test_a_full_queue_says_busy_and_when_to_come_again(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, FakeWriter(asyncio.Event()), load_api_settings(job_queue=1))
    first, second = await started(client), await started(client)
    assert second["queuePosition"] in (1, 2)
    payload = (await client.data(START, {"input": TWO}))["startNotes"]
    assert payload["errors"][0]["code"] == "BUSY"
    assert payload["errors"][0]["retryAfter"] >= 1
    for job in (first, second):
        await client.data(CANCEL, {"id": job["id"]})
    assert (await started(client))["status"] == "QUEUED"


async def test_a_job_that_fails_says_why(own_graph: Graph, serve: Serve) -> None:
    client = serve(own_graph, FakeWriter(error=KgError("there is no model", hint="Install one.")))
    failed = await ended(client, await started(client))
    assert failed["status"] == "FAILED"
    assert failed["error"] == {
        "code": "SERVICE_UNAVAILABLE",
        "message": "there is no model",
        "hint": "Install one.",
        "place": None,
    }


async def test_without_a_model_no_job_is_taken_in(own_graph: Graph, serve: Serve) -> None:
    payload = (await serve(own_graph).data(START, {"input": TWO}))["startNotes"]
    assert payload["errors"][0]["code"] == "SERVICE_UNAVAILABLE"


WATCH = """subscription($id: ID!, $from: Int) { jobProgress(id: $id, notesFrom: $from) {
  __typename
  ... on JobProgressed { job { status progress { done } queuePosition } }
  ... on JobToken { noteIndex attempt text }
  ... on JobNoteDone { noteIndex note { id text } }
  ... on JobEnded { job { status } }
} }"""
START_ONE = 'mutation { startNotes(input: {icd10: ["J20"], number: 2}) { job { id } } }'


class Door:
    """The schema itself, as the transports use it."""

    def __init__(self, graph: Graph, desk: NoteDesk) -> None:
        self.graph = graph
        self.desk = desk

    def context(self, text: str, who: Principal) -> Context:
        return Context(self.graph, who, self.desk, Loaders(self.graph.reader), "request", parse(text))

    async def start(self, who: Principal) -> str:
        told: Any = await schema().execute(START_ONE, context_value=self.context(START_ONE, who))
        assert told.errors is None
        return told.data["startNotes"]["job"]["id"]

    async def watch(self, job: str, who: Principal, start: int | None = None) -> list[dict[str, Any]]:
        events: Any = await schema().subscribe(
            WATCH, context_value=self.context(WATCH, who), variable_values={"id": job, "from": start}
        )
        seen: list[dict[str, Any]] = []
        async with asyncio.timeout(20):
            async for event in events:
                if event.errors:
                    return [{"error": event.errors[0].original_error}]
                seen.append(event.data["jobProgress"])
        return seen


VERA, EGON = Principal("vera", Role.VIEWER), Principal("egon", Role.EDITOR)


@pytest.fixture
async def door(own_graph: Graph, tmp_path: Path) -> AsyncIterator[Door]:
    desk = NoteDesk(FakeWriter(), load_api_settings(), tmp_path / "jobs")
    yield Door(own_graph, desk)
    await desk.close()


async def test_a_subscription_tells_of_tokens_notes_and_the_end(own_graph: Graph, tmp_path: Path) -> None:
    gate = asyncio.Event()
    desk = NoteDesk(FakeWriter(gate), load_api_settings(), tmp_path / "jobs")
    door = Door(own_graph, desk)
    job = await door.start(VERA)
    watching = asyncio.create_task(door.watch(job, VERA))
    await asyncio.sleep(1)
    gate.set()
    seen = await watching
    assert seen[0]["__typename"] == "JobProgressed"
    assert seen[0]["job"]["progress"] == {"done": 0}
    assert {"__typename": "JobToken", "noteIndex": 0, "attempt": 0, "text": "Cough for three days."} in seen
    done = [event for event in seen if event["__typename"] == "JobNoteDone"]
    assert [(event["noteIndex"], event["note"]["id"]) for event in done] == [(0, "NOTE:J20:0"), (1, "NOTE:J20:1")]
    assert seen[-1] == {"__typename": "JobEnded", "job": {"status": "DONE"}}
    again = await door.watch(job, VERA, 0)
    assert [event for event in again if event["__typename"] == "JobNoteDone"] == done
    await desk.close()


async def test_a_job_of_somebody_else_cannot_be_watched(door: Door) -> None:
    job = await door.start(VERA)
    (refused,) = await door.watch(job, EGON)
    assert refused["error"].code == "NOT_FOUND"
    (refused,) = await door.watch("JOB:0", VERA)
    assert refused["error"].code == "NOT_FOUND"
    (refused,) = await door.watch(job, VERA, -1)
    assert refused["error"].code == "BAD_USER_INPUT"


async def test_a_client_that_leaves_a_subscription_leaves_the_job_alone(own_graph: Graph, tmp_path: Path) -> None:
    gate = asyncio.Event()
    desk = NoteDesk(FakeWriter(gate), load_api_settings(), tmp_path / "jobs")
    door = Door(own_graph, desk)
    job = await door.start(VERA)
    events: Any = await schema().subscribe(WATCH, context_value=door.context(WATCH, VERA), variable_values={"id": job})
    assert (await anext(events)).data["jobProgress"]["__typename"] == "JobProgressed"
    await events.aclose()
    gate.set()
    assert (await door.watch(job, VERA))[-1]["job"]["status"] == "DONE"
    await desk.close()
