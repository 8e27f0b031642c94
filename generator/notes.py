"""From a code to notes: ask, tell the facts, have the model write, check, and write down what came of it."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import orjson

from generator.checking.check import check
from generator.checking.report import CheckReport
from generator.errors import GraphChanged, NothingToTell
from generator.examples import SOURCE, Example, draw_examples
from generator.facts import DIAGNOSIS, Fact, FactSheet, tell
from generator.hiding import without_diagnosis
from generator.jsonl import Row, RowFile
from generator.linking.vocabulary import Term, Vocabulary, is_within, term_of
from generator.linking.words import words_of
from generator.model import Model, Tell
from generator.patient import Patient, draw_patient
from generator.prompt import Message, Prompt, Sampling
from generator.recipe import Recipe
from generator.seeds import derive
from generator.source import Asks
from kg.errors import AmbiguousName
from kg.query import tree
from kg.query.spell import to_text
from kg.subgraph import Subgraph, SubgraphNode

# What is blocked while the model writes. Names of classes and of side effects are everyday words too often.
_BLOCKED_KINDS: Final = frozenset({"Disease", "Symptom", "Drug"})
_ENDS = re.compile(r"[.!?…][»\")\]]*$")
_WHOLE_SENTENCES = re.compile(r".*[.!?…](?=[\s»\")\]]|$)[»\")\]]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Subject:
    """A disease that notes are asked for, by the code that was typed."""

    code: str
    disease: SubgraphNode
    release: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one row is written from: its seed, what was asked and answered, the facts, and the prompt.

    `icd10` is the code that the note may bear: None when the diagnosis is hidden.
    """

    seed: int
    questions: Mapping[str, str]
    answers: Mapping[str, Subgraph]
    sheet: FactSheet
    icd10: str | None
    patient: Patient
    examples: tuple[Example, ...]
    prompt: Prompt
    release: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One text of the model and what the check says of it."""

    number: int
    response: str
    text: str
    report: CheckReport

    def rank(self) -> tuple[int, int, int]:
        """Return what puts the best attempt first: no faults, then most told, then the earliest."""
        return (self.report.faults, len(self.report.not_told), self.number)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. `reused` says that the file was there already, `resumed` how many of its rows were."""

    out: Path
    rows: int
    passed: int
    completed: int
    rejected: int
    facts: int
    told: int
    told_by_model: int
    invented: int
    resumed: int
    reused: bool


Progress = Callable[[int, int, Row], None]
# Hears each piece of a text while it is written, with the number of the attempt it belongs to. Called in the thread
# that writes, so it must be quick.
Hear = Callable[[int, str], None]


async def generate_notes(
    graph: Asks,
    model: Model,
    recipe: Recipe,
    codes: Sequence[str],
    count: int,
    seed: int,
    out: Path,
    vocabulary: Vocabulary | None = None,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> Summary:
    """Write `count` notes for each code to a JSONL file and return what came of it.

    A code is what a question may name a disease by: an ICD-10 code, an id or a name. The same graph, model, recipe,
    codes, count and seed give the same bytes, in one go or resumed. `progress` is called after each row with the rows
    done, the rows in all, and the row. `vocabulary` is read from the graph when it is not given.

    Raises QueryError for a code that the graph does not know, NothingToTell, GraphChanged, ModelError, OutputRefused.
    """
    if not codes or count < 1:
        raise NothingToTell("no note was asked for", hint="Give at least one code and a count of at least 1.")
    subjects = [await find_subject(graph, code) for code in codes]
    release = subjects[0].release
    run = {
        "codes": list(codes),
        "count": count,
        "seed": seed,
        "recipe": f"{recipe.id}@{recipe.version}",
        "recipe_hash": recipe.hash,
        "model": model.name,
        "model_fingerprint": model.fingerprint,
        "graph_release": release,
    }
    total = len(subjects) * count
    with RowFile(out, run, total, overwrite=overwrite) as file:
        resumed = len(file.rows)
        if not file.finished:
            known = vocabulary or Vocabulary.of(await graph.vocabulary())
            for place in range(resumed, total):
                subject, index = subjects[place // count], place % count
                row = await write_note(graph, model, recipe, subject, index, seed, known, place=place)
                if row["graph_release"] != release:
                    raise GraphChanged(
                        f"the graph went from {release} to {row['graph_release']} while notes were being written",
                        place=f"file {out}",
                        hint="Start again with --overwrite: one file tells of one state of the graph.",
                    )
                file.append(row)
                if progress is not None:
                    progress(place + 1, total, row)
            file.finish()
            return _summary(out, file.rows, resumed=resumed, reused=False)
        return _summary(out, file.rows, resumed=resumed, reused=True)


async def find_subject(graph: Asks, code: str) -> Subject:
    """Return the disease behind a code, an id or a name; raises QueryError, and NothingToTell when it is no disease."""
    found = await graph.subgraph(to_text(tree.Path(tree.Root("disease", (code,)))))
    diseases = [node for node in found.answer_nodes() if node.kind == "Disease"]
    if len(diseases) > 1:
        raise AmbiguousName(
            f"{code!r} stands for {len(diseases)} diseases",
            candidates=tuple((node.id, node.name()) for node in diseases),
            hint="Give the id of one: " + ", ".join(f"{node.id} ({node.name()})" for node in diseases[:5]) + ".",
        )
    if not diseases:
        raise NothingToTell(f"the graph has no disease for {code!r}", hint="Look it up with `mkg ask`.")
    return Subject(code, diseases[0], found.release)


async def write_note(
    graph: Asks,
    model: Model,
    recipe: Recipe,
    subject: Subject,
    index: int,
    seed: int,
    vocabulary: Vocabulary,
    hear: Hear | None = None,
    *,
    place: int | None = None,
) -> Row:
    """Return one row: the note, what it was made from, and what the check says of it.

    The row depends on graph, model, recipe, disease, `index` and `seed` alone, and on `place`, its number in the whole
    run (`index` when it is not given): two rows side by side are never shown the same example. A text that does not
    pass is written again with another seed; the best is kept. What it leaves out is then said in plain sentences of
    our own if the recipe says so, and told apart by `completed`. A row that does not pass even so has the status
    `rejected`.

    With `hear` the model's pieces are told while it writes, and the row is the same; what `hear` is told of one
    attempt adds up to what the model wrote, before the check. When the task is cancelled, the model stops within a
    token.
    """
    ready = await prepare(graph, recipe, subject, index, seed, vocabulary, place=place)
    sheet, patient, examples, prompt, options = ready.sheet, ready.patient, ready.examples, ready.prompt, recipe.options
    shown = Vocabulary(_told_apart(examples, sheet))

    def checked(text: str) -> CheckReport:
        return check(
            text, sheet.facts, vocabulary, patient=patient, icd10=ready.icd10, required=options.required, shown=shown
        )

    attempts: list[Attempt] = []
    while len(attempts) < options.attempts and not any(attempt.report.passed for attempt in attempts):
        number = len(attempts)
        attempt_seed = derive(ready.seed, "attempt", number)
        response = await _response(model, prompt, attempt_seed, options.sampling, hear and partial(hear, number))
        text = whole_sentences(response, lines=recipe.keeps_lines)
        attempts.append(Attempt(number, response, text, checked(text)))
    best = min(attempts, key=Attempt.rank)

    text, report, completed = best.text, best.report, ()
    if options.complete and report.not_told and not report.contradicted:
        completed = report.not_told
        text = " ".join([text, *(fact.text for fact in sheet.facts if fact.id in completed)]).strip()
        report = checked(text)
    row: Row = {
        "index": index,
        "icd10": sheet.icd10,
        "disease_id": sheet.disease_id,
        "language": recipe.language,
        "text": text,
        "status": ("completed" if completed else "accepted") if report.passed else "rejected",
        "reason": report.reason(),
        "completed": list(completed),
        "patient": {"age": patient.age, "sex": patient.sex},
        "facts": _facts_in_row(sheet, report),
        "dropped": [fact.text for fact in sheet.dropped],
        "hidden": recipe.hidden,
        "withheld": [{"kind": f.kind, "text": f.text, "edge_id": f.edge_id} for f in sheet.withheld],
        "check": report.as_row(),
        "model_check": best.report.as_row(),
        "question": ready.questions,
        "recipe": f"{recipe.id}@{recipe.version}",
        "recipe_hash": recipe.hash,
        "model": model.name,
        "model_fingerprint": model.fingerprint,
        "seed": ready.seed,
        "attempts": len(attempts),
        "attempt": best.number,
        "prompt": [{"role": message.role, "content": message.content} for message in prompt.messages],
        "prior": _prior(sheet.facts, examples),
        "example": bool(examples),
        "example_ids": [example.id for example in examples],
        "example_source": SOURCE if examples else None,
        "response": best.response,
        "symptoms": [fact.name for fact in sheet.facts if fact.kind == "symptom"],
        "graph_release": ready.release,
    }
    content = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    return {"id": f"NOTE:{hashlib.sha256(content).hexdigest()[:24]}", **row}


async def prepare(
    graph: Asks,
    recipe: Recipe,
    subject: Subject,
    index: int,
    seed: int,
    vocabulary: Vocabulary | None,
    *,
    place: int | None = None,
) -> Prepared:
    """Return what row `index` is written from; without a vocabulary no names are kept from the model."""
    row_seed = derive(seed, index, subject.code, subject.disease.id, recipe.hash)
    questions = recipe.ask(subject.disease.id, row_seed)
    answers = {name: await graph.subgraph(question) for name, question in questions.items()}
    disease = _fullest(subject.disease, answers)
    options = recipe.options
    sheet = tell(
        disease,
        answers,
        language=recipe.language,
        code=subject.code,
        max_facts=options.max_facts,
        token_budget=options.token_budget,
        diagnosis_alone=options.diagnosis_alone,
    )
    code, named = sheet.icd10, term_of(disease)
    if recipe.hidden:
        sheet = without_diagnosis(sheet, named)
    patient = draw_patient(disease, row_seed)
    row = index if place is None else place
    examples = draw_examples(recipe.wish, sheet.facts, run_seed=seed, row=row, code=code, disease=named)
    blocked = _blocked(sheet.facts, vocabulary) if vocabulary is not None and options.block_terms else ()
    prompt = _prompt(recipe, patient, sheet.facts, examples, blocked)
    releases = sorted({answer.release for answer in answers.values()})
    return Prepared(
        seed=row_seed,
        questions=questions,
        answers=answers,
        sheet=sheet,
        icd10=None if recipe.hidden else code,
        patient=patient,
        examples=examples,
        prompt=prompt,
        release=", ".join(releases),
    )


async def _response(model: Model, prompt: Prompt, seed: int, sampling: Sampling, tell: Tell | None) -> str:
    if tell is None:
        (response,) = await asyncio.to_thread(model.generate, [prompt], [seed], sampling)
        return response
    stop = threading.Event()
    try:
        return await asyncio.to_thread(model.stream, prompt, seed, sampling, tell, stop.is_set)
    finally:
        # A task that was cancelled leaves its thread behind; this is how the thread learns of it.
        stop.set()


def whole_sentences(response: str, *, lines: bool = False) -> str:
    """Return the text without a last sentence that the limit of tokens cut off, in one line unless `lines`.

    Where other lines end without a full stop too, the last one is not taken for one that was cut off.
    """
    parts = response.splitlines() if lines else [response]
    text = "\n".join(filter(None, (" ".join(part.split()) for part in parts)))
    found = _WHOLE_SENTENCES.match(text)
    listed = any(not _ENDS.search(line) for line in text.splitlines()[:-1])
    return text if found is None or listed else found.group()


def _fullest(disease: SubgraphNode, answers: Mapping[str, Subgraph]) -> SubgraphNode:
    return next((answer.nodes[disease.id] for answer in answers.values() if disease.id in answer.nodes), disease)


def _prompt(
    recipe: Recipe, patient: Patient, facts: Sequence[Fact], examples: Sequence[Example], blocked: tuple[str, ...]
) -> Prompt:
    turns: list[Message] = []
    for example in examples:
        turns += [recipe.user(example.patient, example.told), Message("assistant", example.text)]
    return Prompt((recipe.system(examples=bool(examples)), *turns, recipe.user(patient, facts)), blocked)


def _told_apart(examples: Sequence[Example], sheet: FactSheet) -> Iterator[Term]:
    """Yield what a note must not name even if the graph's vocabulary lacks it: examples' terms, a hidden diagnosis."""
    for example in examples:
        yield from example.terms()
    for fact in sheet.withheld:
        if fact.kind == DIAGNOSIS:
            yield from fact.terms


def _blocked(facts: Sequence[Fact], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names that the note must not use: all that the graph knows but those within a given name."""
    given = {term.id for fact in facts for term in fact.terms}
    given_names = [name for fact in facts for term in fact.terms for name in term.names]
    given_stems = {word.stem for name in given_names for word in words_of(name)}
    names: dict[str, None] = {}
    for term in vocabulary.terms.values():
        if term.kind not in _BLOCKED_KINDS or term.id in given:
            continue
        for name in term.names:
            stems = [word.stem for word in words_of(name)]
            # The set spares most names the closer look.
            if not (given_stems.issuperset(stems) and is_within(stems, given_names)):
                names[name] = None
    return tuple(names)


def _prior(facts: Sequence[Fact], examples: Sequence[Example]) -> str:
    given = "symptoms" if any(fact.kind == "symptom" for fact in facts) else "code"
    return f"{given} and example" if examples else given


def _facts_in_row(sheet: FactSheet, report: CheckReport) -> list[Row]:
    told = {item.fact_id for item in report.told}
    return [
        {
            "id": f.id,
            "kind": f.kind,
            "text": f.text,
            "edge_id": f.edge_id,
            "evidence_ids": list(f.evidence_ids),
            "term_ids": list(f.term_ids),
            "told": f.id in told,
        }
        for f in sheet.facts
    ]


def _summary(out: Path, rows: Sequence[Row], *, resumed: int, reused: bool) -> Summary:
    return Summary(
        out=out,
        rows=len(rows),
        passed=sum(row["check"]["passed"] for row in rows),
        completed=sum(row["status"] == "completed" for row in rows),
        rejected=sum(row["status"] == "rejected" for row in rows),
        facts=sum(len(row["facts"]) for row in rows),
        told=sum(len(row["check"]["told"]) for row in rows),
        told_by_model=sum(len(row["model_check"]["told"]) for row in rows),
        invented=sum(len(row["check"]["invented"]) for row in rows),
        resumed=resumed,
        reused=reused,
    )
