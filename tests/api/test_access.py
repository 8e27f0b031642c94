"""Who may do what, over HTTP: every field at the top of the schema against every kind of visitor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from graphql import GraphQLArgument, GraphQLField, GraphQLNonNull, is_leaf_type

from graphql_api.keys import Role, new_key
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from kg.graph import Graph

from .conftest import KEYS, Serve, keyed

pytestmark = pytest.mark.neo4j

READS = (
    "node nodes disease diseases symptom symptoms drug drugs drugClass drugClasses "
    "sideEffect sideEffects icdCode icdCodes search subgraph graph changeSets proposals proposal"
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
}
INPUTS = {
    "ProposeEdgeInput": '{kind: TREATS, start: "X:1", end: "X:2", reference: "r"}',
    "ProposeNameInput": '{nodeId: "X:1", language: EN, name: "n", reference: "r"}',
}
VISITORS = {None: None, "vera": Role.VIEWER, "carl": Role.CURATOR, "edda": Role.EDITOR}


def _argument(argument: GraphQLArgument) -> str:
    kind = str(argument.type).strip("!")
    if kind.startswith("["):
        return "[]"
    return INPUTS.get(kind) or {"Int": "1"}.get(kind) or '"X:0"'


def _call(name: str, field: GraphQLField) -> str:
    needed = {
        key: item
        for key, item in field.args.items()
        if isinstance(item.type, GraphQLNonNull) and key not in ("first", "orderBy", "seed", "note")
    }
    told = ", ".join(f"{key}: {_argument(item)}" for key, item in needed.items())
    shape = "" if is_leaf_type(field.type) else " { __typename }"
    return f"{name}{f'({told})' if told else ''}{shape}"


def _fields() -> list[tuple[str, str, GraphQLField]]:
    inner = schema()._schema
    assert inner.query_type
    assert inner.mutation_type
    return [
        *(("query", name, field) for name, field in inner.query_type.fields.items()),
        *(("mutation", name, field) for name, field in inner.mutation_type.fields.items()),
    ]


def test_every_field_has_a_line_in_the_reviewed_matrix() -> None:
    assert {name for _, name, _ in _fields()} == set(MATRIX)


async def test_each_visitor_may_do_exactly_what_the_matrix_says(graph: Graph, serve: Serve) -> None:
    client = serve(graph, settings=keyed())
    checked = 0
    for kind, name, field in _fields():
        for visitor, role in VISITORS.items():
            answer = await client.ask(f"{kind} {{ {_call(name, field)} }}", by=visitor)
            codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
            if role is None:
                assert codes == {"UNAUTHENTICATED"}, (name, visitor)
            elif role < MATRIX[name]:
                assert codes == {"FORBIDDEN"}, (name, visitor)
            else:
                assert not codes & {
                    "UNAUTHENTICATED",
                    "FORBIDDEN",
                    "INTERNAL_SERVER_ERROR",
                    "GRAPHQL_VALIDATION_FAILED",
                }, (name, visitor, answer)
            checked += 1
    assert checked == len(MATRIX) * len(VISITORS)


async def test_without_keys_everybody_reads_and_nobody_curates(graph: Graph, serve: Serve) -> None:
    client = serve(graph)
    for kind, name, field in _fields():
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
