"""Requests that repeat as people repeat them, answered by ours with its cache of answers and by the peer."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Final

from bench.figures import Figure
from bench.graphql.bodies import Asked, asked, body
from bench.graphql.report import over
from bench.graphql.rounds import MANY, Bench, Pace
from bench.graphql.servers import Served
from bench.graphql.shapes import Shape
from bench.graphql.slices import Slice

# So many that hardly one slice comes to their end and begins anew.
_DRAWS: Final = 40_000


def measure(bench: Bench, mine: Served, peer: Served, reads: Sequence[Shape], pace: Pace) -> list[Figure]:
    """Return the rate of each read beside the peer's; `mine` keeps answers."""
    found: dict[str, tuple[Slice, Slice, float]] = {}
    for shape in reads:
        # Other draws of the same spread come first, so that the cache is as full as it is on an ordinary day.
        before, many = (asked(shape, bench.world, seed=seed, repeats=True, number=_DRAWS) for seed in (2, 3))
        bench.slice(peer, shape, before, MANY, pace.fill)
        others = bench.slice(peer, shape, many, MANY, pace.seconds)
        bench.slice(mine, shape, before, MANY, pace.fill)
        found[shape.name] = bench.slice(mine, shape, many, MANY, pace.seconds), others, _different(many)
    ratios = {name: over(mine.rate, others.rate) for name, (mine, others, _) in found.items()}
    return [
        Figure("answer cache on, rate beside the peer, median", statistics.median(ratios.values()), "x", "Zipf-like"),
        *(
            Figure(
                f"answer cache on, {name}",
                mine.rate,
                "requests/s",
                f"{ratios[name]:.1f} x the peer, p99 {mine.p99:.3g} ms; {share:.0%} of {_DRAWS:,} draws differ",
            )
            for name, (mine, _, share) in found.items()
        ),
    ]


def _different(many: Sequence[Asked]) -> float:
    return len({body("", one.ours) for one in many}) / len(many)
