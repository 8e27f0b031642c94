"""What the measurement shows: one table beside the peer, and the figures that the goals are about."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Final

from bench.figures import Figure, Table
from bench.graphql.rounds import ALONE, MANY, Found
from bench.graphql.shapes import Shape
from bench.graphql.slices import Slice

_COLUMNS: Final = (
    "shape",
    "ours req/s",
    "peer req/s",
    "rate x",
    "CPU x",
    "ours p50/p99 at 1, ms",
    "peer p50/p99 at 1, ms",
    "ours p50/p99 at 16, ms",
    "peer p50/p99 at 16, ms",
    "ours CPU ms, service + Neo4j",
    "peer CPU ms, server + Neo4j",
    "by hand req/s",
    "ours of it",
)


def over(value: float, other: float) -> float:
    """Return a ratio; infinite over a server that answered nothing."""
    return value / other if other else float("inf")


def table(shapes: Sequence[Shape], found: Found) -> Table:
    """Return the table beside the peer: rates at 16 clients, times at 1 and 16, processor milliseconds of an answer."""
    return Table(_COLUMNS, tuple(_row(shape, found) for shape in shapes))


def _row(shape: Shape, found: Found) -> tuple[str | float, ...]:
    ours, peer = found[shape.name, "ours", MANY], found[shape.name, "peer", MANY]
    floor = found.get((shape.name, "floor", MANY))
    return (
        shape.name,
        ours.rate,
        peer.rate,
        over(ours.rate, peer.rate),
        over(peer.cost, ours.cost),
        *(_times(found[shape.name, who, clients]) for clients in (ALONE, MANY) for who in ("ours", "peer")),
        f"{ours.server:.2f} + {ours.database:.2f}",
        f"{peer.server:.2f} + {peer.database:.2f}",
        f"{floor.rate:,.0f}" if floor else "",
        f"{over(ours.rate, floor.rate):.0%}" if floor else "",
    )


def summary(shapes: Sequence[Shape], found: Found) -> list[Figure]:
    """Return what the goals are about: ratios over the shapes, times, the share of the floor, and errors."""
    rates = {shape.name: _ratio(shape, found) for shape in shapes}
    reads = {shape.name: rates[shape.name] for shape in shapes if not shape.writes}
    costs = [over(found[name, "peer", MANY].cost, found[name, "ours", MANY].cost) for name in reads]
    shares = {name: over(found[name, "ours", MANY].rate, found[name, "floor", MANY].rate) for name in reads}
    slower = [
        f"{shape.name} at {clients}"
        for shape in shapes
        for clients in (ALONE, MANY)
        if found[shape.name, "ours", clients].p99 >= found[shape.name, "peer", clients].p99
    ]
    # Ours and the peer's answer over HTTP, and ours looks for beginnings and misspelt words as well.
    by_hand = "no HTTP in it; its full text finds whole words alone"
    figures = [
        Figure("rate beside the peer, median of the shapes", statistics.median(rates.values()), "x", "at 16 clients"),
        Figure("rate beside the peer, lowest read", min(reads.values()), "x", min(reads, key=reads.__getitem__)),
        Figure("processor time of the peer over ours, median of the reads", statistics.median(costs), "x", ""),
        Figure("p99 not lower than the peer's", len(slower), "", ", ".join(slower)),
        Figure("share of Bolt by hand, median of the reads", statistics.median(shares.values()), "", by_hand),
        Figure("share of Bolt by hand, lowest", min(shares.values()), "", min(shares, key=shares.__getitem__)),
    ]
    figures += [Figure(f"rate beside the peer, {name}", rates[name], "x", "") for name in rates if name not in reads]
    return [*figures, *_conduct(found)]


def _conduct(found: Found) -> list[Figure]:
    """Return how the measurement itself went: errors, and what else was done with the cores."""
    failed = {f"{name} {who}": slice for (name, who, _), slice in found.items() if slice.errors}
    first = "; ".join(f"{what}: {slice.failed[:80]}" for what, slice in failed.items())
    client = [slice.client / (slice.client + slice.cost) for (_, who, _), slice in found.items() if who != "floor"]
    return [
        Figure("errors", sum(slice.errors for slice in found.values()), "", first.replace("|", "/")),
        Figure("the client's share of the processor time", statistics.median(client), "", f"most {max(client):.2f}"),
        Figure("cores taken by others", statistics.median(slice.others for slice in found.values()), "share", ""),
    ]


def workers(one: Mapping[str, Slice], several: Mapping[str, Slice], number: int, what: str) -> list[Figure]:
    """Return what more workers bring, shape by shape."""
    gains = {name: over(several[name].rate, one[name].rate) for name in one}
    return [
        Figure(
            f"{number} workers over 1, {what}, median of the reads",
            statistics.median(gains.values()),
            "x",
            "; ".join(f"{name} {gain:.2f}" for name, gain in gains.items()),
        )
    ]


def _ratio(shape: Shape, found: Found) -> float:
    return over(found[shape.name, "ours", MANY].rate, found[shape.name, "peer", MANY].rate)


def _times(slice: Slice) -> str:
    return f"{slice.p50:.3g} / {slice.p99:.3g}"
