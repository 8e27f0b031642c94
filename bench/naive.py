"""The loader that people write first: one MERGE statement for each row, each in a transaction of its own."""

from __future__ import annotations

import time
from typing import Final, LiteralString, cast

import neo4j

from kg.store import Address

# All edges of every so-many-th node, as a file has them: those of one node beside each other.
_SOME: Final = """
MATCH (a:Entity)-[r]->(b:Entity)
WHERE a.draw % $every = 0 AND NOT type(r) STARTS WITH 'WAS_'
RETURN type(r) AS kind, a.id AS start, b.id AS end,
  {weight: r.weight, sources: r.sources, licences: r.licences} AS properties
ORDER BY start, kind, end
LIMIT $rows
"""
_MERGE: Final = """
MERGE (a:Naive {id: $start})
MERGE (b:Naive {id: $end})
MERGE (a)-[r:N_KIND]->(b)
SET r += $properties
"""


def naive(address: Address, rows: int, every: int) -> tuple[int, float]:
    """Write up to `rows` edges of the loaded graph once more, naively; return how many and the seconds that took.

    They become edges between nodes with a label of their own, whose id is unique and so found by an index, and are
    taken away again. They get fewer properties than ours have, which is in favour of this loader.
    """
    with (
        neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        sample = [row.data() for row in session.run(_query(_SOME), every=every, rows=rows)]
        session.run("CREATE CONSTRAINT naive_id IF NOT EXISTS FOR (n:Naive) REQUIRE n.id IS UNIQUE").consume()
        texts = {kind: _query(_MERGE.replace("KIND", kind)) for kind in {row["kind"] for row in sample}}
        for text in texts.values():
            # The server's plans are made before the clock runs.
            session.run(text, start="warm", end="up", properties={}).consume()
        begun = time.perf_counter()
        for row in sample:
            session.run(texts[row["kind"]], start=row["start"], end=row["end"], properties=row["properties"]).consume()
        seconds = time.perf_counter() - begun
        session.run("MATCH (n:Naive) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
        session.run("DROP CONSTRAINT naive_id").consume()
    return len(sample), seconds


def _query(text: str) -> neo4j.Query:
    # Kinds of edges are the schema's own words: nothing here was typed by anybody.
    return neo4j.Query(cast(LiteralString, text), timeout=120)
