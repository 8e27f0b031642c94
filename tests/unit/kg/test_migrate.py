"""Migrations are files, all of them applied, each statement by itself."""

from __future__ import annotations

from kg.migrate import MIGRATIONS, shipped, statements_in
from kg.statements import text_of


def test_every_migration_that_ships_is_applied_and_in_order() -> None:
    assert shipped() == MIGRATIONS
    assert [int(name[:4]) for name in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_migration_is_split_at_the_semicolons_that_end_a_line() -> None:
    assert statements_in("// why\nCREATE a;\nCREATE\n  b;\n") == ("// why\nCREATE a", "CREATE\n  b")
    assert statements_in("CREATE a;") == ("CREATE a",)


def test_every_statement_may_be_repeated() -> None:
    for name in MIGRATIONS:
        for statement in statements_in(text_of(f"migrations/{name}")):
            assert "IF NOT EXISTS" in statement or "IF EXISTS" in statement or "folded IS NULL" in statement
