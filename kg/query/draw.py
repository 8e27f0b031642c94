"""A seeded draw without replacement, worked out inside the database and the same on any server.

Each node has a fixed number; the seed gives a polynomial over a prime field that turns it into a uniform one. The
largest values of log(weight) / temperature - log(-log(uniform)) are a draw without replacement in which each next one
is taken with a chance in proportion to weight^(1/temperature) among those left (Gumbel-top-k: Vieira 2014; equal to
the n largest u^(1/w) of Efraimidis and Spirakis 2006, without their underflow at low temperatures).
"""

from __future__ import annotations

import hashlib
import math
from typing import Final, LiteralString

from kg.stored import DRAW_PRIME

# A node without a weight can still be drawn, last.
_LEAST_WEIGHT: Final[LiteralString] = "0.000001"


def draw_numbers(seed: int) -> tuple[int, int, int, int]:
    """Return the four coefficients that turn a node's fixed number into its place in this draw.

    A polynomial of degree 3 over a prime field: the numbers of any four nodes are independent (Wegman and Carter,
    1981, "New hash functions and their use in authentication and set equality").
    """
    digest = hashlib.sha256(f"draw {seed}".encode()).digest()
    first, second, third, fourth = (int.from_bytes(digest[at : at + 8]) % DRAW_PRIME for at in (0, 8, 16, 24))
    return first, second, third, fourth


def draw_place(draw: int, numbers: tuple[int, int, int, int], weight: float | None, temperature: float) -> float:
    """Return by what a node is drawn, largest first; the same as `drawn_order` says in Cypher."""
    first, second, third, fourth = numbers
    place = (((fourth * draw + third) % DRAW_PRIME * draw + second) % DRAW_PRIME * draw + first) % DRAW_PRIME
    uniform = (place + 1.0) / (DRAW_PRIME + 1)
    return math.log(max(weight or 0.0, float(_LEAST_WEIGHT))) / temperature - math.log(-math.log(uniform))


def drawn_order(
    weight: LiteralString, draw: LiteralString, numbers: LiteralString, temperature: LiteralString
) -> LiteralString:
    """Return the ORDER BY item of a draw; each argument is an expression, an empty temperature means 1."""
    place: LiteralString = f"(({numbers}[3] * {draw} + {numbers}[2]) % $prime * {draw} + {numbers}[1]) % $prime"
    place = f"({place} * {draw} + {numbers}[0]) % $prime"
    least = f"CASE WHEN coalesce({weight}, 0) > {_LEAST_WEIGHT} THEN toFloat({weight}) ELSE {_LEAST_WEIGHT} END"
    heat: LiteralString = f" / {temperature}" if temperature else ""
    return f"log({least}){heat} - log(-log((toFloat({place}) + 1.0) / ($prime + 1))) DESC"
