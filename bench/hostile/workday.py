"""Days at the curation desk: several experts who propose, decide and undo, in each other's way, as experts are."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx
import orjson

from bench.hostile.answers import CLIENTS, Came, sent

_NAMES: Final = ("fresh name", "Свежее имя", "O'Neill's \"name\"", "n\u0430me\u200b", "}) DETACH DELETE n //")
_OUTCOME: Final = "{ proposal { id status version changeSet } errors { code message } }"
_STEP: Final = (
    'mutation($id: ID!, $version: Int) { step: %s(id: $id, version: $version, note: "looked at") ' + _OUTCOME + " }"
)
_PROPOSE: Final = "mutation($input: Propose%sInput!) { step: propose%s(input: $input) " + _OUTCOME + " }"
_UNDO: Final = "mutation($id: ID!) { step: undoChangeSet(id: $id) { changeSet errors { code message } } }"
# Proposals and change sets that somebody may still do something with; the oldest are forgotten.
_REMEMBERED: Final = 60

Ask = tuple[str, Mapping[str, Any]]


class Workday:
    """What the experts of one desk know of each other's work, and what each does next; drawn by a seed.

    `diseases` and `symptoms` are ids of what edges are proposed between, `edges` are ids of edges that are there, and
    `keys` are keys of people who may propose and decide. Several clients follow one day, so that some steps come too
    late, twice, or from who made the proposal; those are refused by a typed error, and none may break anything.
    """

    def __init__(
        self, keys: Sequence[str], diseases: Sequence[str], symptoms: Sequence[str], edges: Sequence[str], seed: int
    ) -> None:
        self._draw = random.Random(seed)
        self._keys = keys
        self._diseases, self._symptoms, self._edges = diseases, symptoms, list(edges)
        self._open: list[tuple[str, int]] = []
        self._made: list[str] = []
        self.refused: dict[str, int] = {}

    async def spent(self, http: httpx.AsyncClient, number: int) -> list[Came]:
        """Take so many steps by several clients at once, and return what came of each."""
        came: list[Came] = []
        left = iter(range(number))

        async def client() -> None:
            for _ in left:
                query, variables = self._next()
                key = self._draw.choice(self._keys)
                body = orjson.dumps({"query": query, "variables": variables})
                one, content = await sent(http, body, key)
                came.append(one)
                if not one.wrong:
                    self._heard(orjson.loads(content))

        async with asyncio.TaskGroup() as clients:
            for _ in range(CLIENTS):
                clients.create_task(client())
        return came

    def _next(self) -> Ask:
        steps: list[tuple[int, Callable[[], Ask]]] = [(30, self._edge), (10, self._name), (5, self._removal)]
        if self._open:
            steps += [(30, self._acceptance), (6, self._rejection), (4, self._withdrawal)]
        if self._made:
            steps.append((15, self._undoing))
        (step,) = self._draw.choices([step for _, step in steps], [weight for weight, _ in steps])
        return step()

    def _edge(self) -> Ask:
        # Few ends, so that the same edge is proposed by two, and evidence is given for what is there.
        start, end = self._draw.choice(self._diseases), self._draw.choice(self._symptoms)
        asked = {
            "kind": "HAS_SYMPTOM",
            "start": start,
            "end": end,
            "reference": f"PMID:{self._draw.randrange(1, 9_999)}",
            "snippet": self._draw.choice((None, "Seen in most patients.", "\u202eodd \x00 text")),
            "direction": self._draw.choice(("FOR", "FOR", "FOR", "AGAINST")),
            "properties": self._draw.choice((None, {"weight": 0.4}, {"weight": 7.0})),
        }
        return _PROPOSE % ("Edge", "Edge"), {"input": asked}

    def _name(self) -> Ask:
        name = f"{self._draw.choice(_NAMES)} {self._draw.randrange(40)}"
        node, language = self._draw.choice(self._diseases), self._draw.choice(("EN", "RU"))
        return _PROPOSE % ("Name", "Name"), {
            "input": {"nodeId": node, "language": language, "name": name, "reference": "a book"}
        }

    def _removal(self) -> Ask:
        return _PROPOSE % ("Removal", "Removal"), {
            "input": {"edge": self._draw.choice(self._edges), "reference": "PMID:1", "note": "not so"}
        }

    def _acceptance(self) -> Ask:
        return self._decision("acceptProposal")

    def _rejection(self) -> Ask:
        return self._decision("rejectProposal")

    def _withdrawal(self) -> Ask:
        return self._decision("withdrawProposal")

    def _decision(self, step: str) -> Ask:
        proposal, version = self._draw.choice(self._open)
        # One in ten looked at it before somebody else changed it.
        seen = self._draw.choices((version, None, version - 1), (6, 3, 1))[0]
        return _STEP % step, {"id": proposal, "version": seen}

    def _undoing(self) -> Ask:
        return _UNDO, {"id": self._draw.choice(self._made)}

    def _heard(self, answer: Mapping[str, Any]) -> None:
        step = (answer.get("data") or {}).get("step") or {}
        for error in step.get("errors") or ():
            self.refused[error["code"]] = self.refused.get(error["code"], 0) + 1
        proposal = step.get("proposal")
        if proposal:
            self._open.append((proposal["id"], proposal["version"]))
        made = proposal["changeSet"] if proposal else step.get("changeSet")
        if made:
            self._made.append(made)
        del self._open[:-_REMEMBERED], self._made[:-_REMEMBERED]
