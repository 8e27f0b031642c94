"""Linking a note of 200 words to the core graph's vocabulary and to one of 50,000 names."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

import yaml

from bench.figures import Figure, Section, spread
from generator.linking.inflection import stem_of
from generator.linking.links import link
from generator.linking.vocabulary import Term, Vocabulary

WORDS: Final = 200
NAMES: Final = 50_000
ROUNDS: Final = 3
_TABLES: Final = {
    "Disease": "diseases",
    "Symptom": "symptoms",
    "Drug": "drugs",
    "DrugClass": "drug_classes",
    "SideEffect": "side_effects",
}
_NOTES: Final = tuple(f"{language}/{kind}.yaml" for language in ("en", "ru") for kind in ("outpatient", "discharge"))


def measure() -> Section:
    """Link the shipped example notes, cut to 200 words each; words seen for the first time and again are told apart.

    Times are those of the processor, since it may be shared.
    """
    notes = _notes()
    figures: list[Figure] = []
    for what, terms in (("core graph", core_terms()), ("50,000 names", [*core_terms(), *_invented(NAMES)])):
        vocabulary = Vocabulary(terms)
        names = sum(len(term.names) for term in terms)
        begun = time.thread_time()
        link("feaver", vocabulary)
        figures.append(Figure(f"{what}: index made", time.thread_time() - begun, "s", f"{names:,} names, once"))
        stem_of.cache_clear()
        figures += spread(f"{what}: {WORDS} words, first time", _times(notes, vocabulary), "words not seen before")
        again = [seconds for _ in range(ROUNDS) for seconds in _times(notes, vocabulary)]
        figures += spread(f"{what}: {WORDS} words, words seen before", again, f"{len(notes)} notes, {ROUNDS} times")
    return Section("Linking notes to the graph", tuple(figures))


def core_terms() -> list[Term]:
    """Return the terms of the core graph."""
    found: list[Term] = []
    for kind, table in _TABLES.items():
        lines = (resources.files("kg.core") / f"{table}.csv").read_text(encoding="utf-8").splitlines()
        found += (Term(row["id"], kind, tuple(_names(row))) for row in csv.DictReader(lines))
    return found


def _names(row: dict[str, str]) -> Iterator[str]:
    for column in ("name_en", "name_ru", "synonyms_en", "synonyms_ru"):
        yield from filter(None, (row.get(column) or "").split(";"))


def _invented(count: int) -> Iterator[Term]:
    """Yield names of one to four words, each of two to five syllables, as many words as a large ontology has."""
    draw = random.Random(7)
    syllables = [first + vowel + last for first in "bcdfglmnprstv" for vowel in "aeiou" for last in ("", "n", "r", "s")]
    words = ["".join(draw.choices(syllables, k=draw.randint(2, 5))) for _ in range(count // 2)]
    for number in range(count):
        yield Term(f"X:{number}", "Disease", (" ".join(draw.choices(words, k=draw.randint(1, 4))),))


def _notes() -> list[str]:
    """Return the example notes' words in texts of 200."""
    texts: list[str] = []
    for path in _NOTES:
        content: list[dict[str, Any]] = yaml.safe_load(
            (resources.files("generator") / "examples" / "notes" / path).read_text(encoding="utf-8")
        )
        words = " ".join(str(note["text"]) for note in content).split(" ")
        texts += (" ".join(words[at : at + WORDS]) for at in range(0, len(words) - WORDS, WORDS))
    return texts


def _times(notes: list[str], vocabulary: Vocabulary) -> list[float]:
    found: list[float] = []
    for note in notes:
        begun = time.thread_time()
        link(note, vocabulary)
        found.append(time.thread_time() - begun)
    return found
