"""What the operations are asked with: seeded values, evenly spread or repeated as people repeat them."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import neo4j
import orjson

from bench.graphql.loader import UNIQUE
from bench.graphql.shapes import PAGE, Shape, Values
from bench.zipf import drawn
from kg.store import Address

_NUMBER: Final = 500
_Pick = Callable[[random.Random, Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class World:
    """What there is to ask about: ids of symptoms, and diseases (id, name) in the order of their names.

    `cursors` holds where each page of our list of diseases begins, from the second page on; `parts` are pieces of
    names.
    """

    diseases: Sequence[tuple[str, str]]
    symptoms: Sequence[str]
    cursors: Sequence[str]
    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The variables of one request: as ours, as the peer's, as parameters of the statement by hand."""

    ours: Mapping[str, Any]
    peers: Mapping[str, Any]
    by_hand: Mapping[str, Any]


def world(address: Address, ask: Callable[[str, Mapping[str, Any]], Any]) -> World:
    """Read what there is; `ask` runs one of our operations and returns its data."""
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        found = driver.execute_query("MATCH (d:Disease) RETURN d.id AS id, d.name AS name ORDER BY name, id")
        diseases = [(record["id"], record["name"]) for record in found.records]
        found = driver.execute_query("MATCH (s:Symptom) RETURN s.id AS id ORDER BY id")
        symptoms = [record["id"] for record in found.records]
    cursors: list[str] = []
    text = "query Q($after: String) { diseases(first: %d, after: $after) { pageInfo { hasNextPage endCursor } } }"
    while True:
        page = ask(text % PAGE, {"after": cursors[-1] if cursors else None})["diseases"]["pageInfo"]
        if not page["hasNextPage"]:
            return World(diseases, symptoms, cursors, sorted({name[:6] for _, name in diseases}))
        cursors.append(page["endCursor"])


def asked(shape: Shape, there: World, *, seed: int = 0, repeats: bool = False, number: int = _NUMBER) -> list[Asked]:
    """Return the variables of so many requests; the same for one seed.

    With `repeats` some things are asked for far more often, about in proportion to 1 / rank, which is Zipf's law.
    """
    chance = random.Random(seed)
    return [_drawn(shape.takes, there, chance, _repeated if repeats else random.Random.choice) for _ in range(number)]


def body(query: str, variables: Mapping[str, Any]) -> bytes:
    """Return the body of a request."""
    return orjson.dumps({"query": query, "variables": variables})


def _drawn(takes: Values, there: World, chance: random.Random, pick: _Pick) -> Asked:
    match takes:
        case "page":
            return _page(there, pick(chance, range(len(there.cursors))))
        case "proposal":
            proposed = {
                "start": chance.choice(there.diseases)[0],
                "end": chance.choice(there.symptoms),
                "text": f"bench:{UNIQUE.decode()}",
                "weight": 0.5,
            }
            return Asked(proposed, proposed, {})
        case "disease":
            same = {"id": pick(chance, there.diseases)[0]}
        case "symptom":
            same = {"id": pick(chance, there.symptoms)}
        case "part":
            same = {"part": pick(chance, there.parts)}
        case "name":
            same = {"text": pick(chance, there.diseases)[1]}
    return Asked(same, same, same)


def _page(there: World, number: int) -> Asked:
    """Return how the page after so many whole ones and one is asked for."""
    offset = (number + 1) * PAGE
    key, name = there.diseases[offset - 1]
    cursor = base64.b64encode(f"arrayconnection:{offset - 1}".encode()).decode()
    return Asked({"after": there.cursors[number]}, {"offset": offset, "after": cursor}, {"name": name, "id": key})


def _repeated(chance: random.Random, things: Sequence[Any]) -> Any:
    return things[drawn(len(things), chance)]
