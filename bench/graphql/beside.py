"""The GraphQL service beside @neo4j/graphql under Apollo Server, on one Neo4j with one graph, in one run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure, Plot, Section
from bench.graphql import own_work, report, steady
from bench.graphql.agree import check, check_by_hand, post
from bench.graphql.bodies import asked, body, world
from bench.graphql.repeats import measure as repeats
from bench.graphql.rounds import FULL, MANY, QUICK, Bench, run
from bench.graphql.servers import Served, database, ours, peer, versions
from bench.graphql.shapes import SHAPES, Shape
from bench.graphql.slices import Slice

_WORKERS: Final = 2
# How many answers are compared: of both servers for a read, and of what is asked one at a time.
_CHECKED: Final = 100
_FEW: Final = 20


def measure(folder: Path, *, full: bool, minutes: float, names: Sequence[str] = ()) -> Section:
    """Check that both servers give the same answers, then measure them in turn.

    `full` takes the whole graph and three long rounds, and measures repeated requests, more workers and the memory of
    one worker over `minutes` as well; otherwise a tenth of the graph and one short round have to do. `folder` keeps
    the loaded graph. `names` are the shapes to look at, all when none is named.
    """
    shapes = [shape for shape in SHAPES if not names or shape.name in names]
    reads = [shape for shape in shapes if not shape.writes]
    pace = FULL if full else QUICK
    folder.mkdir(parents=True, exist_ok=True)
    more: list[Figure] = []
    plots: tuple[Plot, ...] = ()
    with database(folder, 1.0 if full else 0.1) as running, peer(running.address, running.cache) as other:
        with ours(running.address) as mine:

            def ask(query: str, variables: Mapping[str, Any]) -> Any:
                return post(mine, body(query, variables))

            bench = Bench(running.address, running.pid, world(running.address, ask), folder)
            for shape in shapes:
                number = _FEW if shape.writes else _CHECKED
                check(shape, asked(shape, bench.world, number=number), mine, other)
                if shape.same is None:
                    check_by_hand(shape, asked(shape, bench.world, number=_FEW), mine, running.address)
            bench.take_back()
            found = run(bench, shapes, mine, other, pace)
            alone = _rates(bench, mine, reads, pace.warm, pace.seconds) if full else {}
        if full:
            with ours(running.address, workers=_WORKERS) as mine:
                told = f"Neo4j on the same {os.cpu_count()} cores"
                more += report.workers(alone, _rates(bench, mine, reads, pace.warm, pace.seconds), _WORKERS, told)
            # What the service alone gains: all answers are kept after the warm-up, and the database is left in peace.
            with ours(running.address, cached=True) as mine:
                alone = _rates(bench, mine, reads, pace.fill, pace.seconds)
            with ours(running.address, cached=True, workers=_WORKERS) as mine:
                more += report.workers(
                    alone, _rates(bench, mine, reads, pace.fill, pace.seconds), _WORKERS, "from kept answers"
                )
            more.append(own_work.measure(bench, pace))
            with ours(running.address, cached=True) as mine:
                more += repeats(bench, mine, other, reads, pace)
                growth, plot = steady.measure(bench, mine, minutes)
                more, plots = [*more, growth], (plot,)
    title = f"GraphQL beside @neo4j/graphql, {len(bench.world.diseases):,} diseases"
    figures = (*report.summary(shapes, found), *more, Figure("rounds", pace.rounds, "", versions()))
    return Section(title, figures, plots, (report.table(shapes, found),))


def _rates(bench: Bench, server: Served, reads: Sequence[Shape], warm: float, seconds: float) -> Mapping[str, Slice]:
    """Return what each read shows at many clients, in so many seconds after a warm-up."""
    found: dict[str, Slice] = {}
    for shape in reads:
        many = asked(shape, bench.world)
        bench.slice(server, shape, many, MANY, warm)
        found[shape.name] = bench.slice(server, shape, many, MANY, seconds)
    return found
