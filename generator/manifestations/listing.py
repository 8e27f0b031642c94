"""What a model is asked for, and which lines of its answer are symptoms, known or new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Final, Literal

from generator.linking.links import link
from generator.linking.status import Status
from generator.linking.vocabulary import Vocabulary
from generator.linking.words import words_of
from generator.prompt import Message, Prompt, Sampling
from generator.quoting import as_data

SAMPLING: Final = Sampling(max_new_tokens=1000, temperature=0.2)
"""MedSyn's settings."""

_RULES: Final = {
    "en": "You read medical texts and list the symptoms in them. Write one symptom a line, in a few words, as the text "
    "has it. No diseases, no drugs, no tests, no numbering, nothing else. If there is no symptom, write nothing.",
    "ru": "Вы читаете медицинские тексты и выписываете симптомы. Пишите по одному симптому в строке, кратко, как "
    "в тексте. Без болезней, лекарств, исследований, нумерации и пояснений. Если симптомов нет, не пишите ничего.",
}
_WANTED: Final = {
    "en": "Text:\n{text}\n\nSymptoms, one a line:",
    "ru": "Текст:\n{text}\n\nСимптомы, по одному в строке:",
}
# One text with its symptoms, ours: without it a small model copies the text.
_SHOWN: Final = {
    "en": (
        "Influenza begins suddenly with a high temperature and chills. Muscles ache, and most have a dry cough.",
        "high temperature\nchills\nmuscle ache\ndry cough",
    ),
    "ru": (
        "Грипп начинается внезапно: высокая температура, озноб. Болят мышцы, у большинства больных сухой кашель.",
        "высокая температура\nозноб\nболь в мышцах\nсухой кашель",
    ),
}
_BULLET: Final = re.compile(r"^\s*(?:[-–—*•·]+|\(?\d{1,3}[.)])\s*")
_AND: Final = re.compile(r",|;|\band\b|\bи\b")
_TELLING: Final = 4  # letters of a word that says what is meant
_MOST_WORDS: Final = 10  # of a symptom's name; a longer line is a sentence

Kind = Literal["known", "new", "disease", "denied", "other", "unfounded"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of an answer: `known` to the graph by `ids`, `new` to it, or left out.

    Of a new one `ids` are the known symptoms whose names stand in it. Left out are a `disease`, what is `denied`, drugs
    (`other`), and what the text does not have (`unfounded`).
    """

    said: str
    kind: Kind
    ids: tuple[str, ...] = ()


def prompt_for(text: str, language: str) -> Prompt:
    """Return what the model is given for one part of a text."""
    shown, listed = _SHOWN[language]
    wanted = _WANTED[language]
    return Prompt(
        (
            Message("system", _RULES[language]),
            Message("user", wanted.format(text=shown)),
            Message("assistant", listed),
            Message("user", wanted.format(text=text)),
        )
    )


def lines_of(answers: Iterable[str]) -> tuple[str, ...]:
    """Return the lines of the answers once each, without bullets and full stops, in order."""
    found: dict[str, str] = {}
    for answer in answers:
        for line in answer.splitlines():
            said = as_data(_BULLET.sub("", line)).strip(" .;,*\"«»'")
            words = words_of(said)
            if words and len(words) <= _MOST_WORDS and not line.rstrip().endswith(":") and not said.isdigit():
                found.setdefault(" ".join(word.said for word in words), said)
    return tuple(found.values())


def sorted_out(lines: Iterable[str], text: str, vocabulary: Vocabulary) -> Iterator[Listed]:
    """Yield what each line is by the names of the graph that it holds, and by whether the text has it at all.

    A line of several known symptoms ("fever and chills") is known by all of them. A line stands in the text when half
    of its words do in any form, or when the text names the same symptom in other words.
    """
    stems = {word.stem for word in words_of(text)}
    named = {key for one in link(text, vocabulary) for key in one.term_ids}
    for said in lines:
        links = link(said, vocabulary)
        inside = {vocabulary.terms[key].kind for one in links for key in one.term_ids}
        symptoms = _of_kind("Symptom", said, vocabulary)
        pieces = [_of_kind("Symptom", piece, vocabulary, whole=True) for piece in _AND.split(said) if piece.strip()]
        if not _stands(said, stems) and named.isdisjoint(symptoms):
            yield Listed(said, "unfounded")
        elif any(one.status is Status.NEGATED for one in links):
            yield Listed(said, "denied")
        elif whole := _of_kind("Symptom", said, vocabulary, whole=True):
            yield Listed(said, "known", whole)
        elif len(pieces) > 1 and all(pieces):
            yield Listed(said, "known", tuple(dict.fromkeys(key for piece in pieces for key in piece)))
        elif "Disease" in inside and not symptoms:
            yield Listed(said, "disease")
        elif inside & {"Drug", "DrugClass"}:
            yield Listed(said, "other")
        else:
            yield Listed(said, "new", symptoms)


def _of_kind(kind: str, said: str, vocabulary: Vocabulary, *, whole: bool = False) -> tuple[str, ...]:
    """Return the terms of a kind that are named in what was said; `whole` takes those that are all of it."""
    words = words_of(said)
    found = [
        key
        for one in link(said, vocabulary, words=words)
        if not whole or (one.start == words[0].start and one.end == words[-1].end)
        for key in one.term_ids
        if vocabulary.terms[key].kind == kind
    ]
    return tuple(dict.fromkeys(found))


def _stands(said: str, stems: Set[str]) -> bool:
    telling = [word.stem for word in words_of(said) if len(word.said) >= _TELLING]
    return 2 * sum(stem in stems for stem in telling) >= len(telling)
