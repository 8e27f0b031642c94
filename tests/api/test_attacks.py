"""Known attacks on GraphQL services: each is refused or answered soon, and the service goes on answering everybody."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import neo4j
import psutil
import pytest
from graphql import get_introspection_query, parse
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from graphql_api.access.keys import VISITOR
from graphql_api.app import create_app
from graphql_api.compiled.reads import Reads
from graphql_api.operations.documents import Known
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from kg import embedded
from kg.graph import Graph
from kg.settings import Settings
from kg.statements import Statement
from kg.store import Address, Store

from .conftest import CLINIC, filled, running

pytestmark = pytest.mark.neo4j

# Seconds for an answer or a refusal.
SOON = 2.0
PROTOCOL = [Subprotocol("graphql-transport-ws")]
HUB = "HP:0001945"
# Seconds for an answer from the hub: the server of the tests runs without its better compiler.
HUB_SOON = 10.0


@dataclass(frozen=True)
class Target:
    """A service on a port, and the processes whose memory is watched."""

    port: int
    http: httpx.AsyncClient
    database: psutil.Process

    @property
    def socket(self) -> str:
        """Where WebSockets are opened."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    async def alive(self) -> None:
        """Fail unless somebody else is answered soon."""
        began = time.monotonic()
        answer = await self.http.post("/graphql", json={"query": '{ disease(id: "DOID:2841") { name } }'})
        assert answer.json()["data"] == {"disease": {"name": "asthma"}}
        assert time.monotonic() - began < SOON

    def resident(self) -> tuple[float, float]:
        """Megabytes of this process, which holds the service, and of the database."""
        return psutil.Process().memory_info().rss / 1e6, self.database.memory_info().rss / 1e6


# As the ledger writes them, but at once: ten thousand of them take it a minute.
SPOKES = Statement(
    "MATCH (one:Disease {id: 'DOID:552'})-[r:HAS_SYMPTOM]->(hub:Symptom {id: 'HP:0001945'}) "
    "WITH properties(one) AS node, properties(r) AS way, hub "
    "UNWIND range(1, 10000) AS number WITH node, way, hub, number, 'spoke ' + number AS name "
    "CREATE (n:Entity:Disease) "
    "SET n = node {.*, id: 'TEST:spoke' + number, name_en: name, name: name, folded: name} "
    "CREATE (n)-[w:HAS_SYMPTOM]->(hub) SET w = way {.*, id: n.id + '/HAS_SYMPTOM/' + hub.id} "
    "RETURN count(n) AS made"
)


@pytest.fixture(scope="module")
async def hub(opened: Store, emptied: Callable[[Store], Awaitable[None]]) -> Graph:
    """The small graph with a symptom that ten thousand diseases have."""
    await emptied(opened)
    graph = await filled(opened, CLINIC)
    assert await opened.command(SPOKES) == [{"made": 10_000}]
    await opened.command(Statement("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"))
    return graph


@pytest.fixture(scope="module")
async def target(hub: Graph, neo4j_server: Settings) -> AsyncIterator[Target]:
    pid = embedded.status(neo4j_server).pid
    assert pid is not None
    app = create_app(hub, settings=load_api_settings(log_level="error", max_batch=5, max_streams=12))
    async with running(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        found = Target(port, http, psutil.Process(pid))
        await found.alive()
        yield found


def nested(levels: int) -> str:
    step = "symptoms(first: 1) { nodes { diseases(first: 1) { nodes { "
    return f'{{ disease(id: "DOID:2841") {{ {step * levels} id {"} } } }" * levels} }} }}'


def bomb(levels: int) -> str:
    names = [f"f{number}" for number in range(levels)]
    parts = [f"fragment {a} on Disease {{ ...{b} ...{b} }}" for a, b in itertools.pairwise(names)]
    return f'{{ disease(id: "X:0") {{ ...f0 }} }} {" ".join(parts)} fragment {names[-1]} on Disease {{ id }}'


def deep_filter(levels: int) -> str:
    inner = '{ name: { contains: "a" } }'
    for number in range(levels):
        role = "symptoms" if number % 2 == 0 else "diseases"
        inner = f"{{ {role}: {{ some: {{ node: {inner} }} }} }}"
    root = "diseases" if levels % 2 == 1 else "symptoms"
    return f"{{ {root}(where: {inner}) {{ nodes {{ id }} }} }}"


INTROSPECTION_RING = "{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }"
DOCUMENTS: Mapping[str, str] = {
    "deep nesting": nested(8),
    "very deep nesting": nested(200),
    "selection of 900 levels": "{ a" * 900 + "}" * 900,
    "alias flood": "{ " + " ".join(f'a{n}: disease(id: "DOID:2841") {{ id }}' for n in range(100)) + " }",
    "alias flood by fragments": "{ "
    + " ".join(f'b{n}: disease(id: "DOID:{n}") {{ ...F }}' for n in range(9))
    + " } fragment F on Disease { "
    + " ".join(f"a{n}: id" for n in range(50))
    + " }",
    "fragment cycle": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "fragment that holds itself": '{ disease(id: "X:0") { ...A } } fragment A on Disease { id ...A }',
    "fragment bomb": bomb(45),
    "many fragments": bomb(400),
    "directive flood": "{ __typename " + "@skip(if: false) " * 400 + "}",
    "unknown directives": "{ __typename " + "@a " * 900 + "}",
    "field duplication": '{ disease(id: "DOID:2841") { ' + "id " * 900 + "} }",
    "argument duplication": "{ disease(" + 'id: "X:0" ' * 500 + ") { id } }",
    "huge first": f"{{ diseases(first: {2**31 - 1}) {{ nodes {{ id }} }} }}",
    "negative first": "{ diseases(first: -1) { nodes { id } } }",
    "product of lists": "{ diseases(first: 200) { nodes { symptoms(first: 200) { nodes { id } } } } }",
    "introspection in rings": INTROSPECTION_RING,
    "whole introspection": get_introspection_query(),
    "many operations": " ".join(f"query Q{n} {{ __typename }}" for n in range(300)),
    "many variables": "query(" + " ".join(f"$v{n}: Int" for n in range(400)) + ") { __typename }",
    "many arguments with lists": "{ nodes(ids: [" + '"X:0" ' * 1800 + "]) { id } }",
    "deep filter": deep_filter(12),
    "deep literal": "{ diseases(where: " + "{and: [" * 300 + "]}" * 300 + ") { nodes { id } } }",
    "tokens": "{ " + "__typename " * 5000 + "}",
    "block string": '{ disease(name: """' + "\\n " * 20_000 + '""") { id } }',
    "comments": "#\n" * 200_000 + "{ __typename }",
}
HUB_DOCUMENTS: Mapping[str, str] = {
    "hub, all around": f'{{ symptom(id: "{HUB}") {{ diseases(first: 200) {{ totalCount aggregate {{ count weight '
    "{ average } } nodes { symptoms(first: 20) { nodes { id } } } } } }",
    "hub, to and fro": f'{{ symptom(id: "{HUB}") {{ diseases(first: 20) {{ nodes {{ symptoms(first: 20) {{ nodes {{ '
    "diseases(first: 20) { totalCount nodes { id } } } } } } } }",
    "hub in a filter": f"{{ diseases(first: 200, orderBy: [NAME_DESC], where: {{ symptoms: {{ some: {{ node: {{ id: "
    f'{{ eq: "{HUB}" }} }} }} }} }}) {{ totalCount nodes {{ name }} }} }}',
    "hub in a filter, to and fro": deep_filter(3),
    "hub, counted": "{ symptoms(first: 200) { nodes { diseases { totalCount aggregate { weight { average } } } } } }",
    "hub in a question": f'{{ subgraph(question: "symptom \\"{HUB}\\" | diseases | symptoms | diseases | symptoms") '
    "{ ... on Subgraph { truncated nodes { id } } ... on QueryProblem { message } } }",
    "hub, explained": f'{{ explain(question: "symptom \\"{HUB}\\" | diseases | symptoms") {{ __typename }} }}',
    "ways around the hub": '{ between(a: "TEST:spoke1", b: "DB:propranolol", upTo: 6) '
    "{ ... on Subgraph { truncated nodes { id } } ... on QueryProblem { message } } }",
    "a word that all names hold": '{ search(text: "spoke", first: 200) { node { id } } }',
    "stars and signs": '{ search(text: "*~^!(){}[]\\"\\\\/ AND OR NOT", first: 200) { node { id } } }',
    "operators of the index in a question": '{ subgraph(question: "disease \\"NOT AND OR asthna\\" | symptoms") '
    "{ ... on QueryProblem { message hint } } }",
}
# Of each of ten thousand diseases it is asked anew what all of them are called.
EVERYWHERE = (
    '{ diseases(where: {symptoms: {none: {node: {diseases: {some: {node: {name: {contains: "zz"}}}}}}}}) '
    "{ totalCount nodes { id } } }"
)


REFUSALS = frozenset({"QUERY_TOO_LARGE", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"})
ANSWERED = frozenset({"whole introspection"})
RUNNING = Statement(
    "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'HAS_SYMPTOM' "
    "AND NOT currentQuery STARTS WITH 'SHOW' RETURN 1 AS one"
)
MUTATION = 'mutation { undoChangeSet(id: "CS:") { changeSet } }'
JSON = {"content-type": "application/json"}
PREFLIGHT = {"apollo-require-preflight": "1"}
PACKED = {**JSON, "content-encoding": "gzip"}
MANY = {f"v{number}": number for number in range(60_000)}
SMALL = {"query": "{ graph { release } }"}


def bounded(before: tuple[float, float], after: tuple[float, float]) -> None:
    """Fail when the service or the database kept much memory: 200 MB; the database may fill its heap of 512."""
    assert after[0] - before[0] < 200, (before, after)
    assert after[1] - before[1] < 700, (before, after)


async def soon(ask: Callable[[], Awaitable[httpx.Response]], seconds: float = SOON) -> httpx.Response:
    """Return the answer; fail when it takes too long twice, since the machine of a test may be busy once."""
    for _ in range(2):
        began = time.monotonic()
        answer = await ask()
        if time.monotonic() - began < seconds:
            return answer
    raise AssertionError(f"the answer took {time.monotonic() - began:.1f} s")


async def test_a_document_that_attacks_is_refused_soon_and_costs_no_statement(target: Target, opened: Store) -> None:
    before = target.resident()
    for name, document in DOCUMENTS.items():
        statements = opened.statements_run
        answer = await soon(lambda text=document: target.http.post("/graphql", json={"query": text}))
        assert answer.status_code == 200, (name, answer.text)
        codes = {error["extensions"]["code"] for error in answer.json().get("errors", ())}
        assert codes <= REFUSALS, (name, answer.text)
        assert codes or name in ANSWERED, name
        assert opened.statements_run == statements, name
    await target.alive()
    bounded(before, target.resident())


async def test_a_hub_with_ten_thousand_neighbours_is_asked_around_and_to_depth(target: Target) -> None:
    before = target.resident()
    for name, document in HUB_DOCUMENTS.items():
        answer = await soon(lambda text=document: target.http.post("/graphql", json={"query": text}), HUB_SOON)
        assert "errors" not in answer.json(), (name, answer.text[:500])
        assert len(answer.content) < 2_000_000, name
    await target.alive()
    bounded(before, target.resident())


AROUND = "{ diseases(first: 200) { nodes { symptoms(first: 3) { nodes { diseases(first: 20) { nodes { id } } } } } } }"
ONCE = f'{{ symptom(id: "{HUB}") {{ diseases(first: 20) {{ nodes {{ id }} }} }} }}'


class Caught(Exception):
    """Ends a read before it is sent."""


class Catching:
    """Stands for the store and keeps the statement that it is asked."""

    statement: Statement

    async def values(self, statement: Statement, *, deadline: float | None = None) -> Any:
        self.statement = statement
        raise Caught


async def touched(document: str, at: Address) -> int:
    """Return how often the statement of a document touches the store, as the database counts it."""
    catching = Catching()
    with suppress(Caught):
        known = Known(document, parse(document))
        await Reads(catching, schema()).answer(known, None, {}, VISITOR)  # pyright: ignore[reportArgumentType]
    statement = catching.statement
    with neo4j.GraphDatabase.driver(at.uri, auth=(at.user, at.password)) as driver, driver.session() as session:
        plans = [session.run(f"PROFILE {statement.text}", dict(statement.values)).consume().profile]
    hits = 0
    while plans:
        plan = plans.pop()
        hits += plan["args"].get("DbHits", 0)
        plans += plan.get("children", ())
    return hits


async def test_a_hub_that_two_hundred_rows_lead_to_is_expanded_once(hub: Graph, neo4j_address: Address) -> None:
    once, around = await touched(ONCE, neo4j_address), await touched(AROUND, neo4j_address)
    assert once > 10_000
    assert around < 2 * once


async def test_a_part_of_a_name_is_looked_up_and_not_looked_for_in_ten_thousand(
    hub: Graph, opened: Store, neo4j_address: Address
) -> None:
    # The planner goes by what it knows of an index, and that was found out before there were ten thousand names in it.
    await opened.command(Statement("CALL db.prepareForReplanning(60)"))
    for word in ('contains: "ASTHMA"', 'startsWith: "ASTHMA"', 'eq: "ASTHMA"', 'in: ["ASTHMA", "Pneumonia"]'):
        document = f"{{ diseases(where: {{name: {{{word}}}}}) {{ nodes {{ id }} }} }}"
        assert await touched(document, neo4j_address) < 100, word
    assert await touched('{ diseases(where: {name: {contains: "qq"}}) { nodes { id } } }', neo4j_address) > 10_000


async def test_what_explodes_at_the_hub_ends_with_the_deadline_in_the_database_too(
    hub: Graph, neo4j_address: Address
) -> None:
    async with Store.at(neo4j_address, deadline=SOON) as store:
        app = create_app(Graph(store), settings=load_api_settings(log_level="error"))
        async with running(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            began = time.monotonic()
            asked = [http.post("/graphql", json={"query": EVERYWHERE}) for _ in range(3)]
            for answer in await asyncio.gather(*asked):
                assert answer.json()["errors"][0]["extensions"]["code"] == "TIMEOUT", answer.text[:300]
                assert "MKG_DEADLINE" in answer.json()["errors"][0]["extensions"]["hint"]
            assert time.monotonic() - began < 3 * SOON
            while await store.read(RUNNING):
                assert time.monotonic() - began < 5 * SOON, "the statement still runs"
                await asyncio.sleep(0.1)


REQUESTS: list[tuple[str, str, dict[str, Any], int]] = [
    ("a mutation by GET", "GET", {"params": {"query": MUTATION}, "headers": PREFLIGHT}, 405),
    ("a query by GET that a foreign page can send", "GET", {"params": {"query": "{ __typename }"}}, 400),
    ("a form", "POST", {"data": {"query": MUTATION}}, 415),
    ("a form with files", "POST", {"files": {"operations": ("a.json", b"{}"), "0": ("b", b"x" * 10_000)}}, 415),
    ("plain text", "POST", {"content": b'{"query": "{ __typename }"}', "headers": {"content-type": "text/plain"}}, 415),
    ("a batch of a thousand", "POST", {"json": [{"query": "{ __typename }"}] * 1000}, 400),
    ("a body of two megabytes", "POST", {"json": {"query": "{ __typename }", "x": "a" * 2_000_000}}, 413),
    ("packed bodies", "POST", {"content": gzip.compress(b" " * 10**7), "headers": PACKED}, 400),
    ("a hundred thousand levels of JSON", "POST", {"content": b"[" * 100_000, "headers": JSON}, 400),
    ("a hundred thousand variables", "POST", {"json": {"query": "{ __typename }", "variables": MANY}}, 200),
    ("a foreign host", "POST", {"json": {"query": "{ __typename }"}, "headers": {"host": "evil.example"}}, 400),
    ("a method that nobody knows", "TRACE", {}, 405),
]


@pytest.mark.parametrize(("method", "given", "status"), [each[1:] for each in REQUESTS], ids=[it[0] for it in REQUESTS])
async def test_a_request_of_the_wrong_shape_is_refused_soon(
    target: Target, method: str, given: dict[str, Any], status: int
) -> None:
    answer = await soon(lambda: target.http.request(method, "/graphql", **given))
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text


async def test_a_batch_of_what_is_dear_is_answered_like_single_ones(target: Target) -> None:
    batch = [{"query": HUB_DOCUMENTS["hub, counted"]}] * 5
    answer = await soon(lambda: target.http.post("/graphql", json=batch), HUB_SOON)
    assert [set(each) for each in answer.json()] == [{"data", "extensions"}] * 5


async def test_a_page_of_another_origin_opens_no_socket(target: Target) -> None:
    for origin in (
        "https://evil.example",
        "http://localhost.evil.example",
        "null",
        f"http://127.0.0.1:{target.port}@x",
    ):
        with pytest.raises(InvalidStatus):
            await connect(target.socket, subprotocols=PROTOCOL, origin=Origin(origin))


def flooding(target: Target) -> Any:
    """A client that reads nothing while it sends, and does not wait for the end."""
    return connect(target.socket, subprotocols=PROTOCOL, max_queue=None, close_timeout=0.2)


async def test_sockets_that_flood_are_shown_out_and_others_go_on(target: Target) -> None:
    before = target.resident()
    async with AsyncExitStack() as wires:
        opened = [await wires.enter_async_context(flooding(target)) for _ in range(20)]
        await asyncio.sleep(0.2)
        shut = [wire for wire in opened if wire.close_code is not None]
        # As many as may be open, and the rest is told to come again.
        assert {wire.close_code for wire in shut} == {1013}
        assert len(opened) - len(shut) == 12
        await target.alive()
        talking = [wire for wire in opened if wire.close_code is None]
        messages = [
            *(json.dumps({"type": "ping"}) for _ in range(1000)),
            *(json.dumps({"id": f"{at}", "type": "subscribe", "payload": SMALL}) for at in range(300)),
            *(json.dumps({"id": f"{at}", "type": "complete"}) for at in range(300)),
        ]
        for wire in talking[:2]:
            await wire.send(json.dumps({"type": "connection_init"}))
            with suppress(ConnectionClosed):
                for message in messages:
                    await wire.send(message)
        for wire in talking[2:4]:
            # Longer than any message may be.
            with suppress(ConnectionClosed):
                await wire.send("x" * 2_000_000)
        await target.alive()
    for _ in range(100):
        if "mkg_graphql_streams 0.0" in (await target.http.get("/metrics")).text:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("streams are still open")
    bounded(before, target.resident())


async def test_slow_bodies_hold_nobody_else_and_are_given_up(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphql_api.transport.wire.BODY_SECONDS", 1.0)
    head = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    starts = (head + b"content-length: 999\r\n\r\n{", head + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\n", head)
    wires = [await asyncio.open_connection("127.0.0.1", target.port) for _ in range(60)]
    for at, (_, writer) in enumerate(wires):
        writer.write(starts[at % 3])
    await target.alive()
    for at, (reader, writer) in enumerate(wires):
        if at % 3 < 2:
            assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
        # Of a head that never ends the server knows no end either; it costs one idle connection.
        writer.close()
    await target.alive()
