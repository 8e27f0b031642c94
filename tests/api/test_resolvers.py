"""Where an operation is resolved field by field, a level costs one statement, however many nodes it has."""

from __future__ import annotations

import pytest
from graphql import parse

from graphql_api.access.keys import VISITOR
from graphql_api.context import Context
from graphql_api.jobs.desk import NoteDesk
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from graphql_api.types.loaders import Loaders
from kg.graph import Graph

pytestmark = pytest.mark.neo4j


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("{ diseases(first: 100) { nodes { id } } }", 1),
        ("{ diseases(first: 100) { nodes { id symptoms(first: 5) { edges { weight node { id } } } } } }", 2),
        ("{ diseases(first: 9) { nodes { symptoms(first: 5) { nodes { diseases { nodes { id } } } } } } }", 3),
        ("{ diseases(first: 50) { nodes { symptoms(first: 5) { edges { evidence { source } } } } } }", 3),
        ("{ diseases(first: 50) { totalCount nodes { symptoms(first: 5) { totalCount edges { id } } } } }", 4),
        ("{ diseases { aggregate { count } nodes { symptoms { aggregate { weight { average } } } } } }", 4),
        ('{ disease(id: "DOID:2841") { symptoms { nodes { id } } drugs { nodes { id } } codes { nodes { id } } } }', 4),
        ('{ diseases(asOf: "CS:") { nodes { symptoms { nodes { id } } } } }', 3),
    ],
)  # fmt: skip
async def test_statements_grow_with_the_levels_and_not_with_the_nodes(
    graph: Graph, query: str, statements: int
) -> None:
    notes = NoteDesk(None, load_api_settings(), None)
    context = Context(graph, VISITOR, notes, Loaders(graph.reader), "request", parse(query))
    before = graph.store.statements_run
    result = await schema().execute(query, context_value=context)
    assert not result.errors, result.errors
    assert graph.store.statements_run - before == statements
