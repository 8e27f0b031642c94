"""The columns of a table of notes: name, type, meaning and where the value comes from, told once for every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from generator.examples import SOURCE
from generator.exports.note import Note

# `strings` is a list of texts; `facts` and `turns` are lists of what FACT and TURN name.
Kind = Literal["string", "int", "float", "bool", "strings", "facts", "turns"]

FACT: Final = ("id", "kind", "text", "edge_id", "evidence_ids", "term_ids", "told", "start", "end")
TURN: Final = ("role", "content")

MASKED: Final = "[example not shown: its source is private]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `value` is given the note or task and its number among those written, counted from 0."""

    name: str
    kind: Kind
    about: str
    value: Callable[[Any, int], Any]


def told_share(note: Note, kind: str) -> float | None:
    """Return which share of the facts of a kind the note tells, or None when it was given none."""
    told = [fact.told for fact in note.facts if fact.kind == kind]
    return sum(told) / len(told) if told else None


def example_source(note: Note) -> str | None:
    """Return `open` for examples of this project, `private` for those of somebody else, None without any."""
    if not note.example:
        return None
    return "open" if note.example_source == SOURCE else "private"


def prompt_text(note: Note) -> str:
    """Return the whole prompt as one text, the examples in it masked when they are private."""
    masked = example_source(note) == "private"
    turns = [MASKED if masked and turn.role == "assistant" else turn.content for turn in note.prompt]
    return "\n\n".join(turns)


def _example(note: Note) -> str | None:
    if not note.example:
        return None
    return MASKED if example_source(note) == "private" else "\n\n".join(note.shown)


def _facts(note: Note) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for fact in note.facts:
        start, end = note.check.spans.get(fact.id, (None, None))
        values = (fact.id, fact.kind, fact.text, fact.edge_id, list(fact.evidence_ids), list(fact.term_ids), fact.told)
        rows.append(dict(zip(FACT, (*values, start, end), strict=True)))
    return rows


def _turns(note: Note) -> list[dict[str, str]]:
    masked = example_source(note) == "private"
    return [
        {"role": turn.role, "content": MASKED if masked and turn.role == "assistant" else turn.content}
        for turn in note.prompt
    ]


def _questions(note: Note) -> str:
    return orjson.dumps(note.question).decode()


# A data set of this project.
FLAT: Final[tuple[Column, ...]] = (
    Column("id", "string", "The row, from its content.", lambda note, _: note.id),
    Column("icd10", "string", "ICD-10 code of the diagnosis.", lambda note, _: note.icd10),
    Column("disease_id", "string", "Node of the diagnosis in the graph.", lambda note, _: note.disease_id),
    Column("language", "string", "Language of the text.", lambda note, _: note.language),
    Column("text", "string", "The note.", lambda note, _: note.text),
    Column("status", "string", "accepted, repaired, completed or rejected.", lambda note, _: note.status),
    Column("step", "string", "first, retry, repair, completed or rejected.", lambda note, _: note.step),
    Column("reason", "string", "Why it was rejected.", lambda note, _: note.reason),
    Column("age", "int", "Age of the patient, in years.", lambda note, _: note.patient.age),
    Column("sex", "string", "Sex of the patient.", lambda note, _: note.patient.sex),
    Column("symptoms", "strings", "Names of the symptoms that were given.", lambda note, _: list(note.symptoms)),
    Column("facts", "facts", "Facts given; start and end are where the text tells it.", lambda note, _: _facts(note)),
    Column(
        "details",
        "strings",
        "Circumstances given beside the facts, from a list of the project's.",
        lambda note, _: [detail.text for detail in note.details],
    ),
    Column("told", "int", "Facts told.", lambda note, _: len(note.check.told)),
    Column("missed", "int", "Facts left out.", lambda note, _: len(note.check.missed)),
    Column("contradicted", "int", "Facts denied.", lambda note, _: len(note.check.contradicted)),
    Column("invented", "int", "Terms of the graph that were not given.", lambda note, _: len(note.check.invented)),
    Column("term_ids", "strings", "Nodes of the subgraph.", lambda note, _: list(note.term_ids)),
    Column("edge_ids", "strings", "Edges of the subgraph.", lambda note, _: list(note.edge_ids)),
    Column("questions", "string", "Questions to the graph, as JSON.", lambda note, _: _questions(note)),
    Column("graph_release", "string", "Change set the graph stood at.", lambda note, _: note.graph_release),
    Column("prompt", "turns", "What the model was given.", lambda note, _: _turns(note)),
    Column("response", "string", "What the model wrote, before the check.", lambda note, _: note.response),
    Column("recipe", "string", "Recipe and its version.", lambda note, _: note.recipe),
    Column("recipe_hash", "string", "SHA-256 of the recipe.", lambda note, _: note.recipe_hash),
    Column("model", "string", "Name of the model.", lambda note, _: note.model),
    Column("model_fingerprint", "string", "Hash of the model.", lambda note, _: note.model_fingerprint),
    Column("seed", "int", "Seed of the row.", lambda note, _: note.seed),
)

# The columns of MedSyn's released data set under the names of its data card, then what leads back to the graph.
MEDSYN: Final[tuple[Column, ...]] = (
    Column("idx", "int", "Number of the record.", lambda _, number: number),
    Column("ICD-10", "string", "ICD-10 code.", lambda note, _: note.icd10),
    Column("generation_model", "string", "Name of the model.", lambda note, _: note.model),
    Column("prompt", "string", "The whole prompt.", lambda note, _: prompt_text(note)),
    Column("prior", "string", "What was given: symptoms or code, with example or not.", lambda note, _: note.prior),
    Column("example", "bool", "Whether an example note was shown.", lambda note, _: note.example),
    Column("example_source", "string", "open or private.", lambda note, _: example_source(note)),
    Column("response", "string", "What the model wrote.", lambda note, _: note.response),
    Column("symptoms", "string", "Symptoms given.", lambda note, _: ", ".join(note.symptoms)),
    Column("anamnesis", "string", "The example notes shown; private ones are masked.", lambda note, _: _example(note)),
    Column(
        "symptoms_recall",
        "float",
        "Score of a second judge: symptoms in the response.",
        lambda note, _: note.scores.get("symptoms_recall"),
    ),
    Column(
        "anamnesis_precision",
        "float",
        "Score of a second judge: the response against the example.",
        lambda note, _: note.scores.get("anamnesis_precision"),
    ),
    Column("text", "string", "The note that was kept.", lambda note, _: note.text),
    Column("status", "string", "accepted, repaired, completed or rejected.", lambda note, _: note.status),
    Column(
        "symptoms_told", "float", "Share of the symptoms that it tells.", lambda note, _: told_share(note, "symptom")
    ),
    Column("row_id", "string", "The row, from its content.", lambda note, _: note.id),
    Column("disease_id", "string", "Node of the diagnosis.", lambda note, _: note.disease_id),
    Column("term_ids", "strings", "Nodes of the subgraph.", lambda note, _: list(note.term_ids)),
    Column("edge_ids", "strings", "Edges of the subgraph.", lambda note, _: list(note.edge_ids)),
    Column("questions", "string", "Questions to the graph, as JSON.", lambda note, _: _questions(note)),
    Column("graph_release", "string", "Change set the graph stood at.", lambda note, _: note.graph_release),
)
