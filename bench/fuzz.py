"""Sends a running service thousands of operations that mean no good, and tells what came of them and of the graph."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Final

import anyio
import httpx
import psutil

from bench.children import environment, mkg_load, server
from bench.figures import Figure, Section, counted, percentile
from bench.hostile.answers import Came, attempted, by_library
from bench.hostile.mischief import Mischief
from bench.hostile.workday import Workday
from bench.standing import standing
from graphql_api.access.keys import Role, new_key
from graphql_api.problems import TIMEOUT
from graphql_api.schema import schema
from kg.connect import connected
from kg.embedded import control
from kg.settings import Settings
from kg.statements import Statement

# Of all operations: mutations, and queries that schemathesis writes; the rest are our own queries. Of the mutations
# half are written by the schema alone, which seldom gets past the first check, and half as experts would work.
_MUTATIONS: Final = 0.2
_WORK: Final = 0.5
_PEOPLE: Final = ("curator", "editor", "admin")
_KNOWN: Final = 30
_DESK: Final = 12  # Few diseases and symptoms, so that people get in each other's way.
_BY_LIBRARY: Final = 0.2
_EVERY: Final = 0.5  # Seconds between two looks at the memory.
_START: Final = 120.0
_TRIES: Final = 10
_EDGES: Final = Statement(
    "MATCH (n:Disease)-[r:HAS_SYMPTOM]->(m) "
    "RETURN n.id AS disease, m.id AS symptom, r.id AS edge ORDER BY edge LIMIT 200"
)
_SCHEMA: Final = (
    Statement("CALL db.labels() YIELD label RETURN label AS name ORDER BY name"),
    Statement("CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType AS name ORDER BY name"),
    Statement("SHOW CONSTRAINTS YIELD name RETURN name ORDER BY name"),
    Statement("SHOW INDEXES YIELD name RETURN name ORDER BY name"),
)


@dataclass(slots=True)
class Memory:
    """Resident megabytes of the service and of Neo4j, as often as they were looked at."""

    service: list[float] = field(default_factory=list[float])
    database: list[float] = field(default_factory=list[float])


@dataclass(frozen=True, slots=True)
class Site:
    """A service that runs: where, its keys by role, its process, and the file of its log."""

    address: str
    keys: Mapping[str, str]
    pid: int
    log: Path


@dataclass(frozen=True, slots=True)
class _State:
    """A hash of all nodes, edges and aliases, and the labels, types, constraints and indexes of the database."""

    told: str
    schema: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """What came of all operations; whether reads left the graph alone, and whether undoing brought it back."""

    queries: Sequence[Came]
    mutations: Sequence[Came]
    by_library: int
    worked: int
    refused: Mapping[str, int]
    unread: bool
    undone: bool
    change_sets: int
    memory: Memory
    tracebacks: int
    seconds: float


def measure(folder: Path, number: int, seed: int = 1) -> Section:
    """Send so many operations to a service on the shipped graph and return what came of them."""
    folder.mkdir()
    with server(folder / "data", heap="512m", page_cache="64m") as settings:
        mkg_load(settings, "core")
        done = campaign(settings, folder, number, seed)
    came = [*done.queries, *done.mutations]
    codes = Counter(code for one in came for code in set(one.codes))
    answered = sum(not one.codes for one in came)
    seconds = [one.seconds for one in came]
    return Section(
        "Fuzzing",
        (
            Figure("operations", len(came), "", f"{done.by_library:,} by schemathesis; seed {seed}"),
            Figure("of them mutations", len(done.mutations), "", f"{done.change_sets} change sets came of them"),
            Figure("of them steps of experts at one desk", done.worked, "", f"{counted(done.refused)} as typed errors"),
            Figure("answered", answered, ""),
            Figure("refused with a code", len(came) - answered, "", counted(codes)),
            Figure(
                "unhandled errors", sum(bool(one.wrong) for one in came), "", "a masked error, a 5xx without a code"
            ),
            Figure("tracebacks in the log", done.tracebacks, ""),
            Figure("graph changed by queries", not done.unread, "", "every node, edge, label, index; byte by byte"),
            Figure("graph other after undoing the change sets", not done.undone, "", "mutations change by them alone"),
            Figure("answer, p50", percentile(seconds, 0.5) * 1000, "ms", f"{done.seconds:.0f} s in all"),
            Figure("answer, p99", percentile(seconds, 0.99) * 1000, "ms", f"most {max(seconds):.1f} s"),
            _grown("service", done.memory.service),
            _grown("Neo4j", done.memory.database),
        ),
    )


def campaign(settings: Settings, folder: Path, number: int, seed: int) -> Campaign:
    """Serve the graph of these settings, send so many operations, and look at the graph between and behind."""
    at_database = control.status(settings).pid
    assert at_database is not None
    begun = time.monotonic()
    mutations, library = int(number * _MUTATIONS), int(number * _BY_LIBRARY)
    known = anyio.run(_prepared, settings)
    before = anyio.run(_state, settings)
    with serving(settings, folder) as site, watched(site.pid, at_database) as memory:
        _warmed(site)
        theirs = by_library(site.address, site.keys["editor"], library, seed)
        mischief = Mischief(schema()._schema, seed, known)  # pyright: ignore[reportPrivateUsage]
        ours = anyio.run(_sent, site, mischief, number - mutations - len(theirs))
        unread = anyio.run(_state, settings) == before
        sets = anyio.run(_change_sets, settings)
        mischief = Mischief(schema()._schema, seed, known, ("mutation",))  # pyright: ignore[reportPrivateUsage]
        written = anyio.run(_sent, site, mischief, mutations - int(_WORK * mutations))
        day = anyio.run(_day, settings, [site.keys[name] for name in _PEOPLE], seed)
        worked = anyio.run(_worked, site, day, int(_WORK * mutations))
    made = [item for item in anyio.run(_change_sets, settings) if item not in sets]
    # The types of relationships that hold history stay; what the graph tells is compared.
    undone = anyio.run(_taken_back, settings, made) and anyio.run(_state, settings).told == before.told
    tracebacks = site.log.read_text("utf-8", errors="replace").count("Traceback")
    queries = [*theirs, *ours]
    seconds = time.monotonic() - begun
    return Campaign(
        queries=queries,
        mutations=[*written, *worked],
        by_library=len(theirs),
        worked=len(worked),
        refused=day.refused,
        unread=unread,
        undone=undone,
        change_sets=len(made),
        memory=memory,
        tracebacks=tracebacks,
        seconds=seconds,
    )


def _warmed(site: Site) -> None:
    """Search by meaning until the model for it is there: loading it takes longer than a request may."""
    headers = {"Authorization": f"Bearer {site.keys['viewer']}"}
    query = {"query": '{ semanticSearch(text: "cough") { matched } }'}
    for _ in range(_TRIES):
        answer = httpx.post(f"{site.address}/graphql", json=query, headers=headers, timeout=60).json()
        if not any(error["extensions"]["code"] == TIMEOUT for error in answer.get("errors", ())):
            return


async def _sent(site: Site, mischief: Mischief, number: int) -> list[Came]:
    """Send so many operations, with the keys of all roles in turn: nobody may accept what is their own."""
    keys = cycle(site.keys.values())

    def attempts() -> Iterator[tuple[bytes, str]]:
        for _ in range(number):
            yield mischief.attempt().body, next(keys)

    async with httpx.AsyncClient(base_url=site.address, timeout=60) as http:
        return await attempted(http, attempts())


async def _worked(site: Site, day: Workday, number: int) -> list[Came]:
    async with httpx.AsyncClient(base_url=site.address, timeout=60) as http:
        return await day.spent(http, number)


async def _day(settings: Settings, keys: Sequence[str], seed: int) -> Workday:
    async with connected(settings) as graph:
        rows = await graph.store.read(_EDGES)
    return Workday(
        keys,
        [row["disease"] for row in rows[::7]][:_DESK],
        [row["symptom"] for row in rows][:_DESK],
        [row["edge"] for row in rows],
        seed,
    )


async def _prepared(settings: Settings) -> list[str]:
    """Propose some names, and return ids of what is there: proposals, change sets, edges."""
    async with connected(settings) as graph:
        rows = (await graph.store.read(_EDGES))[:_KNOWN]
        found = [row["edge"] for row in rows]
        for number, node_id in enumerate(sorted({row["disease"] for row in rows})):
            name = f"made name {number}"
            proposal = await graph.desk.propose_name(node_id, "en", name, by="bench", reference="a book")
            found.append(proposal.id)
        return found


async def _state(settings: Settings) -> _State:
    async with connected(settings) as graph:
        rows = [await graph.store.read(statement) for statement in _SCHEMA]
        return _State(hashlib.sha256(await standing(graph.store)).hexdigest(), repr(rows))


async def _change_sets(settings: Settings) -> list[str]:
    async with connected(settings) as graph:
        return [row["id"] for row in await graph.ledger.change_sets(100_000)]


async def _taken_back(settings: Settings, made: Sequence[str]) -> bool:
    """Take change sets back, the newest first, and say whether all of them could be."""
    async with connected(settings) as graph:
        for change_set in made:
            await graph.desk.undo(change_set, by="bench")
    return True


@contextmanager
def serving(settings: Settings, folder: Path) -> Generator[Site]:
    """Run `mkg serve` on the database of these settings for the length of a `with` block."""
    keys = {role.name.lower(): new_key(role.name.lower(), role) for role in Role}
    told = {
        "MKG_API_KEYS": " ".join(entry for _, entry in keys.values()),
        "MKG_LOG_LEVEL": "error",
        # The model is asked for at an address where nobody listens: no weights are loaded, and notes are given up soon.
        "MKG_MODEL": "none",
        "MKG_MODEL_URL": "http://127.0.0.1:1/v1",
        "MKG_NOTE_DEADLINE": "5",
    }
    command = [sys.executable, "-c", "from mkg.cli import main; main()", "serve", "--port", "0"]
    log = folder / "service.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environment(settings) | told, stdout=said, stderr=said)
    try:
        address = _address(process, log)
        yield Site(address, {name: key for name, (key, _) in keys.items()}, process.pid, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))
        with suppress(httpx.TransportError):
            if found and httpx.get(f"{found.group()}/readyz", timeout=5).status_code == 200:
                return found.group()
        time.sleep(0.2)
    raise RuntimeError(f"the service does not answer: {log.read_text('utf-8')[-1500:]}")


@contextmanager
def watched(service: int, database: int) -> Generator[Memory]:
    """Look at the memory of two processes twice a second for the length of a `with` block."""
    memory, over = Memory(), threading.Event()
    processes = ((psutil.Process(service), memory.service), (psutil.Process(database), memory.database))

    def look() -> None:
        while not over.wait(_EVERY):
            for process, seen in processes:
                with suppress(psutil.Error):
                    seen.append(process.memory_info().rss / 1e6)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


def _grown(name: str, seen: Sequence[float]) -> Figure:
    """Return the peak, and how the last third stands to the third before it."""
    third = max(1, len(seen) // 3)
    middle, last = percentile(seen[third : 2 * third] or seen, 0.5), percentile(seen[-third:], 0.5)
    return Figure(f"peak memory, {name}", max(seen), "MB", f"last third {last:.0f}, middle third {middle:.0f} MB")
