"""What more workers bring where the service works alone: documents never seen before, about the schema itself."""

from __future__ import annotations

import os
from typing import Final

from bench.figures import Figure
from bench.graphql.bodies import body
from bench.graphql.loader import UNIQUE
from bench.graphql.report import over
from bench.graphql.rounds import MANY, Bench, Pace
from bench.graphql.servers import Served, ours
from bench.graphql.slices import Slice

# The name differs each time, so each is parsed, validated and executed anew, which takes milliseconds of a worker and
# next to nothing of a client; Neo4j is not asked.
_DOCUMENT: Final = f"""query Q{UNIQUE.decode()} {{
  __type(name: "Disease") {{ fields {{ name args {{ name type {{ ...Named }} }} type {{ ...Named }} }} }}
}}
fragment Named on __Type {{ kind name ofType {{ kind name ofType {{ kind name }} }} }}"""


def measure(bench: Bench, pace: Pace) -> Figure:
    """Return how many times the answers of one worker as many give as there are cores."""
    cores = os.cpu_count() or 1
    with ours(bench.address) as one:
        alone = _slice(bench, one, pace)
    with ours(bench.address, workers=cores) as several:
        many = _slice(bench, several, pace)
    note = (
        f"{alone.rate:,.0f} and {many.rate:,.0f} documents/s, {alone.errors + many.errors} errors; {alone.server:.2f} "
        f"and {many.server:.2f} ms of processor time each; "
        f"the client takes {many.client * many.rate / 1000:.2f} of {cores} cores"
    )
    return Figure(f"{cores} workers over 1, work of the service alone", over(many.rate, alone.rate), "x", note)


def _slice(bench: Bench, server: Served, pace: Pace) -> Slice:
    lines = [body(_DOCUMENT, {})]
    bench.sent(server, lines, MANY, pace.warm)
    return bench.sent(server, lines, MANY, pace.seconds)
