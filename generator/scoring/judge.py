"""The second judge: finds by meaning what a note names, and scores it as MedSyn's filter does."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from generator.scoring.bertscore import Vectors, bert_score
from generator.scoring.encoder import Encoder
from generator.scoring.names import Names, Near
from generator.scoring.windows import windows

LANGUAGE: Final = "en"
"""The language that the judge reads."""

# From this cosine on, words mean a name; measured on the labelled notes, see `tests/model/test_judge.py`.
MEANT: Final = 0.88
# Words that are nearly as near to a name that was given as to another say the given one otherwise.
_DOUBT: Final = 0.06
# Of two runs of words as near to a name, the longer one is meant: "vaginal bleeding" and not "bleeding".
_PER_WORD: Final = 0.01
# Words that come again in other notes are not turned into vectors again, so many of them.
_REMEMBERED: Final = 200_000


@dataclass(frozen=True, slots=True)
class Meant:
    """A place of a text (characters, end excluded), the terms that it means, and how near it is to their name."""

    start: int
    end: int
    said: str
    term_ids: frozenset[str]
    similarity: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judge found: facts named, facts not named, terms that were not given, and the scores by name."""

    told: tuple[str, ...]
    missed: tuple[str, ...]
    invented: tuple[Meant, ...]
    scores: Mapping[str, float]


class Judge:
    """Reads English notes. It shares nothing with the check: no stems, no spelling, no rules of negation.

    It says that a thing is named, not how: a symptom denied is named as well.
    """

    def __init__(self, encoder: Encoder, names: Names) -> None:
        self._encoder = encoder
        self._names = names
        self._known: dict[str, tuple[Vectors, Near]] = {}

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of everything that has a say in what it finds, but for the last digits of a score."""
        parts = ["2", self._encoder.fingerprint, self._names.fingerprint, str(MEANT), str(_DOUBT), str(_PER_WORD)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def judge(
        self, text: str, facts: Mapping[str, Collection[str]], symptoms: Sequence[str], examples: Sequence[str]
    ) -> Judged:
        """Judge a note by the facts it was given (ids of terms by id of fact), their symptoms' names and examples.

        The scores are MedSyn's two (features M15), by BERTScore: `symptoms_recall`, how much of the symptoms the note
        says, and `anamnesis_precision`, how much of the note the most alike example says; each is left out when there
        is nothing to compare with. A fact is told when each of its terms is named, or has no English name. Words of a
        name that was given are not invented by themselves: "amoxicillin" of "amoxicillin and clavulanic acid".
        """
        own = self._names.of({term_id for terms in facts.values() for term_id in terms})
        places = self.meant(text, own)
        named = {term_id for place in places for term_id in place.term_ids}
        told = [fact for fact, terms in facts.items() if all(term in named or term not in own for term in terms)]
        return Judged(
            told=tuple(told),
            missed=tuple(fact for fact in facts if fact not in told),
            invented=tuple(place for place in places if not _is_given(place, own)),
            scores=self._scores(text, symptoms, examples),
        )

    def meant(self, text: str, own: Names | None = None) -> list[Meant]:
        """Return what the text names, from left to right; places do not overlap, the nearest to a name goes first.

        `own` are the names that the note was given: they have the benefit of the doubt.
        """
        runs = list(windows(text))
        vectors, nearest = self._learned([text[start:end].casefold() for start, end in runs])
        if own and runs:
            nearest = [_better(*pair) for pair in zip(nearest, own.nearest(vectors), strict=True)]
        places = [
            Meant(start, end, text[start:end], near.term_ids, near.similarity)
            for (start, end), near in zip(runs, nearest, strict=True)
            if near.similarity >= MEANT
        ]
        places.sort(key=lambda place: (-place.similarity - _PER_WORD * place.said.count(" "), place.start))
        found: list[Meant] = []
        for place in places:
            if all(place.end <= other.start or other.end <= place.start for other in found):
                found.append(place)
        return sorted(found, key=lambda place: place.start)

    def _learned(self, said: Sequence[str]) -> tuple[Vectors, list[Near]]:
        """Return vector and nearest name of each run of words; what was met before is not reckoned again."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        new = sorted({words for words in said if words not in self._known})
        if new:
            vectors = np.asarray(self._encoder.encode(new), dtype=np.float32)
            nearest = self._names.nearest(vectors)
            self._known.update(zip(new, zip(vectors, nearest, strict=True), strict=True))
        known = [self._known[words] for words in said]
        return np.asarray([vector for vector, _ in known], dtype=np.float32), [near for _, near in known]

    def _scores(self, text: str, symptoms: Sequence[str], examples: Sequence[str]) -> dict[str, float]:
        scores: dict[str, float] = {}
        note = self._encoder.token_vectors(text)
        if symptoms:
            scores["symptoms_recall"] = bert_score(note, self._encoder.token_vectors(", ".join(symptoms))).recall
        if examples:
            precisions = [bert_score(note, self._encoder.token_vectors(example)).precision for example in examples]
            scores["anamnesis_precision"] = max(precisions)
        return scores


def _is_given(place: Meant, own: Names) -> bool:
    return any(term_id in own for term_id in place.term_ids) or own.has_within(place.said.casefold().split())


def _better(known: Near, own: Near) -> Near:
    similarity = own.similarity + _DOUBT
    return Near(own.term_ids, min(similarity, 1.0)) if similarity >= known.similarity else known
