"""Makes the vectors of all nodes: only those whose names changed, piece by piece, so that a killed run goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.embedding.encoder import Encoder
from kg.embedding.vectors import LABELS, hash_of, names_of, row
from kg.schema import NODE_KINDS
from kg.statements import fixed, fixed_for
from kg.store import Row, Store

# Told how many nodes were looked at, and how many there are.
Progress = Callable[[str, int, int], None]

_PAGE: Final = 2_000  # nodes read at a time
_PIECE: Final = 200  # nodes that are embedded and written at a time; what a kill can lose
_SECONDS: Final = 120.0  # that one statement may take


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """What was done, or would be.

    Nodes whose vector was made, whose vector is still right, that have no English name; vectors whose node is gone.
    """

    embedded: int
    unchanged: int
    unnamed: int
    removed: int
    dry_run: bool
    seconds: float


async def embed(store: Store, encoder: Encoder, *, progress: Progress, dry_run: bool = False) -> EmbedReport:
    """Bring the vectors up to the names of today's graph.

    No change set is made: vectors follow from names and model, and can be made again at any time. Raises StoreError,
    and KgError when the model fails. What was written before a failure stays, and the next run goes on from there.
    """
    began = time.monotonic()
    if not dry_run:
        await _prepare(store)
    total = (await store.read(fixed("embedding/count"), deadline=_SECONDS))[0]["number"]
    seen = embedded = unnamed = 0
    async for page in _pages(store):
        wanted = [(node, names_of(node["name"], node["synonyms"])) for node in page]
        unnamed += sum(not names for _, names in wanted)
        changed = [
            (node, names, digest)
            for node, names in wanted
            if names and (digest := hash_of(node["kind"], names, encoder.fingerprint)) != node["hash"]
        ]
        done = len(page) - len(changed)
        for start in range(0, len(changed), _PIECE):
            progress("embedding names", seen + done, total)
            piece = changed[start : start + _PIECE]
            if not dry_run:
                await _embed(store, encoder, piece)
            done += len(piece)
        embedded += len(changed)
        seen += len(page)
        progress("embedding names", seen, total)
    removed = await _remove(store, dry_run=dry_run)
    if not dry_run:
        # Told last: until all are there, search by meaning would find some nodes and not others.
        await store.command(fixed("embedding/made_by", model=encoder.fingerprint))
    return EmbedReport(embedded, seen - embedded - unnamed, unnamed, removed, dry_run, time.monotonic() - began)


async def _prepare(store: Store) -> None:
    await store.command(fixed("embedding/unique"))
    for kind in NODE_KINDS:
        await store.command(fixed_for("embedding/index", kind.label))
    await store.command(fixed("read/await_indexes"), deadline=_SECONDS)


async def _pages(store: Store) -> AsyncGenerator[list[Row]]:
    after = ""
    while page := await store.read(fixed("embedding/named", after=after, limit=_PAGE), deadline=_SECONDS):
        yield page
        after = page[-1]["id"]


async def _embed(store: Store, encoder: Encoder, piece: Sequence[tuple[Row, tuple[str, ...], str]]) -> None:
    texts = [name for _, names, _ in piece for name in names]
    vectors = iter(await asyncio.to_thread(encoder.encode, texts))
    rows: list[dict[str, Any]] = [
        row(node["id"], node["kind"], digest, [next(vectors) for _ in names]) for node, names, digest in piece
    ]
    await store.command(fixed("embedding/vectors_set", rows=rows, labels=list(LABELS.values())), deadline=_SECONDS)


async def _remove(store: Store, *, dry_run: bool) -> int:
    """Take out the vectors of nodes that are gone; return how many."""
    after, removed = "", 0
    while stale := await store.read(fixed("embedding/stale", after=after, limit=_PAGE), deadline=_SECONDS):
        ids = [found["id"] for found in stale]
        if not dry_run:
            await store.command(fixed("embedding/vectors_gone", ids=ids), deadline=_SECONDS)
        after, removed = ids[-1], removed + len(ids)
    return removed
