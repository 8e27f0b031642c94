"""Rows whose answer is a note, or the end of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from generator.instructions.case import Case, case
from generator.instructions.net import Net
from generator.instructions.texts import NoteText
from kg.query.build import Question, ask

CUTS: Final = (2, 3, 4)  # the note is given up to 1/2, 1/3, 1/4 of its words


def note_from_symptoms(net: Net, seed: int, notes: Sequence[NoteText]) -> Iterator[Case]:
    """Symptoms, sex and age, and the note that tells them."""
    del seed
    for note in notes:
        symptoms = note.names("symptom")
        if symptoms:
            slots = {"symptoms": ", ".join(symptoms), "person": note.person(), "note": note.text}
            yield _case(net, "note_from_symptoms", note, standing(note), slots)


def note_from_diagnosis(net: Net, seed: int, notes: Sequence[NoteText]) -> Iterator[Case]:
    """A diagnosis, sex and age, and a note; one that hides its diagnosis is no answer to that."""
    del seed
    for note in notes:
        diagnosis = note.names("diagnosis")
        if diagnosis and not note.hidden:
            slots = {"diagnosis": diagnosis[0], "person": note.person(), "note": note.text}
            yield _case(net, "note_from_diagnosis", note, standing(note), slots)


def continue_note(net: Net, seed: int, notes: Sequence[NoteText]) -> Iterator[Case]:
    """The beginning of a note, and the rest of it, every character of it in one of the two."""
    del seed
    for note in notes:
        for cut in CUTS:
            given, rest = halves(note.text, cut)
            if given and rest:
                yield _case(
                    net, "continue_note", note, standing(note), {"given": given, "rest": rest}, f"1/{cut}", f"1/{cut}"
                )


def halves(text: str, cut: int) -> tuple[str, str]:
    """Return the first `1/cut` of a text's words and the rest; white space between the two is in neither."""
    words = text.split()
    at, seen = 0, len(words) // cut
    for word in words[:seen]:
        at = text.index(word, at) + len(word)
    return text[:at].strip(), text[at:].strip()


def standing(note: NoteText) -> tuple[Question, ...]:
    """Return the questions whose answers are what the note tells and the graph knows of its disease."""
    disease = ask("disease", note.disease)
    asked = [
        disease.step(role) & ask(kind, *note.nodes(fact))
        for fact, role, kind in (("symptom", "symptoms", "symptom"), ("drug", "drugs", "drug"))
        if note.nodes(fact)
    ]
    return tuple(asked) or (disease,)


def _case(
    net: Net,
    builder: str,
    note: NoteText,
    questions: tuple[Question, ...],
    slots: dict[str, str],
    key: str = "",
    label: str | None = None,
) -> Case:
    return case(
        net, builder, note.disease, questions, slots,
        key=f"{note.id} {key}", label=label, stratum=label or "", languages=(note.language,), source=note.source,
    )  # fmt: skip
