"""Whether all that is measured gives the same answers: their leaves in order, whatever they are wrapped in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, LiteralString, cast

import httpx
import neo4j
import orjson

from bench.graphql.bodies import Asked, body
from bench.graphql.loader import UNIQUE
from bench.graphql.servers import Served
from bench.graphql.shapes import Shape
from kg.store import Address

# Each server counts and marks in its own way.
_OWN: Final = frozenset({"cursor", "endCursor", "score"})
_AT_ONCE: Final = 16
_HALF: Final = 1.5e-6
_SHOWN: Final = 400


class Different(AssertionError):
    """Two servers do not give the same answer, or one gives none."""


def check(shape: Shape, many: Sequence[Asked], ours: Served, peer: Served) -> None:
    """Ask both for all of these, reads many at a time so that mixed-up answers are noticed; raise Different."""

    def both_of(one: Asked) -> tuple[Any, Any]:
        return post(ours, body(shape.ours, one.ours)), post(peer, body(shape.peers, one.peers))

    with ThreadPoolExecutor(1 if shape.writes else _AT_ONCE) as threads:
        both = threads.map(both_of, many)
        for one, (mine, others) in zip(many, both, strict=True):
            left, right = (list(leaves(answer))[: shape.same] for answer in (mine, others))
            if not _alike(left, right) or (not left and shape.same is None):
                pairs = enumerate(zip(left, right, strict=False))
                at = next((place for place, (a, b) in pairs if not _alike([a], [b])), -1)
                raise Different(
                    f"{shape.name} {one.ours}: {len(left)} and {len(right)} leaves, the first difference at {at}\n"
                    f"  ours {str(left[max(at, 0) :])[:_SHOWN]}\n  peer {str(right[max(at, 0) :])[:_SHOWN]}"
                )


def check_by_hand(shape: Shape, many: Sequence[Asked], ours: Served, at: Address) -> None:
    """Run the statement by hand for all of these, and raise Different when it tells what ours does not.

    Maps come from the database in an order of their own, so the leaves are compared without theirs.
    """
    with neo4j.GraphDatabase.driver(at.uri, auth=(at.user, at.password)) as driver, driver.session() as session:
        for one in many:
            rows = [row.values() for row in session.run(cast(LiteralString, shape.by_hand), dict(one.by_hand))]
            # Ours rounds means to six digits, so fewer of them are alike whichever way a half is rounded.
            told = Counter(leaves(rows, digits=4))
            known = Counter(leaves(post(ours, body(shape.ours, one.ours)), digits=4))
            # Ours tells besides whether more follow.
            if told - known or (known - told).total() > 1:
                raise Different(f"{shape.name} {one.by_hand}: the statement by hand tells something else")


def post(server: Served, content: bytes) -> Any:
    """Return the data of an answer; raise Different when it tells errors."""
    headers = {"Content-Type": "application/json", **server.headers}
    sent = content.replace(UNIQUE, b"check%07d" % (hash(content) % 10**7))
    answer = orjson.loads(httpx.post(server.address, content=sent, headers=headers, timeout=60).content)
    if "errors" in answer or not answer.get("data"):
        raise Different(f"{server.name} answers {str(answer)[:_SHOWN]}\n  to {sent[:_SHOWN]}")
    return answer["data"]


def _alike(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Say whether leaves are the same, but for the last digit of a rounded mean."""
    return len(left) == len(right) and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and abs(a - b) < _HALF)
        for a, b in zip(left, right, strict=True)
    )


def leaves(value: Any, digits: int = 6) -> Iterator[Any]:
    """Yield the single values of an answer in order; numbers to six digits, as ours gives them out."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in _OWN:
                yield from leaves(part, digits)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, digits)
    else:
        yield round(float(value), digits) if isinstance(value, int | float) and not isinstance(value, bool) else value
