"""Brings the database to the schema of this release: migrations in order, each recorded in the graph."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Final, LiteralString

from kg.errors import StoreError
from kg.statements import Statement, fixed, text_of
from kg.store import Store

MIGRATIONS: Final[tuple[LiteralString, ...]] = (
    "0001_constraints",
    "0002_indexes",
    "0003_curation",
    "0004_history",
    "0005_lanes",
    "0006_names",
    "0007_folded",
)


def statements_in(text: LiteralString) -> tuple[LiteralString, ...]:
    """Split a migration at the semicolons that end a line; a migration never holds one inside a string."""
    parts: list[LiteralString] = [part.strip().removesuffix(";") for part in text.split(";\n")]
    kept: list[LiteralString] = [part for part in parts if part]
    return tuple(kept)


async def migrate(store: Store) -> tuple[str, ...]:
    """Apply what is missing, in order, and return the names of what was applied.

    Raises StoreError when an applied migration differs from the one shipped, or when the database is of a newer
    release. Every statement may be repeated, so a kill in the middle and a second run end the same.
    """
    applied = {row["id"]: row["sha256"] for row in await store.read(fixed("read/migrations"))}
    unknown = sorted(set(applied) - set(MIGRATIONS))
    if unknown:
        raise StoreError(
            f"the database has the migration {unknown[-1]}, which this release does not know",
            hint="It was made by a newer release: update this one.",
        )
    fresh: list[str] = []
    for name in MIGRATIONS:
        text = text_of(f"migrations/{name}")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if name in applied:
            if applied[name] != sha256:
                raise StoreError(
                    f"the migration {name} was changed after it had been applied", hint="Add a new migration instead."
                )
            continue
        for statement in statements_in(text):
            await store.command(Statement(statement))
        await store.command(fixed("write/migration_done", id=name, sha256=sha256))
        fresh.append(name)
    if fresh:
        # Full-text answers are empty while the index is being built.
        await store.command(fixed("read/await_indexes"))
    return tuple(fresh)


def shipped() -> tuple[str, ...]:
    """Return the names of the migration files in the package."""
    folder = resources.files("cypher").joinpath("migrations")
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name.removesuffix(".cypher") for name in names if name.endswith(".cypher")))
