"""The notes labelled by hand: their text, the marked places, and how well a linker finds them."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from generator.linking.links import link
from generator.linking.vocabulary import Term, Vocabulary

FOLDER = Path(__file__).with_name("labelled")
LANGUAGES = ("en", "ru")
HALVES = ("development", "held out")
STATUSES = ("affirmed", "negated", "history", "family", "hypothetical")
TABLES = {
    "Disease": "diseases",
    "Symptom": "symptoms",
    "Drug": "drugs",
    "DrugClass": "drug_classes",
    "SideEffect": "side_effects",
}
_MARK = re.compile(r"\[\[([^\]|]+)((?:\|[^\]|]+)*)\]\]")


@dataclass(frozen=True, slots=True)
class Label:
    """A marked place: characters (end excluded), what stands there, the name it is a name of, and its status."""

    start: int
    end: int
    said: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class LabelledNote:
    """A note without its marks, and the marks in order."""

    id: str
    text: str
    labels: tuple[Label, ...]

    @property
    def half(self) -> str:
        """Which half the note is in, by a hash of its id."""
        return HALVES[hashlib.sha256(self.id.encode()).digest()[0] % 2]


@cache
def core_rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of the core graph."""
    with (resources.files("kg.core") / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def core_names() -> dict[str, frozenset[str]]:
    """The ids that bear a name or synonym, by the name in lower case."""
    found: dict[str, set[str]] = {}
    for table in TABLES.values():
        for row in core_rows(table):
            for name in names_in(row):
                found.setdefault(name.casefold(), set()).add(row["id"])
    return {name: frozenset(ids) for name, ids in found.items()}


def names_in(row: dict[str, str]) -> list[str]:
    """The names and synonyms of a row in both languages."""
    synonyms = [*(row.get("synonyms_en") or "").split(";"), *(row.get("synonyms_ru") or "").split(";")]
    return list(filter(None, (row["name_en"], row["name_ru"], *synonyms)))


@cache
def labelled(language: str) -> tuple[LabelledNote, ...]:
    """The labelled notes in one language."""
    content = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return tuple(parsed(note_id, text) for note_id, text in content.items())


def parsed(note_id: str, marked: str) -> LabelledNote:
    """Return the note that a marked text stands for."""
    text, labels, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        labels.append(_label(len(text), match.group(1), match.group(2).split("|")[1:]))
        text += match.group(1)
        at = match.end()
    return LabelledNote(note_id, text + marked[at:], tuple(labels))


def _label(start: int, said: str, rest: list[str]) -> Label:
    status = rest.pop() if rest and rest[-1] in STATUSES else "affirmed"
    (name,) = rest or [said]
    return Label(start, start + len(said), said, name, status)


def faults(note: LabelledNote) -> Iterator[str]:
    """What is wrong with the marks of a note."""
    if "[" in note.text or "|" in note.text:
        yield "a mark that cannot be read"
    for label in note.labels:
        if label.name.casefold() not in core_names():
            yield f"no name of the core graph: {label.name}"


@dataclass(frozen=True, slots=True)
class Score:
    """How well places were found and their status was told; `misses` has what was not, in words."""

    right: int
    false: int
    missed: int
    status_right: int
    misses: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of the found places that are marked, with the right term."""
        return self.right / (self.right + self.false)

    @property
    def recall(self) -> float:
        """The share of the marked places that were found, with the right term."""
        return self.right / (self.right + self.missed)

    @property
    def status(self) -> float:
        """The share of the rightly found places whose status is right."""
        return self.status_right / self.right


def core_vocabulary() -> Vocabulary:
    """The vocabulary of the core graph."""
    return Vocabulary(
        Term(row["id"], kind, tuple(names_in(row))) for kind, table in TABLES.items() for row in core_rows(table)
    )


def scored(notes: Iterable[LabelledNote], vocabulary: Vocabulary) -> Score:
    """Compare what the linker finds with the marks: the same characters and a term that the mark stands for."""
    right = false = missed = status_right = 0
    misses: list[str] = []
    for note in notes:
        found = {(place.start, place.end): place for place in link(note.text, vocabulary)}
        for label in note.labels:
            place = found.get((label.start, label.end))
            if place is None or core_names()[label.name.casefold()].isdisjoint(place.term_ids):
                missed += 1
                misses.append(f"{note.id}: missed {label.said!r}")
                continue
            del found[label.start, label.end]
            right += 1
            status_right += place.status == label.status
            if place.status != label.status:
                misses.append(f"{note.id}: {label.said!r} is {label.status}, not {place.status.value}")
        false += len(found)
        misses += [f"{note.id}: {place.said!r} is not {' or '.join(place.term_ids)}" for place in found.values()]
    return Score(right, false, missed, status_right, tuple(misses))
