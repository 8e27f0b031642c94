"""Sentences that follow from a sentence of a note, contradict it, or are left open by the whole note (MedSyn's NLI)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.checking.form import sentences_of
from generator.instructions.case import Case, Slot, Words, case
from generator.instructions.near import Near, near_of
from generator.instructions.net import Net
from generator.instructions.texts import NoteText
from generator.instructions.wordings import Wordings
from generator.linking.links import Link, link
from generator.linking.status import Status
from generator.linking.vocabulary import Term, Vocabulary, term_of
from generator.linking.words import words_of
from generator.patients.limits import opposed
from generator.phrases import ABSENT_SYMPTOM, age_in_words
from generator.seeds import between
from kg.query.build import ask

LABELS: Final[tuple[str, ...]] = ("entailment", "contradiction", "neutral")
SHORTEST: Final = 3  # tokens of a sentence
LONGEST: Final = 153
_TELLING: Final = 4  # letters of a stem that says what is meant

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HABIT: Final = re.compile(
    r"\b(?:smok|tobacco|cigar|alcohol|drinks?\b|drug use|кур(?:ит|ен|ил|ящ)|табак|сигар|алкогол|спиртн)", re.I
)
# What is only feared, advised or a condition is said of nobody.
_UNSURE: Final = re.compile(
    r"\b(?:may|might|could|if|should|would|unless|in case|in the event|risk|"
    r"если|может|могут|мог|при появлении|в случае|риск\w*|при усилении|при ухудшении)\b",
    re.IGNORECASE,
)
# A note that says there is nothing else leaves nothing open.
_SETTLED: Final = re.compile(
    r"\b(?:no other|no further|otherwise|nothing else|denies (?:any )?other|(?:других|иных|прочих) \w+|в остальном|"
    r"больше ничего|остальн)",
    re.I,
)  # fmt: skip


def why_dropped(sentence: str) -> str | None:
    """Return which of MedSyn's rules leaves a sentence out, or None: `year`, `habit`, `short`, `long`, `letters`."""
    if not any(character.isalpha() for character in sentence):
        return "letters"
    if _YEAR.search(sentence):
        return "year"
    if _HABIT.search(sentence):
        return "habit"
    tokens = len(words_of(sentence))
    if tokens < SHORTEST:
        return "short"
    return "long" if tokens > LONGEST else None


@dataclass(frozen=True, slots=True)
class Triple:
    """A sentence of a note with three others by label; `nodes` are what each is about, if the graph has it."""

    note: NoteText
    premise: str
    hypotheses: dict[str, str]
    nodes: dict[str, tuple[str, str] | None]


@dataclass(frozen=True)
class Triples:
    """Makes triples of notes; `dropped` counts the sentences that were left out, by rule."""

    net: Net
    wordings: Wordings
    seed: int
    dropped: Counter[str] = field(default_factory=Counter[str])

    def of(self, notes: Sequence[NoteText]) -> Iterator[Triple]:
        """Yield a triple for each sentence that tells a linked fact and that no rule leaves out."""
        graph = Vocabulary.of(self.net.nodes.values())
        near = near_of(self.net)
        for note in notes:
            yield from self._of(note, graph, near)

    def _of(self, note: NoteText, graph: Vocabulary, near: Near) -> Iterator[Triple]:
        text = note.text
        own = Vocabulary(_terms(self.net, note))
        words = words_of(text)
        links = link(text, own, graph, words=words)
        neutral = self._open(note, {word.stem for word in words}, links, near)
        for number, sentence in enumerate(sentences_of(words)):
            start, end = sentence[0].start, _end(text, sentence[-1].end)
            premise = text[start:end]
            rule = why_dropped(premise)
            if rule is None and (not neutral or _SETTLED.search(text)):
                rule = "nothing open"
            if rule is None and _UNSURE.search(premise):
                rule = "unsure"
            told = None if rule else self._told(note, premise, [one for one in links if start <= one.start < end])
            if rule is None and told is None:
                rule = "no linked fact"
            if rule is not None or told is None:
                self.dropped[rule or ""] += 1
                continue
            entailed, contradicting, about = told
            symptom = neutral[between(0, len(neutral) - 1, self.seed, note.id, number)]
            name = self.net.name(symptom, note.language) or ""
            opened = self._say(note, "symptom.affirmed", name, number)
            hypotheses = dict[str, str](zip(LABELS, (entailed, contradicting, opened), strict=True))
            if any(why_dropped(hypothesis) for hypothesis in hypotheses.values()):
                self.dropped["hypothesis"] += 1
                continue
            nodes = dict[str, tuple[str, str] | None](zip(LABELS, (about, about, ("symptom", symptom)), strict=True))
            yield Triple(note, premise, hypotheses, nodes)

    def _told(
        self, note: NoteText, premise: str, links: Sequence[Link]
    ) -> tuple[str, str, tuple[str, str] | None] | None:
        """Return what follows from the sentence, what contradicts it, and the node that both are about."""
        kinds = {_term_id(number): one for number, one in enumerate(note.named)}
        for place in links:
            for term_id in place.term_ids:
                one = kinds.get(term_id)
                if one is None or place.edits or place.status not in (Status.AFFIRMED, Status.NEGATED):
                    continue
                kind = "symptom" if one.kind == ABSENT_SYMPTOM else one.kind
                # A note denies what it was given as absent; anything else was misread.
                if (one.kind == ABSENT_SYMPTOM) is not (place.status is Status.NEGATED):
                    continue
                if kind not in ("symptom", "drug", "diagnosis"):
                    continue
                ways = ("affirmed", "denied") if place.status is Status.AFFIRMED else ("denied", "affirmed")
                said = [self._say(note, f"{kind}.{way}", one.name, premise) for way in ways]
                root = {"symptom": "symptom", "drug": "drug", "diagnosis": "disease"}[kind]
                return said[0], said[1], (root, one.node) if one.node else None
        return self._aged(note, premise)

    def _aged(self, note: NoteText, premise: str) -> tuple[str, str, None] | None:
        age = note.patient.age
        if age < 2 or not re.search(rf"(?<![\d.,/]){age}(?:-year-old| year| лет| год)", premise):
            return None
        other = age + between(7, 15, self.seed, note.id) * (1 if age < 60 else -1)
        said = [
            self._say(note, "age.affirmed", f"{years}" if note.language == "en" else age_in_words(years, "ru"), premise)
            for years in (age, other)
        ]
        return said[0], said[1], None

    def _open(self, note: NoteText, stems: set[str], links: Sequence[Link], near: Near) -> tuple[str, ...]:
        """Return the symptoms of the disease that the note does not speak of and that nothing it says settles.

        Not even a word of their names is in the note: "red swollen skin of the leg" leaves no swelling of the leg open.
        """
        spoken = {term_id for place in links for term_id in place.term_ids}
        spoken |= {node for kind in ("symptom", ABSENT_SYMPTOM) for node in note.nodes(kind)}
        known = [node for node in sorted(spoken) if node in self.net.nodes]
        return tuple(
            symptom
            for symptom in self.net.next(note.disease, "symptoms")
            if self.net.name(symptom, note.language)
            and not any(len(stem) >= _TELLING and stem in stems for stem in self._stems(symptom, note.language))
            and not any(near.same(symptom, node) or self._opposed(symptom, node) for node in known)
        )

    def _stems(self, symptom: str, language: str) -> Iterator[str]:
        node = self.net.nodes[symptom]
        for name in (node.names[language], *node.synonyms.get(language, ())):
            yield from (word.stem for word in words_of(name))

    def _opposed(self, symptom: str, node: str) -> bool:
        return opposed(self.net.nodes[symptom].name("en"), self.net.nodes[node].name("en"))

    def _say(self, note: NoteText, name: str, value: str, *parts: str | int) -> str:
        phrasings = self.wordings.hypotheses(note.language, name)
        chosen = phrasings[between(0, len(phrasings) - 1, self.seed, note.id, name, *parts)]
        return chosen.format(value=value)


def nli_cases(triples: Sequence[Triple], builder: str, net: Net) -> Iterator[Case]:
    """Yield the cases of one direction: to the label, from the label to the other sentence, or back to the note's."""
    for triple in triples:
        note = triple.note
        for label in LABELS:
            slots: dict[str, Slot] = {
                "premise": triple.premise,
                "hypothesis": triple.hypotheses[label],
                "label": Words(((label, ""),)),
            }
            node = triple.nodes[label]
            # Of what is only told in the note the graph knows that there is such a thing, and no more.
            about = ask(*node) if node else ask("disease", note.disease)
            if label == "neutral" and node:
                about = ask("disease", note.disease).step("symptoms") & about
            yield case(
                net, builder, note.disease, about, slots, key=f"{note.id} {label} {triple.premise}",
                label=label, stratum=f"|{label}", languages=(note.language,), source=note.source,
            )  # fmt: skip


def _terms(net: Net, note: NoteText) -> Iterator[Term]:
    for number, one in enumerate(note.named):
        names = (one.name, *(term_of(net.nodes[one.node]).names if one.node else ()))
        yield Term(_term_id(number), one.kind, tuple(dict.fromkeys(names)))


def _term_id(number: int) -> str:
    return f"NOTE:{number}"


def _end(text: str, last: int) -> int:
    """Return where a sentence ends whose last word does, its mark included."""
    end = last
    while end < len(text) and text[end] in ".!?)»\"'%":
        end += 1
    return end
