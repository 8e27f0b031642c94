"""How soon a service answers while somebody types into a search field, on the whole shared data."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from bench.children import mkg_load, server
from bench.figures import Figure, Section, percentile
from bench.graphql.servers import Served, ours
from kg.connect import address_of, connected
from kg.settings import Settings
from kg.subgraph import SubgraphNode

# Of each kind of thing that is typed so many, drawn by the seed. A search field asks from the second character on.
NAMES: Final = 40
SEED: Final = 9
FIRST: Final = 2
# Names of up to so many letters are not misspelt: one letter off, and they may be other words.
SHORT: Final = 6
# People who type at the same time.
PEOPLE: Final = (1, 8)
WARM: Final = 5
_KINDS: Final = ("Disease", "Symptom", "Drug", "IcdCode")
_CODE: Final = "ICD10:"
_QUERY: Final = "query Typed($text: String!) { search(text: $text, first: 10) { matched node { id kind name } } }"


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody's text, typed letter by letter, and the ids of the things of that name."""

    what: str
    text: str
    meant: frozenset[str]

    def strokes(self) -> list[str]:
        """Return what stands in the field after each key, without what ends with a space and asks for the same."""
        texts = [self.text[:end] for end in range(FIRST, len(self.text) + 1)]
        return [text for text in texts if not text.endswith(" ")]


@dataclass(frozen=True, slots=True)
class Answer:
    """How long a key took, in seconds, and where a thing that was meant stands among the answers, from 1; 0 if not."""

    typed: Typed
    whole: bool
    seconds: float
    place: int


def measure(folder: Path, shared: Path) -> Section:
    """Load all, then type names in both languages, misspelt ones and codes, alone and side by side."""
    with server(folder / "data") as settings:
        mkg_load(settings, "auto", str(shared))
        nodes = asyncio.run(_nodes(settings))
        with ours(address_of(settings)) as served:
            figures = [figure for people in PEOPLE for figure in _told(served, _typed(nodes), people)]
    head = Figure("diseases, symptoms, drugs and codes", len(nodes), "", "the whole shared data")
    return Section("Search as you type, on the full graph", (head, *figures))


async def _nodes(settings: Settings) -> tuple[SubgraphNode, ...]:
    async with connected(settings) as graph:
        return await graph.vocabulary(_KINDS)


def _typed(nodes: Sequence[SubgraphNode]) -> list[Typed]:
    """Draw what is typed; the same seed draws the same. What is called the same is meant as well, of whatever kind."""
    chance = random.Random(SEED)
    called: dict[str, set[str]] = {}
    for node in nodes:
        for name in node.names.values():
            called.setdefault(name.casefold(), set()).add(node.id)
    codes = [node for node in nodes if node.kind == "IcdCode"]
    things = [node for node in nodes if node.kind != "IcdCode"]
    english, russian = _names(things, "en"), _names(things, "ru")
    found: list[Typed] = []
    for what, names in (
        ("English names", _drawn(english, chance)),
        ("Russian names", _drawn(russian, chance)),
        ("English names of codes", _drawn(_names(codes, "en"), chance)),
    ):
        found += (Typed(what, name, frozenset(called[name.casefold()])) for name in names)
    for name in _drawn([name for name in english if len(name) > SHORT], chance):
        found.append(
            Typed("English names, two letters swapped", _misspelt(name, chance), frozenset(called[name.casefold()]))
        )
    for node in chance.sample([node for node in codes if node.id.startswith(_CODE)], NAMES):
        found.append(Typed("ICD-10 codes", node.id.removeprefix(_CODE), frozenset({node.id})))
    chance.shuffle(found)
    return found


def _names(nodes: Sequence[SubgraphNode], language: str) -> list[str]:
    return sorted({name for node in nodes if (name := node.names.get(language))})


def _drawn(names: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(names, min(NAMES, len(names)))


def _misspelt(name: str, chance: random.Random) -> str:
    """Return a name with two letters swapped that differ, neither of them the first; as it is if there are none."""
    places = [at for at in range(1, len(name) - 1) if name[at : at + 2].isalpha() and name[at] != name[at + 1]]
    if not places:
        return name
    at = chance.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _told(served: Served, typed: Sequence[Typed], people: int) -> list[Figure]:
    answers = asyncio.run(_type(served, typed, people))
    who = "one person" if people == 1 else f"{people} people"
    times = [answer.seconds * 1000 for answer in answers]
    figures = [
        Figure(f"{who}: p50", statistics.median(times), "ms", f"{len(times):,} keys, nothing kept from before"),
        Figure(f"{who}: p95", percentile(times, 0.95), "ms"),
        Figure(f"{who}: p99", percentile(times, 0.99), "ms", f"most {max(times):.0f} ms"),
    ]
    for what in dict.fromkeys(one.what for one in typed):
        of_this = [answer for answer in answers if answer.typed.what == what]
        p95 = percentile([answer.seconds * 1000 for answer in of_this], 0.95)
        places = [answer.place for answer in of_this if answer.whole]
        note = f"typed to the end: meant is first in {places.count(1)}, among ten in {sum(map(bool, places))}"
        figures.append(Figure(f"{who}: {what}, p95", p95, "ms", f"{note} of {len(places)}"))
    return figures


async def _type(served: Served, typed: Sequence[Typed], people: int) -> list[Answer]:
    """Have people type one text after another, each key sent when the key before was answered."""
    answers: list[Answer] = []
    waiting = list(reversed(typed))

    async def one() -> None:
        async with httpx.AsyncClient(headers=dict(served.headers), timeout=60) as client:
            while waiting:
                text = waiting.pop()
                for stroke in text.strokes():
                    begun = time.perf_counter()
                    hits = await _hits(client, served.address, stroke)
                    seconds = time.perf_counter() - begun
                    place = next((at for at, hit in enumerate(hits, 1) if hit["node"]["id"] in text.meant), 0)
                    answers.append(Answer(text, stroke == text.text, seconds, place))

    async with httpx.AsyncClient(headers=dict(served.headers), timeout=60) as client:
        for text in typed[:WARM]:
            await _hits(client, served.address, text.text)
    await asyncio.gather(*(one() for _ in range(people)))
    return answers


async def _hits(client: httpx.AsyncClient, address: str, text: str) -> list[dict[str, Any]]:
    response = await client.post(address, json={"query": _QUERY, "variables": {"text": text}})
    told = response.json()
    if "errors" in told:
        raise RuntimeError(f"searching for {text!r}: {told['errors'][0]['message']}")
    return told["data"]["search"]
