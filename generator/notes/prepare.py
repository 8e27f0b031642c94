"""What a row is written from: questions and their answers, facts, patient, examples and the prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.details import Circumstance, deal_details
from generator.examples import Example, draw_examples
from generator.facts import Fact, FactSheet, tell
from generator.hiding import without_diagnosis
from generator.linking.vocabulary import Vocabulary, term_of
from generator.notes.names import blocked_names, misplaced, to_name
from generator.notes.subject import Subject
from generator.patient import Patient, draw_patient
from generator.prompt import Message, Prompt
from generator.recipe import Recipe
from generator.seeds import derive
from generator.source import Asks
from kg.subgraph import Subgraph, SubgraphNode


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one row is written from: its recipe and seed, what was asked and answered, the facts, and the prompt.

    `icd10` is the code that the note may bear: None when the diagnosis is hidden. `patient_id` is that of the row of
    `mkg generate patients` that the note is about, if it is about one.
    """

    recipe: Recipe
    seed: int
    questions: Mapping[str, str]
    answers: Mapping[str, Subgraph]
    sheet: FactSheet
    icd10: str | None
    patient: Patient
    examples: tuple[Example, ...]
    details: tuple[Circumstance, ...]
    prompt: Prompt
    release: str
    patient_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The questions of a row, and what the graph answered."""

    seed: int
    questions: Mapping[str, str]
    answers: Mapping[str, Subgraph]


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
    answered = await ask(graph, recipe, subject, index, seed)
    return ready(recipe, subject, answered, seed, index if place is None else place, vocabulary)


async def ask(graph: Asks, recipe: Recipe, subject: Subject, index: int, seed: int) -> Answered:
    """Ask the questions of row `index`, all at once."""
    row_seed = derive(seed, index, subject.code, subject.disease.id, recipe.hash)
    questions = recipe.ask(subject.disease.id, row_seed)
    found = await asyncio.gather(*(graph.subgraph(question) for question in questions.values()))
    return Answered(row_seed, questions, dict(zip(questions, found, strict=True)))


def ready(
    recipe: Recipe, subject: Subject, answered: Answered, run_seed: int, place: int, vocabulary: Vocabulary | None
) -> Prepared:
    """Return what a row is written from, once the graph has answered; asks nobody."""
    answers = answered.answers
    disease = _fullest(subject.disease, answers)
    options = recipe.options
    sheet = tell(
        disease,
        answers,
        naming=recipe.naming(answered.seed),
        code=subject.code,
        max_facts=options.max_facts,
        token_budget=options.token_budget,
        diagnosis_alone=options.diagnosis_alone,
    )
    releases = sorted({answer.release for answer in answers.values()})
    return worded(
        recipe,
        disease,
        sheet,
        draw_patient(disease, answered.seed),
        answered,
        release=", ".join(releases),
        run_seed=run_seed,
        place=place,
        vocabulary=vocabulary,
    )


def worded(
    recipe: Recipe,
    disease: SubgraphNode,
    sheet: FactSheet,
    patient: Patient,
    answered: Answered,
    *,
    release: str,
    run_seed: int,
    place: int,
    vocabulary: Vocabulary | None,
    patient_id: str | None = None,
) -> Prepared:
    """Return what a row is written from: the diagnosis hidden if the recipe says so, examples drawn, prompt worded."""
    code, named = sheet.icd10, term_of(disease)
    if recipe.hidden:
        sheet = without_diagnosis(sheet, named)
    examples = draw_examples(recipe.wish, sheet.facts, run_seed=run_seed, row=place, code=code, disease=named)
    kind, wanted = recipe.front.kind, recipe.options.details
    details = deal_details(recipe.language, wanted, patient, kind, run_seed=run_seed, row=place)
    blocked: tuple[str, ...] = ()
    if vocabulary is not None and recipe.options.block_terms:
        blocked = (*blocked_names(sheet.facts, vocabulary), *misplaced(details, recipe.language))
    return Prepared(
        recipe=recipe,
        seed=answered.seed,
        questions=answered.questions,
        answers=answered.answers,
        sheet=sheet,
        icd10=None if recipe.hidden else code,
        patient=patient,
        examples=examples,
        details=details,
        prompt=_prompt(recipe, patient, sheet.facts, details, examples, blocked),
        release=release,
        patient_id=patient_id,
    )


def _fullest(disease: SubgraphNode, answers: Mapping[str, Subgraph]) -> SubgraphNode:
    return next((answer.nodes[disease.id] for answer in answers.values() if disease.id in answer.nodes), disease)


def _prompt(
    recipe: Recipe,
    patient: Patient,
    facts: Sequence[Fact],
    details: Sequence[Circumstance],
    examples: Sequence[Example],
    blocked: tuple[str, ...],
) -> Prompt:
    turns: list[Message] = []
    for example in examples:
        turns += [recipe.user(example.patient, example.told), Message("assistant", example.text)]
    messages = (recipe.system(examples=bool(examples)), *turns, recipe.user(patient, facts, details))
    return Prompt(messages, blocked, given=tuple(to_name(facts)))
