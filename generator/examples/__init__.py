"""Example notes that show a model the style: ours, not clinically reviewed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from generator.facts import Fact
from generator.patient import Patient
from generator.seeds import derive
from generator.terms import Term

_CODE = re.compile(r" \([A-Z]\d\d\)$")

SOURCE = "ours, not clinically reviewed"


@dataclass(frozen=True, slots=True)
class Example:
    """A patient, facts by name, and the note that tells them all and nothing else."""

    id: str
    patient: Patient
    facts: tuple[Fact, ...]
    text: str

    def terms(self) -> Iterator[Term]:
        """Yield what the example names; the graph need not know it."""
        for number, fact in enumerate(self.facts):
            yield Term(f"EXAMPLE:{self.id}-{number}", fact.kind, (_CODE.sub("", fact.name),))


@cache
def shipped_examples(language: str) -> tuple[Example, ...]:
    """Return the examples in one language, in the order of their file."""
    content = (resources.files("generator") / "examples" / f"{language}.yaml").read_text(encoding="utf-8")
    return tuple(_example(item) for item in yaml.safe_load(content))


def draw_examples(
    language: str, count: int, seed: int, facts: Sequence[Fact], *, not_about: str
) -> tuple[Example, ...]:
    """Return up to `count` examples, the best match last; none whose diagnosis bears the code or name `not_about`.

    Those come first into question that have as many facts of each kind as the note shall tell, for a small model
    follows the shape of its examples and leaves out what they have no place for. The seed draws among equals.
    """
    wanted = Counter(fact.kind for fact in facts)
    fitting = [
        example
        for example in shipped_examples(language)
        if not_about.casefold()
        not in " ".join(fact.name for fact in example.facts if fact.kind == "diagnosis").casefold()
    ]
    fitting.sort(key=lambda example: (_distance(example, wanted), derive(seed, "example", example.id), example.id))
    return tuple(reversed(fitting[:count]))


def _distance(example: Example, wanted: Counter[str]) -> int:
    shown = Counter(fact.kind for fact in example.facts)
    return sum(abs(shown[kind] - wanted[kind]) for kind in shown | wanted)


def _example(item: dict[str, Any]) -> Example:
    facts = tuple(
        Fact(id="", kind=kind, name=name, text=name, edge_id=None, terms=())
        for kind, names in item["names"].items()
        for name in names
    )
    return Example(item["id"], Patient(**item["patient"]), facts, item["text"])
