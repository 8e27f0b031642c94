"""The rounds: each shape on each server in turn, the peer warmed every time, writes taken away again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import neo4j

from bench.graphql.bodies import Asked, World, asked, body
from bench.graphql.floor import FloorJob
from bench.graphql.loader import Job
from bench.graphql.servers import Served
from bench.graphql.shapes import Shape
from bench.graphql.slices import Slice, by_hand, median, sent
from kg.store import Address

ALONE: Final = 1
MANY: Final = 16
_TAKEN_BACK: Final = (
    "MATCH (p:PeerProposal) CALL (p) { DELETE p } IN TRANSACTIONS OF 2000 ROWS",
    "MATCH (p:Proposal) WHERE p.by = 'bench' CALL (p) { DETACH DELETE p } IN TRANSACTIONS OF 2000 ROWS",
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long everything takes: seconds of a slice, of warming ours and the peer before it, and how many rounds.

    `fill` is for caches of answers: after fewer seconds it is the filling that is measured, and a server that was
    started for this alone is not at its full speed.
    """

    seconds: float
    warm: float
    warm_peer: float
    fill: float
    rounds: int


# Both are warmed for as long: not only Node, but also what the database does for either gets faster for seconds.
FULL: Final = Pace(seconds=4.0, warm=7.0, warm_peer=7.0, fill=20.0, rounds=3)
# For development: the peer is not warm then, and the ratios flatter ours.
QUICK: Final = Pace(seconds=0.8, warm=0.3, warm_peer=1.5, fill=1.5, rounds=1)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a measurement stands on: the database and its process, what there is to ask, where files may be written."""

    address: Address
    database: int
    world: World
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(0, 10**7))

    def slice(self, server: Served, shape: Shape, many: Sequence[Asked], connections: int, seconds: float) -> Slice:
        """Send these to that server for so long and return what it showed."""
        mine = server.name != "peer"
        lines = [body(shape.ours, one.ours) if mine else body(shape.peers, one.peers) for one in many]
        return self.sent(server, lines, connections, seconds)

    def sent(self, server: Served, lines: Sequence[bytes], connections: int, seconds: float) -> Slice:
        """Send these bodies to that server in turn; no two calls use the same unique numbers."""
        number = next(self.numbers)
        path = self.folder / f"bodies-{number}.ndjson"
        path.write_bytes(b"\n".join(lines))
        job = Job(server.port, server.path, server.headers, str(path), connections, seconds, number)
        try:
            return sent(job, server.pid, self.database)
        finally:
            path.unlink()

    def floor(self, shape: Shape, many: Sequence[Asked], connections: int, seconds: float) -> Slice:
        """Run the statement by hand for so long and return what that showed."""
        at = self.address
        values = [one.by_hand for one in many]
        return by_hand(
            FloorJob(at.uri, at.user, at.password, shape.by_hand, values, connections, seconds), self.database
        )

    def take_back(self) -> None:
        """Take away what the mutations wrote."""
        with (
            neo4j.GraphDatabase.driver(self.address.uri, auth=(self.address.user, self.address.password)) as driver,
            driver.session(database="neo4j") as session,
        ):
            for text in _TAKEN_BACK:
                session.run(text).consume()


Found = Mapping[tuple[str, str, int], Slice]
"""What was found, by shape, by who answered ("ours", "peer", "floor") and by the number of clients."""


def run(bench: Bench, shapes: Sequence[Shape], ours: Served, peer: Served, pace: Pace) -> Found:
    """Measure every shape on both servers and by hand, in rounds, and return the medians over the rounds."""
    taken: dict[tuple[str, str, int], list[Slice]] = {}
    for _ in range(pace.rounds):
        for shape in shapes:
            many = asked(shape, bench.world)
            # Node is at its full speed only after seconds of load; unwarmed, it would look twice as slow as it is.
            for server, warm in ((peer, pace.warm_peer), (ours, pace.warm)):
                bench.slice(server, shape, many, MANY, warm)
                for clients in (ALONE, MANY):
                    found = bench.slice(server, shape, many, clients, pace.seconds)
                    taken.setdefault((shape.name, server.name, clients), []).append(found)
            if shape.writes:
                bench.take_back()
            else:
                found = bench.floor(shape, many, MANY, pace.seconds)
                taken.setdefault((shape.name, "floor", MANY), []).append(found)
    return {key: median(slices) for key, slices in taken.items()}
