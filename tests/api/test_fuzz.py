"""Operations that mean no good, written by a seed: answered or refused with a reason, and never a part of Cypher.

The whole campaign is `python -m bench fuzz`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import neo4j
import orjson
import pytest
from graphql import parse, validate

from bench.hostile.answers import Came, attempted, by_library
from bench.hostile.mischief import Mischief
from bench.hostile.places import places
from bench.hostile.texts import CYPHER, MARK
from bench.standing import standing
from graphql_api.app import create_app
from graphql_api.schema import schema
from graphql_api.settings import load_api_settings
from kg.graph import Graph

from .conftest import KEYS, Serve, keyed, running

pytestmark = pytest.mark.neo4j

CORE = schema()._schema


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of each statement that reaches the driver."""
    texts: list[str] = []

    def heard(kind: Any) -> None:
        run = kind.run

        async def listening(self: Any, query: Any, *given: Any, **named: Any) -> Any:
            texts.append(query.text if isinstance(query, neo4j.Query) else query)
            return await run(self, query, *given, **named)

        monkeypatch.setattr(kind, "run", listening)

    heard(neo4j.AsyncSession)
    heard(neo4j.AsyncTransaction)
    return texts


def bad(came: Sequence[Came]) -> list[str]:
    return [one.wrong for one in came if one.wrong]


async def test_hostile_queries_are_answered_or_refused_and_leave_the_graph_alone(
    own_graph: Graph, serve: Serve, statements: list[str]
) -> None:
    before = await standing(own_graph.store)
    mischief = Mischief(CORE, 1, [await own_graph.release()])
    client = serve(own_graph, settings=load_api_settings(log_level="error"))
    came = await attempted(client.http, ((mischief.attempt().body, "") for _ in range(100)))
    assert not bad(came)
    # Some get as far as the database, or nothing is shown by this.
    assert sum(not one.codes for one in came) > 20
    assert len(statements) > 20
    assert not [text for text in statements if MARK in text]
    assert await standing(own_graph.store) == before


async def test_hostile_mutations_change_the_graph_by_change_sets_alone(
    own_graph: Graph, serve: Serve, statements: list[str]
) -> None:
    before, first = await standing(own_graph.store), await own_graph.release()
    proposals = [
        (await own_graph.desk.propose_name(node_id, "en", f"a name of {node_id}", by="a", reference="a book")).id
        for node_id in ("DOID:9395", "DOID:2841", "DOID:552", "HP:0012735", "SE:tremor", "DB:salbutamol")
    ]
    client = serve(own_graph, settings=keyed(log_level="error"))
    mischief = Mischief(CORE, 1, proposals, ("mutation",))
    keys = [KEYS[name][0] for name in ("carl", "edda", "egon", "ada")]
    came = await attempted(client.http, ((mischief.attempt().body, keys[at % 4]) for at in range(150)))
    assert not bad(came)
    assert not [text for text in statements if MARK in text]
    made = [row["id"] for row in await own_graph.ledger.change_sets(1000)]
    made = made[: made.index(first)]
    assert made, "no proposal was accepted"
    for change_set in made:
        await own_graph.desk.undo(change_set, by="the tests")
    assert await standing(own_graph.store) == before


async def test_cypher_in_any_place_for_text_is_no_more_than_text(
    own_graph: Graph, serve: Serve, statements: list[str]
) -> None:
    before = await standing(own_graph.store)
    client = serve(own_graph, settings=keyed(log_level="error"))
    some = places(CORE)
    assert len(some) > 150
    assert not [place for place in some if validate(CORE, parse(place.operation))]
    bodies = [
        orjson.dumps({"query": place.operation, "variables": {"text": CYPHER[at % len(CYPHER)]}})
        for at, place in enumerate(some)
    ]
    came = await attempted(client.http, ((body, KEYS["ada"][0]) for body in bodies))
    assert not bad(came)
    assert len(came) == len(some)
    assert not [text for text in statements if MARK in text]
    assert await standing(own_graph.store) == before


async def test_what_schemathesis_writes_is_answered_or_refused(own_graph: Graph) -> None:
    before = await standing(own_graph.store)
    app = create_app(own_graph, settings=load_api_settings(log_level="error"))
    async with running(app) as port:
        came = await asyncio.to_thread(by_library, f"http://127.0.0.1:{port}", "", 60, 1)
    assert not bad(came)
    assert len(came) >= 40
    assert await standing(own_graph.store) == before
