"""Migrations on a real server: applied once, never silently different."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kg.errors import StoreError
from kg.migrate import MIGRATIONS, migrate
from kg.statements import Statement, fixed
from kg.store import Store

pytestmark = pytest.mark.neo4j


@pytest.fixture
async def tampered(store: Store) -> AsyncIterator[Store]:
    """A store whose record of migrations may be spoilt; it is put right again."""
    yield store
    await store.command(Statement("MATCH (n:Migration) DELETE n"))
    await migrate(store)


async def test_a_prepared_database_needs_nothing(store: Store) -> None:
    assert await migrate(store) == ()


async def test_a_database_that_lost_its_record_is_prepared_again_without_harm(tampered: Store) -> None:
    await tampered.command(Statement("CREATE (:Entity {id: 'X:1'})"))
    await tampered.command(Statement("MATCH (n:Migration) DELETE n"))

    assert await migrate(tampered) == MIGRATIONS
    assert await tampered.read(Statement("MATCH (n:Entity) RETURN n.id AS id")) == [{"id": "X:1"}]


async def test_names_kept_by_an_earlier_release_are_folded(tampered: Store) -> None:
    await tampered.command(Statement("CREATE (:Entity:Disease {id: 'X:1', name: 'Acute COLD'}), (:Alias {key: 'a'})"))
    await tampered.command(Statement("CREATE (:Past {id: 'X:1', name: 'ПРОСТУДА'}), (:Gone {id: 'X:2', name: 'Flu'})"))
    await tampered.command(Statement("MATCH (n:Migration {id: '0007_folded'}) DELETE n"))

    assert await migrate(tampered) == ("0007_folded",)
    rows = await tampered.read(Statement("MATCH (n) WHERE n.folded IS NOT NULL RETURN n.folded AS it ORDER BY it"))
    assert [row["it"] for row in rows] == ["acute cold", "flu", "простуда"]


async def test_the_node_that_says_where_the_graph_stands_is_kept(store: Store) -> None:
    await store.command(Statement("MATCH (meta:Meta) SET meta.head = 'CS:1', meta.seq = 7"))
    await store.command(fixed("write/migration_done", id=MIGRATIONS[-1], sha256="x"))

    assert await store.read(fixed("read/ready")) == [
        {"schema_version": len(MIGRATIONS), "head": "CS:1", "seq": 7, "lock": 0}
    ]


async def test_a_migration_that_was_changed_afterwards_is_refused(tampered: Store) -> None:
    await tampered.command(Statement("MATCH (n:Migration) SET n.sha256 = 'another'"))

    with pytest.raises(StoreError, match=r"0001_constraints was changed after it had been applied"):
        await migrate(tampered)


async def test_a_database_of_a_newer_release_is_left_alone(tampered: Store) -> None:
    await tampered.command(Statement("CREATE (:Migration {id: '9999_later', sha256: 'x'})"))

    with pytest.raises(StoreError, match="9999_later") as caught:
        await migrate(tampered)
    assert "update" in str(caught.value.hint)


async def test_every_kind_has_its_unique_ids_and_every_index_answers(store: Store) -> None:
    rows = await store.read(Statement("SHOW CONSTRAINTS YIELD labelsOrTypes RETURN labelsOrTypes[0] AS kind"))
    assert {"Disease", "Gone", "Alias", "Operation", "Decision", "Proposal"} <= {row["kind"] for row in rows}

    states = await store.read(Statement("SHOW INDEXES YIELD state RETURN DISTINCT state"))
    assert states == [{"state": "ONLINE"}]
