"""What the default adapter is good for: notes of codes that it learned from and of codes that it never saw."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.figures import Figure, Section
from generator.checking.check import check
from generator.checking.report import CheckReport
from generator.details import deal_details
from generator.examples import draw_examples
from generator.facts import Fact
from generator.linking.vocabulary import Vocabulary, term_of
from generator.models.adapters import read_adapter, shipped_adapter
from generator.models.local import LocalModel
from generator.models.weights import BUILT_IN, find_weights
from generator.notes import whole_sentences
from generator.notes.names import blocked_names, to_name
from generator.patient import Patient, draw_patient
from generator.prompt import Message, Prompt
from generator.recipe import Recipe, find_recipe
from generator.report.copied import Examples, shipped_texts
from generator.report.diversity import distinct, self_bleu, tokens
from generator.seeds import derive
from kg.settings import load_settings
from training.core import Illness, illnesses, vocabulary
from training.data import make
from training.default import CONVERSATIONS, QUESTIONS, SEED
from training.facts import facts_of, learned
from training.held_out import held_out

# The default recipe as it is, the same without its examples, and the default recipe in Russian, which is not learned.
RECIPES: Final = (("outpatient-en", 1.0), ("outpatient-en+bare", 1.0), ("outpatient-ru", 0.2))
_SEED: Final = 5
_WIDTH: Final = 8


@dataclass(frozen=True, slots=True)
class _Case:
    """A row of a recipe, made from the core graph's own tables."""

    code: str
    patient: Patient
    facts: tuple[Fact, ...]
    shown: Vocabulary
    prompt: Prompt
    seed: int


@dataclass(frozen=True, slots=True)
class _Note:
    case: _Case
    text: str
    report: CheckReport


def measure(number: int, adapter: Path | None) -> Section:
    """Write `number` notes of each side with every recipe, untuned and tuned; the adapter is the shipped one or given.

    One text is written for each note, names not given are blocked as the recipe says, and nothing is mended.
    """
    cache = load_settings().cache_dir
    weights = find_weights(BUILT_IN, cache)
    tuned = read_adapter(adapter) if adapter else shipped_adapter(weights)
    if tuned is None:
        raise LookupError(f"no adapter is shipped for {BUILT_IN}; give one with --adapter")
    known = Examples([*shipped_texts(), *make(CONVERSATIONS, QUESTIONS, SEED).notes])
    figures: list[Figure] = []
    for name, which in (("untuned", None), ("tuned", tuned)):
        model = LocalModel(weights, cache, threads=2, width=_WIDTH, adapter=which)
        for recipe_name, share in RECIPES:
            recipe = find_recipe(recipe_name)
            sides = {
                side: _notes(model, recipe, _cases(recipe, side, max(1, round(number * share))))
                for side in ("seen", "held-out")
            }
            figures += _figures(f"{recipe_name}, {name}", sides, known)
    return Section("The default adapter, on codes that it learned from and on codes held out", tuple(figures))


def _cases(recipe: Recipe, side: str, number: int) -> list[_Case]:
    """Return rows about the codes of a side in turns, each with facts, patient and examples of its own."""
    known: Sequence[Illness] = (
        learned() if side == "seen" else [one for one in illnesses() if one.code in held_out().codes]
    )
    order = sorted(known, key=lambda one: (derive(_SEED, side, one.node.id), one.node.id))
    found: list[_Case] = []
    for row in range(number):
        illness = order[row % len(order)]
        seed = derive(_SEED, recipe.hash, side, row)
        patient = draw_patient(illness.node, seed)
        facts = facts_of(recipe, illness, patient.sex, random.Random(seed), held=True)
        disease = term_of(illness.node)
        examples = draw_examples(recipe.wish, facts, run_seed=_SEED, row=row, code=illness.code, disease=disease)
        turns: list[Message] = [recipe.system(examples=bool(examples))]
        for example in examples:
            turns += [recipe.user(example.patient, example.told), Message("assistant", example.text)]
        kind, wanted = recipe.front.kind, recipe.options.details
        details = deal_details(recipe.language, wanted, patient, kind, run_seed=_SEED, row=row)
        prompt = Prompt(
            (*turns, recipe.user(patient, facts, details)),
            blocked_names(facts, vocabulary()),
            given=tuple(to_name(facts)),
        )
        shown = Vocabulary(term for example in examples for term in example.terms())
        found.append(_Case(illness.code, patient, tuple(facts), shown, prompt, seed))
    return found


def _notes(model: LocalModel, recipe: Recipe, cases: Sequence[_Case]) -> tuple[list[_Note], float]:
    """Return a note for each case, and the seconds that writing took."""
    begun = time.perf_counter()
    responses = model.generate([case.prompt for case in cases], [case.seed for case in cases], recipe.options.sampling)
    seconds = time.perf_counter() - begun
    notes: list[_Note] = []
    for case, response in zip(cases, responses, strict=True):
        text = whole_sentences(response, lines=recipe.keeps_lines)
        report = check(text, case.facts, vocabulary(), patient=case.patient, icd10=case.code, shown=case.shown)
        notes.append(_Note(case, text, report))
    return notes, seconds


def _figures(name: str, sides: dict[str, tuple[list[_Note], float]], known: Examples) -> Iterator[Figure]:
    for side, (notes, seconds) in sides.items():
        head, many = f"{name}, {side}", f"{len(notes)} notes"
        yield Figure(f"{head}: symptom recall", _recall(notes, "symptom"), "share", many)
        yield Figure(f"{head}: drug recall", _recall(notes, "drug"), "share", many)
        yield Figure(f"{head}: diagnosis told", _recall(notes, "diagnosis"), "share", many)
        invented = sum(bool(note.report.invented) for note in notes)
        yield Figure(f"{head}: notes with something invented", invented / len(notes), "share", many)
        accepted = sum(note.report.passed for note in notes)
        yield Figure(f"{head}: accepted at the first try", accepted / len(notes), "share", f"{many}, all facts told")
        yield Figure(f"{head}: time", seconds / len(notes), "s/note", f"{_WIDTH} at a time, loading included")
    texts = [note.text for notes, _ in sides.values() for note in notes]
    said = [tokens(text) for text in texts]
    yield Figure(f"{name}: self-BLEU-4", self_bleu(said) or 0.0, "0-100", f"{len(texts)} notes, both sides")
    yield Figure(f"{name}: distinct-2", distinct(said, 2) or 0.0, "share", f"{len(texts)} notes, both sides")
    copied = sum(bool(known.copied(text)) for text in texts)
    yield Figure(f"{name}: notes with 12 words in a row of a note learned or shown", copied, "notes", "")
    yield Figure(f"{name}: words", sum(len(text.split()) for text in texts) / len(texts), "words", "mean")


def _recall(notes: Sequence[_Note], kind: str) -> float:
    """Return the share of given facts of a kind that were told."""
    given = told = 0
    for note in notes:
        said = {one.fact_id for one in note.report.told}
        for fact in note.case.facts:
            if fact.kind == kind:
                given += 1
                told += fact.id in said
    return told / given if given else 0.0
