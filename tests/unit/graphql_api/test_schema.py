"""The schema follows from kg.schema, is locked at the top, and stands in the repository as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, build_schema

from graphql_api.access.locks import locks
from graphql_api.jobs.fields import Subscription
from graphql_api.schema import sdl
from graphql_api.types.graph_types import EDGE_PROPERTIES, plural, snake
from graphql_api.types.mutations import Mutation
from graphql_api.types.queries import Query
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, NODE_KINDS, ROLES

SCHEMA = build_schema(sdl())


def camel(words: str) -> str:
    head, *tail = words.split("_")
    return head + "".join(part.capitalize() for part in tail)


def fields(name: str) -> dict[str, object]:
    found = SCHEMA.get_type(name)
    assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType)
    return dict(found.fields)


def test_the_schema_in_the_repository_is_the_one_that_is_served() -> None:
    written = Path(__file__).resolve().parents[3] / "schema.graphql"
    assert written.read_text("utf-8") == sdl(), "run: python -m graphql_api.schema"


@pytest.mark.parametrize("kind", NODE_KINDS, ids=lambda kind: kind.label)
def test_a_kind_has_its_properties_and_a_single_and_a_list(kind: object) -> None:
    label, properties = kind.label, kind.properties  # type: ignore[attr-defined]
    assert {camel(item.name) for item in properties} <= set(fields(label))
    assert {camel(snake(label)), camel(plural(snake(label)))} <= set(fields("Query"))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.start}.{role.name}")
def test_a_role_has_a_connection_whose_edges_carry_the_properties(role: object) -> None:
    connection = fields(role.start)[camel(role.name)].type  # type: ignore[attr-defined]
    assert isinstance(connection, GraphQLNonNull)
    name = connection.of_type.name.removesuffix("Connection")
    properties = {camel(item.name) for item in EDGE_BY_TYPE[role.edge].properties}  # type: ignore[attr-defined]
    assert {"id", "cursor", "node", "sources", "evidence"} | properties == set(fields(f"{name}Edge"))
    assert set(fields(f"{name}Connection")) == {"edges", "nodes", "pageInfo", "totalCount", "aggregate"}


def test_every_field_at_the_top_says_which_role_it_needs() -> None:
    tops = [locks(top.__strawberry_definition__) for top in (Query, Mutation, Subscription)]
    assert [len(top) for top in tops] == [
        len(kind.fields) for kind in (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type) if kind
    ]
    assert not [name for top in tops for name, role in top.items() if role is None]


def test_no_two_kinds_of_edge_give_one_name_two_meanings() -> None:
    for kind in EDGE_KINDS:
        for item in kind.properties:
            assert EDGE_PROPERTIES[item.name][1].type == item.type


def test_every_type_that_is_a_node_can_be_fetched_again() -> None:
    node = SCHEMA.get_type("Node")
    assert isinstance(node, GraphQLInterfaceType)
    assert {found.name for found in SCHEMA.get_possible_types(node)} == {*(kind.label for kind in NODE_KINDS), "Job"}
