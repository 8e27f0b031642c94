"""Who may do what, over HTTP, events and WebSocket: every field at the top against every visitor."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
    is_leaf_type,
)
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from graphql_api.access.keys import Role, new_key
from graphql_api.app import create_app
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from kg.graph import Graph

from .conftest import KEYS, Serve, keyed, running

pytestmark = pytest.mark.neo4j

READS = (
    "node nodes disease diseases symptom symptoms drug drugs drugClass drugClasses "
    "sideEffect sideEffects icdCode icdCodes search subgraph graph changeSets proposals proposal "
    "job jobs jobProgress edge evidence semanticSearch explain facts between prompt statistics changeSet"
)
# Reviewed by hand: a field that is not here, or needs another role, fails the test.
MATRIX = {
    **dict.fromkeys(READS.split(), Role.VIEWER),
    "generateNote": Role.VIEWER,
    "proposeEdge": Role.CURATOR,
    "proposeName": Role.CURATOR,
    "withdrawProposal": Role.CURATOR,
    "acceptProposal": Role.EDITOR,
    "rejectProposal": Role.EDITOR,
    "undoChangeSet": Role.EDITOR,
    "proposeRemoval": Role.CURATOR,
    "startNotes": Role.VIEWER,
    "cancelJob": Role.VIEWER,
    "keyHolders": Role.ADMIN,
}
VISITORS = {None: None, "vera": Role.VIEWER, "carl": Role.CURATOR, "edda": Role.EDITOR, "ada": Role.ADMIN}
# What would mean that a test asked wrongly, or that somebody was refused who may.
BROKEN = {"UNAUTHENTICATED", "FORBIDDEN", "INTERNAL_SERVER_ERROR", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}


def _needed(argument: GraphQLArgument | GraphQLInputField) -> bool:
    return isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined


def _written(type_: Any) -> str:
    """Some value of an input type, with what it must have and no more."""
    if isinstance(type_, GraphQLNonNull):
        return _written(type_.of_type)
    if isinstance(type_, GraphQLList):
        return "[]"
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        told = (f"{key}: {_written(item.type)}" for key, item in type_.fields.items() if _needed(item))
        return f"{{{', '.join(told)}}}"
    return {"Int": "1", "Float": "1", "Boolean": "true"}.get(type_.name, '"X:0"')


def _call(name: str, field: GraphQLField) -> str:
    told = ", ".join(f"{key}: {_written(item.type)}" for key, item in field.args.items() if _needed(item))
    shape = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{name}{f'({told})' if told else ''}{shape}"


def _fields() -> list[tuple[str, str, GraphQLField]]:
    inner = schema()._schema
    assert inner.query_type
    assert inner.mutation_type
    assert inner.subscription_type
    return [
        *(("query", name, field) for name, field in inner.query_type.fields.items()),
        *(("mutation", name, field) for name, field in inner.mutation_type.fields.items()),
        *(("subscription", name, field) for name, field in inner.subscription_type.fields.items()),
    ]


def test_every_field_has_a_line_in_the_reviewed_matrix() -> None:
    assert {name for _, name, _ in _fields()} == set(MATRIX)


def _headers(visitor: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {KEYS[visitor][0]}"} if visitor else {}


async def _by_post(http: httpx.AsyncClient, visitor: str | None, text: str) -> set[str]:
    answer = (await http.post("/graphql", json={"query": text}, headers=_headers(visitor))).json()
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


async def _by_events(http: httpx.AsyncClient, visitor: str | None, text: str) -> set[str]:
    headers = {"accept": "text/event-stream", **_headers(visitor)}
    answer = await http.post("/graphql", json={"query": text}, headers=headers)
    if answer.status_code != 200:
        return {answer.json()["errors"][0]["extensions"]["code"]}
    data = [json.loads(line[5:] or "{}") for line in answer.text.splitlines() if line.startswith("data:")]
    return {error["extensions"]["code"] for result in data for error in result.get("errors", ())}


async def _by_socket(http: httpx.AsyncClient, visitor: str | None, text: str) -> set[str]:
    address = f"ws://127.0.0.1:{http.base_url.port}/graphql"
    codes: set[str] = set()
    async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as wire:
        key = {"authorization": f"Bearer {KEYS[visitor][0]}"} if visitor else {}
        await wire.send(json.dumps({"type": "connection_init", "payload": key}))
        try:
            assert json.loads(await wire.recv())["type"] == "connection_ack"
        except ConnectionClosed:
            # 4403 is how this protocol says it.
            return {"UNAUTHENTICATED"} if wire.close_code == 4403 else set()
        await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": text}}))
        while (message := json.loads(await wire.recv()))["type"] == "next":
            codes |= {error["extensions"]["code"] for error in message["payload"].get("errors", ())}
        if message["type"] == "error":
            codes |= {error["extensions"]["code"] for error in message["payload"]}
    return codes


@pytest.mark.parametrize("way", [_by_post, _by_events, _by_socket])
async def test_each_visitor_may_do_exactly_what_the_matrix_says(graph: Graph, way: Any) -> None:
    checked = 0
    app = create_app(graph, settings=keyed(log_level="error"))
    async with running(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        for kind, name, field in _fields():
            if kind == "subscription" and way is _by_post:
                continue
            for visitor, role in VISITORS.items():
                codes = await way(http, visitor, f"{kind} {{ {_call(name, field)} }}")
                if role is None:
                    assert codes == {"UNAUTHENTICATED"}, (name, visitor)
                elif role < MATRIX[name]:
                    assert codes == {"FORBIDDEN"}, (name, visitor)
                else:
                    assert not codes & BROKEN, (name, visitor, codes)
                checked += 1
    assert checked >= (len(MATRIX) - 1) * len(VISITORS)


async def test_without_keys_everybody_reads_and_nobody_curates(graph: Graph, serve: Serve) -> None:
    client = serve(graph)
    for kind, name, field in _fields():
        if kind == "subscription":
            continue
        answer = await client.ask(f"{kind} {{ {_call(name, field)} }}")
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        assert (codes == {"FORBIDDEN"}) == (MATRIX[name] > Role.VIEWER), (name, answer)


async def test_a_wrong_key_a_past_key_and_no_key_are_refused_before_the_body_is_read(
    graph: Graph, serve: Serve
) -> None:
    old, entry = new_key("olga", Role.EDITOR)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    client = serve(graph, settings=load_api_settings(api_keys=f"{entry}:{yesterday}"))
    before = client.store.statements_run
    for header in (
        "",
        "Bearer",
        f"Bearer {old}",
        f"Bearer {KEYS['edda'][0]}",
        f"Basic {old}",
        "Bearer \xff\xfe",
        f"Bearer {old} x",
    ):
        response = await client.http.post(
            "/graphql", content=b"not json", headers={b"authorization": header.encode("latin-1")}
        )
        assert response.status_code == 401, header
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert response.headers["www-authenticate"] == "Bearer"
    assert client.store.statements_run == before


async def test_a_thousand_forged_keys_open_nothing(graph: Graph, serve: Serve) -> None:
    client = serve(graph, settings=keyed())
    for number in range(1000):
        forged = new_key("x", Role.EDITOR)[0] if number % 2 else KEYS["edda"][0][:-1] + "aé0_-"[number % 5]
        if forged == KEYS["edda"][0]:
            continue
        response = await client.http.post(
            "/graphql", json={"query": "{ __typename }"}, headers={b"authorization": f"Bearer {forged}".encode()}
        )
        assert response.status_code == 401
