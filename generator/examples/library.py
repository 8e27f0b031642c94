"""The example notes as they lie in their files, in two collections for each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from generator.facts import DIAGNOSIS, Fact
from generator.linking.vocabulary import Term
from generator.patient import Patient

SOURCE: Final = "ours, not clinically reviewed"
# The style of the few notes that a small model can follow; they lie in a file of their own.
SIMPLE: Final = "simple"

_CODE = re.compile(r" \(([A-Z]\d\d)\)$")


@dataclass(frozen=True, slots=True)
class Example:
    """A patient, facts by name, and the note that tells them all and nothing else but, if `hidden`, the diagnosis."""

    id: str
    code: str
    kind: str
    length: str
    style: str
    hidden: bool
    patient: Patient
    facts: tuple[Fact, ...]
    text: str

    @property
    def category(self) -> str:
        """The ICD-10 category of its diagnosis."""
        return self.code[:3]

    @property
    def told(self) -> tuple[Fact, ...]:
        """What its text tells."""
        return tuple(fact for fact in self.facts if not (self.hidden and fact.kind == DIAGNOSIS))

    def terms(self) -> Iterator[Term]:
        """Yield what the example names, and the diagnosis that it hides; the graph need not know it."""
        for number, fact in enumerate(self.facts):
            yield Term(f"EXAMPLE:{self.id}-{number}", fact.kind, (_CODE.sub("", fact.name),))


@cache
def shipped_examples(language: str) -> tuple[Example, ...]:
    """Return the few simple examples in one language, in the order of their file."""
    return tuple(_example(item) for item in _items(f"{language}.yaml"))


@cache
def example_notes(language: str) -> tuple[Example, ...]:
    """Return every example in one language: the simple ones, then those of the folder, sorted by file and place."""
    folder = resources.files("generator") / "examples" / "notes" / language
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    noted = (_example(item) for name in names for item in _items(f"notes/{language}/{name}"))
    return (*shipped_examples(language), *noted)


def _items(path: str) -> list[dict[str, Any]]:
    text = resources.files("generator").joinpath("examples", *path.split("/")).read_text(encoding="utf-8")
    # The safe loader in C reads the folder in a tenth of the time.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _example(item: dict[str, Any]) -> Example:
    facts = tuple(
        Fact(id="", kind=kind, name=name, text=name, edge_id=None, terms=())
        for kind, names in item["names"].items()
        for name in names
    )
    (code,) = (found.group(1) for fact in facts if fact.kind == DIAGNOSIS and (found := _CODE.search(fact.name)))
    return Example(
        id=item["id"],
        code=code,
        kind=item.get("kind", "outpatient"),
        length=item.get("length", "short"),
        style=item.get("style", SIMPLE),
        hidden=item.get("hidden", False),
        patient=Patient(**item["patient"]),
        facts=facts,
        text=item["text"],
    )
