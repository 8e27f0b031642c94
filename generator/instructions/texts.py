"""Notes that rows are made from: the project's own examples, or those of a data set, joined to the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.examples.library import SOURCE, Example, example_notes
from generator.exports.rows import read_notes
from generator.instructions.net import Net
from generator.patient import Patient
from generator.phrases import ABSENT_SYMPTOM, age_in_words

_CODE: Final = re.compile(r" \([A-Z]\d\d(\.\d+)?\)$")
_KINDS: Final = {"diagnosis": "Disease", "symptom": "Symptom", ABSENT_SYMPTOM: "Symptom", "drug": "Drug"}
_SEXES: Final = {
    "en": {"male": "male", "female": "female"},
    "ru": {"male": "мужской пол", "female": "женский пол"},
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a note was written to tell: the kind of fact, its name, and the node if the graph has one."""

    kind: str
    name: str
    node: str | None


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note; `hidden` says that it does not name its diagnosis, `source` whose it is."""

    id: str
    language: str
    text: str
    disease: str
    patient: Patient
    named: tuple[Named, ...]
    hidden: bool
    source: str

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of the facts of a kind, in order."""
        return tuple(one.name for one in self.named if one.kind == kind)

    def nodes(self, kind: str) -> tuple[str, ...]:
        """Return the ids of those that the graph knows."""
        return tuple(dict.fromkeys(one.node for one in self.named if one.kind == kind and one.node))

    def person(self) -> str:
        """Return age and sex in words."""
        age = f"{self.patient.age} years" if self.language == "en" else age_in_words(self.patient.age, "ru")
        return f"{_SEXES[self.language][self.patient.sex]}, {age}"


def note_texts(net: Net, languages: Iterable[str], rows: Path | None = None) -> tuple[NoteText, ...]:
    """Return the example notes, and those of a data set that passed the check, whose diagnosis the graph knows.

    Raises RowsInvalid for a file that is no data set of notes.
    """
    wanted = tuple(languages)
    found = list(_examples(net, wanted))
    if rows is not None:
        found += _rows(net, wanted, rows)
    return tuple(found)


def _examples(net: Net, languages: tuple[str, ...]) -> Iterator[NoteText]:
    for language in languages:
        for example in example_notes(language):
            named = tuple(_named(net, fact.kind, fact.name) for fact in example.facts)
            disease = next((one.node for one in named if one.kind == "diagnosis" and one.node), None)
            disease = disease or _by_code(net, example)
            if disease is not None:
                yield NoteText(
                    example.id, language, example.text, disease, example.patient, named, example.hidden, SOURCE
                )


def _rows(net: Net, languages: tuple[str, ...], rows: Path) -> Iterator[NoteText]:
    for note in read_notes(rows):
        if note.rejected or note.language not in languages or note.disease_id not in net.nodes:
            continue
        named = tuple(
            Named(fact.kind, net.name(fact.term_ids[0], note.language) or fact.text, fact.term_ids[0])
            for fact in note.facts
            if fact.told and len(fact.term_ids) == 1 and fact.term_ids[0] in net.nodes
        )
        told = any(one.kind == "diagnosis" for one in named)
        person = Patient(note.patient.age, note.patient.sex)
        yield NoteText(
            note.id, note.language, note.text, note.disease_id, person, named, not told, f"data set, model {note.model}"
        )


def _named(net: Net, kind: str, name: str) -> Named:
    plain = _CODE.sub("", name)
    return Named(kind, plain, net.named(_KINDS[kind], plain) if kind in _KINDS else None)


def _by_code(net: Net, example: Example) -> str | None:
    found = net.next(f"ICD10:{example.category}", "diseases")
    return found[0] if len(found) == 1 else None
