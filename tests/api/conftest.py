"""A small graph in a real Neo4j, the service in this process, and ways to ask it."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from graphql_api.access.keys import Role, new_key
from graphql_api.app import create_app
from graphql_api.jobs.desk import NoteDesk, NoteWriter
from graphql_api.settings import ApiSettings, load_api_settings
from graphql_api.telling import Teller
from kg import embedded
from kg.graph import Graph
from kg.ledger import Draft, Ledger
from kg.settings import Settings, load_settings
from kg.statements import Statement
from kg.store import Address, Store
from kg.values import Edge, Evidence, Node, checked_edge


def told(source: str = "mkg-core", reference: str = "row 1", **claims: Any) -> Evidence:
    return Evidence(source, "1", "CC0-1.0", reference, "the tests", claims=claims)


def named(kind: str, node_id: str, en: str, ru: str | None = None, *synonyms: str, **properties: Any) -> Node:
    names = {"en": en, **({"ru": ru} if ru else {})}
    return Node(kind, node_id, names, {"en": synonyms} if synonyms else {}, properties)


def edge(kind: str, start: str, end: str, *evidence: Evidence) -> Edge:
    return checked_edge(Edge(kind, start, end, evidence or (told(),)))


CLINIC: tuple[Node | Edge, ...] = (
    named("Disease", "DOID:9395", "acute bronchitis", "острый бронхит", "chest cold", prior=0.2),
    named("Disease", "DOID:2841", "asthma", "астма", "bronchial asthma", prior=0.1),
    named("Disease", "DOID:552", "pneumonia", "пневмония", prior=0.05, age_min=1),
    named("Disease", "DOID:10763", "hypertension", "гипертензия", "high blood pressure"),
    named("Disease", "DOID:10283", "prostate cancer", None, sex="male", age_min=40),
    named("Symptom", "HP:0012735", "cough", "кашель"),
    named("Symptom", "HP:0001945", "fever", "лихорадка", "high temperature"),
    named("Symptom", "HP:0002094", "dyspnea", "одышка", "shortness of breath"),
    named("Symptom", "HP:0012378", "fatigue", "утомляемость"),
    named("Drug", "DB:salbutamol", "salbutamol", "сальбутамол", "albuterol", atc="R03AC02"),
    named("Drug", "DB:paracetamol", "paracetamol", "парацетамол", "acetaminophen", atc="N02BE01"),
    named("Drug", "DB:propranolol", "propranolol", "пропранолол", atc="C07AA05"),
    named("DrugClass", "ATC:R03", "drugs for obstructive airway diseases"),
    named("SideEffect", "SE:tremor", "tremor", "тремор"),
    named("SideEffect", "SE:nausea", "nausea", "тошнота"),
    named("IcdCode", "ICD10:J20", "acute bronchitis (J20)", None, system="ICD10", level="category"),
    named("IcdCode", "ICD10:J20-J22", "acute lower respiratory infections", None, system="ICD10", level="block"),
    named("IcdCode", "ICD10CM:J45", "asthma (J45)", None, system="ICD10CM", level="category"),
    edge("HAS_SYMPTOM", "DOID:9395", "HP:0012735", told(weight=0.9), told("other", "page 3", weight=0.7)),
    edge("HAS_SYMPTOM", "DOID:9395", "HP:0001945", told(weight=0.5)),
    edge("HAS_SYMPTOM", "DOID:9395", "HP:0012378", told(weight=0.5)),
    edge("HAS_SYMPTOM", "DOID:2841", "HP:0012735", told(weight=0.8)),
    edge("HAS_SYMPTOM", "DOID:2841", "HP:0002094", told(weight=0.95)),
    edge("HAS_SYMPTOM", "DOID:552", "HP:0012735", told(weight=0.8)),
    edge("HAS_SYMPTOM", "DOID:552", "HP:0001945", told(weight=0.9)),
    edge("HAS_SYMPTOM", "DOID:552", "HP:0002094"),
    edge("TREATS", "DB:salbutamol", "DOID:2841", told(purpose="symptomatic")),
    edge("TREATS", "DB:paracetamol", "DOID:9395", told(purpose="symptomatic")),
    edge("TREATS", "DB:propranolol", "DOID:10763", told(purpose="disease_modifying")),
    edge("CONTRAINDICATED_FOR", "DB:propranolol", "DOID:2841", told(reason="narrows the airways")),
    edge("CAUSES", "DB:salbutamol", "SE:tremor", told(frequency=0.1)),
    edge("CAUSES", "DB:salbutamol", "SE:nausea", told(frequency=0.02)),
    edge("IN_CLASS", "DB:salbutamol", "ATC:R03"),
    edge("RESEMBLES", "DOID:9395", "DOID:552", told(score=0.8, sign="crackles on one side")),
    edge("RESEMBLES", "DOID:9395", "DOID:2841", told(score=0.6)),
    edge("INTERACTS_WITH", "DB:salbutamol", "DB:propranolol"),
    edge("CODED_AS", "DOID:9395", "ICD10:J20"),
    edge("CODED_AS", "DOID:2841", "ICD10CM:J45"),
    edge("PART_OF", "ICD10:J20", "ICD10:J20-J22"),
)


def crowd(diseases: int = 120, symptoms: int = 40) -> tuple[Node | Edge, ...]:
    """Many diseases and symptoms with random edges, for pages; some weights are equal, some missing."""
    draw = random.Random(11)
    nodes: list[Node | Edge] = [
        # Every third name stands twice, so that ties have to be settled by id.
        named("Disease", f"TEST:d{number:03}", f"crowded disease {number // 3 * 3:03}", prior=number % 7 / 10)
        for number in range(diseases)
    ]
    nodes += [named("Symptom", f"TEST:s{number:03}", f"crowded symptom {number:03}") for number in range(symptoms)]
    for disease in range(diseases):
        for symptom in draw.sample(range(symptoms), 12):
            claims = {} if draw.random() < 0.2 else {"weight": draw.choice([0.1, 0.25, 0.5, 0.5, 0.9])}
            nodes.append(edge("HAS_SYMPTOM", f"TEST:d{disease:03}", f"TEST:s{symptom:03}", told(**claims)))
    return tuple(nodes)


async def filled(store: Store, records: Sequence[Node | Edge]) -> Graph:
    """Tell these records to an empty, prepared database and return the graph."""
    nodes = [record for record in records if isinstance(record, Node)]
    edges = [record for record in records if isinstance(record, Edge)]
    draft = Draft("import", "the tests' graph", "tests", "tests-1")
    await Ledger(store).tell(draft, nodes, source="mkg-core", last=False)
    await Ledger(store).tell(draft, edges, source="mkg-core", last=True)
    await store.command(Statement("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"))
    return Graph(store)


@pytest.fixture(scope="session")
async def opened(neo4j_address: Address) -> AsyncIterator[Store]:
    async with Store.at(neo4j_address, deadline=30.0) as store:
        yield store


@pytest.fixture(scope="session")
def _stoppable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings.model_validate(
        {
            "NEO4J_URI": None,
            "data_dir": tmp_path_factory.mktemp("stopped"),
            "cache_dir": load_settings().cache_dir,
            "bolt_port": 0,
            "heap": "256m",
            "page_cache": "32m",
        }
    )
    yield settings
    embedded.stop(settings)


@pytest.fixture
def own_server(_stoppable: Settings) -> Settings:
    """A running server that tests may stop; all of them have the same."""
    embedded.start(_stoppable, tied=True, fast_start=True)
    return _stoppable


@pytest.fixture(scope="module")
async def graph(opened: Store, emptied: Callable[[Store], Awaitable[None]]) -> Graph:
    """The small graph with a crowd for pages; the tests of a module share it and only read."""
    await emptied(opened)
    return await filled(opened, (*CLINIC, *crowd()))


@pytest.fixture
async def own_graph(opened: Store, emptied: Callable[[Store], Awaitable[None]]) -> Graph:
    """The small graph, new for each test."""
    await emptied(opened)
    return await filled(opened, CLINIC)


KEYS: Mapping[str, tuple[str, str]] = {
    name: new_key(name, role)
    for name, role in (
        ("vera", Role.VIEWER),
        ("carl", Role.CURATOR),
        ("cora", Role.CURATOR),
        ("edda", Role.EDITOR),
        ("egon", Role.EDITOR),
        ("ada", Role.ADMIN),
    )
}


def keyed(**overrides: Any) -> ApiSettings:
    """Settings with a key for each of these people."""
    return load_api_settings(api_keys=" ".join(entry for _, entry in KEYS.values()), **overrides)


@dataclass
class Client:
    """Asks a service, and counts the statements that it spends."""

    http: httpx.AsyncClient
    store: Store
    statements: int = 0

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, by: str | None = None
    ) -> dict[str, Any]:
        """Return the whole answer."""
        headers = {"authorization": f"Bearer {KEYS[by][0]}"} if by else {}
        before = self.store.statements_run
        response = await self.http.post(
            "/graphql", json={"query": query, "variables": variables or {}}, headers=headers
        )
        self.statements = self.store.statements_run - before
        return response.json()

    async def data(
        self, query: str, variables: Mapping[str, Any] | None = None, by: str | None = None
    ) -> dict[str, Any]:
        """Return the data of an answer that has no error."""
        answer = await self.ask(query, variables, by)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def events(
        self, query: str, variables: Mapping[str, Any] | None = None, by: str | None = None
    ) -> list[dict[str, Any]]:
        """Return each result of a subscription, told as server-sent events, until it ends."""
        headers = {"accept": "text/event-stream", **({"authorization": f"Bearer {KEYS[by][0]}"} if by else {})}
        body = {"query": query, "variables": variables or {}}
        response = await self.http.post("/graphql", json=body, headers=headers)
        lines = [line.removeprefix("data:").strip() for line in response.text.splitlines() if line.startswith("data:")]
        return [json.loads(line) for line in lines if line]

    async def code(self, query: str, variables: Mapping[str, Any] | None = None, by: str | None = None) -> str:
        """Return the code of the first error."""
        return (await self.ask(query, variables, by))["errors"][0]["extensions"]["code"]


Serve = Callable[..., Client]


@pytest.fixture
async def serve(opened: Store) -> AsyncIterator[Serve]:
    """A function that serves a graph in this process and returns a client."""
    clients: list[httpx.AsyncClient] = []
    desks: list[NoteDesk] = []

    def serving(
        graph: Graph,
        writer: NoteWriter | None = None,
        settings: ApiSettings | None = None,
        teller: Teller | None = None,
    ) -> Client:
        app = create_app(graph, writer, settings or load_api_settings(), teller=teller)
        # An exception that leaves the service fails the test.
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        desks.append(app.state.notes)
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60))
        return Client(clients[-1], graph.store)

    yield serving
    for client in clients:
        await client.aclose()
    for desk in desks:
        await desk.close()


@pytest.fixture
def client(graph: Graph, serve: Serve) -> Client:
    """A client of the shared graph, without keys."""
    return serve(graph)


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[int]:
    """Serve on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # Longer than clients keep a connection: one that is closed just as they use it again loses the request.
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="websockets-sansio", timeout_keep_alive=75)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110  # the server has no event for it
            await asyncio.sleep(0.01)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task
