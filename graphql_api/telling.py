"""What the service expects of whoever tells facts in words and writes prompts, which is not its own business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class ToldFact:
    """What an edge says, in a sentence; `edge` is None for a diagnosis whose disease has no code."""

    id: str
    kind: str
    text: str
    edge: str | None
    strength: float | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation that a model is given: who speaks (system, user, assistant), and what."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ToldPrompt:
    """What a model would be sent about a disease, and the facts in it. `tokens` is an estimate, rather too large."""

    disease: str
    icd10: str | None
    recipe: str
    recipe_hash: str
    language: str
    seed: int
    release: str
    turns: tuple[Turn, ...]
    facts: tuple[ToldFact, ...]
    dropped: tuple[str, ...]
    tokens: int


class Teller(Protocol):
    """Tells what an answer says, and what a model would be sent. Raises KgError when it cannot."""

    def facts(self, answer: Subgraph, language: str) -> Sequence[ToldFact]: ...

    async def prompt(self, disease: str, seed: int, recipe: str | None) -> ToldPrompt: ...
