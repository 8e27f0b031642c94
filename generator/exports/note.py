"""What a row of notes holds, as frozen values that nothing of another type gets into."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as read_strictly

REJECTED: Final = "rejected"

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)


@read_strictly(frozen=True, slots=True, config=_STRICT)
class GivenFact:
    """A fact that the note was written from; `edge_id` leads to the edge, `evidence_ids` to what speaks for it."""

    id: str
    kind: str
    text: str
    edge_id: str | None
    term_ids: tuple[str, ...]
    told: bool
    evidence_ids: tuple[str, ...] = ()


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Place:
    """Something that the check found in the text, from character `start` to before `end`."""

    said: str
    start: int
    end: int
    rule: str = ""


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Verdict:
    """What the check said of a text; `spans` has the place of each fact told."""

    told: tuple[str, ...]
    missed: tuple[str, ...]
    contradicted: tuple[str, ...]
    invented: tuple[Place, ...]
    violations: tuple[Place, ...]
    spans: dict[str, tuple[int, int]]
    passed: bool


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Turn:
    """One turn of the prompt."""

    role: str
    content: str


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Person:
    """Whom the note is about; the age in whole years."""

    age: int
    sex: str


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Circumstance:
    """Something that the model was given beside the facts, from a list of ours."""

    aspect: str
    text: str


@read_strictly(frozen=True, slots=True, config=_STRICT)
class SecondWord:
    """What a second judge found: ids of facts named and not named, things named that were not given."""

    told: tuple[str, ...]
    missed: tuple[str, ...]
    invented: tuple[Place, ...]
    passed: bool


@read_strictly(frozen=True, slots=True, config=_STRICT)
class Note:
    """One row. `scores` and `second` are those of a second judge, when the row was judged by one."""

    id: str
    index: int
    icd10: str | None
    disease_id: str
    language: str
    text: str
    status: str
    reason: str | None
    patient: Person
    facts: tuple[GivenFact, ...]
    check: Verdict
    model_check: Verdict
    question: dict[str, str]
    recipe: str
    recipe_hash: str
    model: str
    model_fingerprint: str
    seed: int
    attempts: int
    prompt: tuple[Turn, ...]
    prior: str
    example: bool
    example_source: str | None
    response: str
    symptoms: tuple[str, ...]
    graph_release: str
    step: str = ""
    details: tuple[Circumstance, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    second: SecondWord | None = None

    @property
    def rejected(self) -> bool:
        """Whether the note did not pass the check."""
        return self.status == REJECTED or not self.check.passed

    @property
    def term_ids(self) -> tuple[str, ...]:
        """The ids of the nodes that its facts are about, once each."""
        return tuple(dict.fromkeys(term_id for fact in self.facts for term_id in fact.term_ids))

    @property
    def edge_ids(self) -> tuple[str, ...]:
        """The ids of the edges that it was written from, once each."""
        return tuple(dict.fromkeys(fact.edge_id for fact in self.facts if fact.edge_id))

    @property
    def shown(self) -> tuple[str, ...]:
        """The example notes that the model was shown."""
        return tuple(turn.content for turn in self.prompt if turn.role == "assistant")
