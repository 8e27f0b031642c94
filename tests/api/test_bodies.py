"""Bodies, documents and headers that nobody should send are refused with a reason, and never with a 500."""

from __future__ import annotations

import itertools
import json
from typing import Any

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg.graph import Graph
from kg.store import Address, Store

from .conftest import Client, Serve

pytestmark = pytest.mark.neo4j

JSON = {"content-type": "application/json"}
BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"null", 400),
    (b"1", 400),
    (b'"text"', 400),
    (b"[]", 400),
    (b'[{"query": "{ __typename }"}]', 400),
    (b"{", 400),
    (b"{}", 400),
    (b'{"query": null}', 400),
    (b'{"query": 7}', 400),
    (b'{"query": ""}', 400),
    (b'{"query": "\xff\xfe"}', 400),
    (b'{"query": "\\ud800"}', 400),
    (b'{"query": "{ __typename }", "variables": []}', 400),
    (b'{"query": "{ __typename }", "variables": "x"}', 400),
    (b'{"query": "{ __typename }", "operationName": 3}', 400),
    (b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}", 400),
    (b'{"query": "{ __typename }", "variables": {"a": NaN}}', 400),
    (b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"}}", 400),
    (b"[" * 100_000, 400),
    (b'{"query": "{ __typename }", "x": "' + b"a" * 1_100_000 + b'"}', 413),
    ('{"query": "{ __typename }"}'.encode("utf-16"), 400),
    (b'\xef\xbb\xbf{"query": "{ __typename }"}', 400),
    (b'{"query": "{ __typename }", "variables": null, "operationName": null}', 200),
    (b'{"query": "{ __typename }", "extensions": {"persistedQuery": 1}}', 400),
    (b'{"query": "{ __typename }", "extensions": 1}', 400),
    (b'{"documentId": 1}', 400),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=[repr(body[:40]) for body, _ in BODIES])
async def test_a_body_is_answered_or_refused(client: Client, body: bytes, status: int) -> None:
    response = await client.http.post("/graphql", content=body, headers=JSON)
    assert response.status_code == status
    assert ("errors" in response.json()) == (status != 200)
    assert "Traceback" not in response.text


DOCUMENTS = [
    ("}", "GRAPHQL_PARSE_FAILED"),
    ("{ diseases(first: " + "9" * 5000 + ") { nodes { id } } }", "GRAPHQL_PARSE_FAILED"),
    ("{ diseases(first: " + "9" * 3000 + ") { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ diseases(first: 1e400) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    ('{ disease(id: "\\ud800") { id } }', "GRAPHQL_PARSE_FAILED"),
    ("{" * 3000, "GRAPHQL_PARSE_FAILED"),
    ("{ a" * 900 + "}" * 900, "GRAPHQL_PARSE_FAILED"),
    ("query($a: [" + "[" * 800 + "Int" + "]" * 801 + ") { __typename }", "GRAPHQL_PARSE_FAILED"),
    ("{ x: __typename " * 1 + " ".join(f"a{n}: __typename" for n in range(16)) + "}", "QUERY_TOO_LARGE"),
    ("{ " + "__typename " * 11 + "}", "QUERY_TOO_LARGE"),
    ("{ __typename " + "@include(if: true) " * 51 + "}", "QUERY_TOO_LARGE"),
    ("{ diseases(first: 200) { nodes { symptoms(first: 200) { nodes { id } } } } }", "QUERY_TOO_LARGE"),
    (
        "query($n: Int! = 200) { diseases(first: $n) { nodes { symptoms(first: $n) { nodes { id } } } } }",
        "QUERY_TOO_LARGE",
    ),
    (
        "{ disease(id: 1) { "
        + "symptoms(first: 1) { nodes { diseases(first: 1) { nodes { " * 4
        + "id"
        + " } }" * 8
        + "} }",
        "QUERY_TOO_LARGE",
    ),
    ("{ diseases(first: 1) { nodes { " + "id " * 60 + "} } }", "QUERY_TOO_LARGE"),
    ("{ diseases(first: 1) { nodes { " + "symptoms(first: 1) { nodes { id } } " * 60 + "} } }", "QUERY_TOO_LARGE"),
    (
        "{ diseases(first: 200) { nodes { symptoms(first: 90) { edges { weight node { id name } } } } } }",
        "QUERY_TOO_LARGE",
    ),
    (
        "{ "
        + " ".join(f"...f{n}" for n in range(51))
        + " }"
        + " ".join(f"fragment f{n} on Query {{ __typename }}" for n in range(51)),
        "QUERY_TOO_LARGE",
    ),
    ("{ ...a } fragment a on Query { __typename ...a }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ diseases(first: 2147483648) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
    (
        '{ __type(name: "Disease") { fields { type { fields { type { fields { type { fields { type { fields { name } '
        "} } } } } } } } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    ("query a { __typename } query b { __typename }", "BAD_USER_INPUT"),
    ("subscription { x }", "BAD_USER_INPUT"),
    ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ ...nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ("fragment a on Query { __typename }", "BAD_USER_INPUT"),
    ("type Query { a: Int }", "BAD_USER_INPUT"),
    ("query($x: Nope) { __typename }", "GRAPHQL_VALIDATION_FAILED"),
    (
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
]


@pytest.mark.parametrize(("document", "code"), DOCUMENTS, ids=[text[:40] for text, _ in DOCUMENTS])
async def test_a_document_that_cannot_be_run_costs_no_statement(client: Client, document: str, code: str) -> None:
    answer = await client.ask(document)
    assert answer["errors"][0]["extensions"]["code"] == code, answer
    assert "data" not in answer
    assert client.statements == 0


async def test_fragments_that_double_each_other_are_refused_at_once(client: Client) -> None:
    names = [f"f{number}" for number in range(60)]
    parts = [f"fragment {a} on Query {{ ...{b} ...{b} }}" for a, b in itertools.pairwise(names)]
    document = "{ ...f0 } " + " ".join(parts) + " fragment f59 on Query { x: __typename }"
    assert await client.code(document) == "QUERY_TOO_LARGE"


@pytest.mark.parametrize(
    "variables", [{"first": "x"}, {"first": 2**31}, {"first": 1.5}, {"first": None}, {"first": [1]}, {"first": {}}]
)
async def test_variables_of_a_wrong_type_are_told(client: Client, variables: dict[str, Any]) -> None:
    query = "query($first: Int!) { diseases(first: $first) { nodes { id } } }"
    answer = await client.ask(query, variables)
    assert answer["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")
    assert client.statements == 0


async def test_only_json_by_post_is_answered(client: Client) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    plain = {"content-type": "text/plain"}
    body = json.dumps({"query": "{ __typename }"}).encode()
    assert (await client.http.post("/graphql", content=b"query=%7B__typename%7D", headers=form)).status_code == 415
    assert (await client.http.post("/graphql", content=body, headers=plain)).status_code == 415
    assert (await client.http.post("/graphql", content=body)).status_code == 415
    assert (await client.http.get("/graphql", params={"query": "{ __typename }"})).status_code == 400
    preflight = {"apollo-require-preflight": "1"}
    got = await client.http.get("/graphql", params={"query": "{ __typename }"}, headers=preflight)
    assert got.json()["data"] == {"__typename": "Query"}
    undo = {"query": "mutation { undoChangeSet(id: 1) { changeSet } }"}
    assert (await client.http.get("/graphql", params=undo)).status_code == 400
    assert (await client.http.get("/graphql", params=undo, headers=preflight)).status_code == 405
    assert (await client.http.put("/graphql", content=body, headers=JSON)).status_code == 405


async def test_the_newer_media_type_answers_a_bad_document_with_400(client: Client) -> None:
    headers = {"accept": "application/graphql-response+json"}
    bad = await client.http.post("/graphql", json={"query": "{ nope }"}, headers=headers)
    good = await client.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert (bad.status_code, good.status_code) == (400, 200)
    assert good.headers["content-type"] == "application/graphql-response+json"


async def test_only_known_host_names_are_answered(client: Client) -> None:
    for host in (
        "evil.example",
        "localhost.evil.example",
        "",
        "127.0.0.1.evil.example:80",
        "[::2]:80",
        "localhost@evil.example",
    ):
        response = await client.http.post("/graphql", json={"query": "{ __typename }"}, headers={"host": host})
        assert response.status_code == 400, host
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:8000"):
        response = await client.http.post("/graphql", json={"query": "{ __typename }"}, headers={"host": host})
        assert response.status_code == 200, host


async def test_foreign_pages_may_call_only_when_listed(graph: Graph, serve: Serve) -> None:
    ask = {
        "origin": "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    closed = serve(graph)
    opened = serve(graph, settings=load_api_settings(cors_origins="https://app.example"))
    assert "access-control-allow-origin" not in (await closed.http.options("/graphql", headers=ask)).headers
    allowed = (await opened.http.options("/graphql", headers=ask)).headers
    assert allowed["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in allowed
    other = (await opened.http.options("/graphql", headers={**ask, "origin": "https://evil.example"})).headers
    assert "access-control-allow-origin" not in other


async def test_introspection_and_graphiql_can_be_switched_off(graph: Graph, serve: Serve) -> None:
    client = serve(graph, settings=load_api_settings(introspection=False, graphiql=False))
    assert await client.code("{ __schema { queryType { name } } }") == "GRAPHQL_VALIDATION_FAILED"
    assert await client.data("{ __typename }") == {"__typename": "Query"}
    assert (await client.http.get("/graphql", headers={"accept": "text/html"})).status_code == 400
    assert (await client.http.get("/graphiql/page.js")).status_code == 404


async def test_each_answer_carries_an_id_of_the_request(client: Client) -> None:
    mine = await client.http.get("/healthz", headers={"x-request-id": "abc-1"})
    odd = await client.http.get("/healthz", headers={"x-request-id": "a b\tc" + "x" * 100})
    assert mine.headers["x-request-id"] == "abc-1"
    assert len(odd.headers["x-request-id"]) == 16


async def test_health_readiness_and_metrics(client: Client) -> None:
    assert (await client.http.get("/healthz")).json() == {"status": "ok"}
    ready = await client.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["release"].startswith("CS:")
    await client.data("{ __typename }")
    numbers = (await client.http.get("/metrics")).text
    assert 'mkg_graphql_operations_total{outcome="ok",type="query"} 1.0' in numbers


async def test_without_a_database_the_process_lives_and_says_what_is_wrong() -> None:
    async with Store.at(Address("bolt://127.0.0.1:1", "neo4j", "x"), deadline=1.0) as store:
        transport = httpx.ASGITransport(app=create_app(Graph(store)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            assert (await http.get("/healthz")).status_code == 200
            ready = await http.get("/readyz")
            assert (ready.status_code, ready.headers["retry-after"]) == (503, "5")
            answer = (await http.post("/graphql", json={"query": '{ disease(icd10: "J20") { id } }'})).json()
            assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
            assert "mkg db start" in answer["errors"][0]["extensions"]["hint"]


async def test_what_nobody_expected_becomes_a_short_id(
    graph: Graph, serve: Serve, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(question: str) -> None:
        raise ZeroDivisionError("the password is secret")

    monkeypatch.setattr(graph, "subgraph", broken)
    answer = await serve(graph).ask('{ subgraph(question: "x") { __typename } }')
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in json.dumps(answer)
    assert error["extensions"]["errorId"] in capsys.readouterr().err
