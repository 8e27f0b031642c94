"""Faults of a text that no graph is needed for: empty, unfinished, refused, or going round in circles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from generator.checking.report import Violation
from generator.linking.links import Link
from generator.linking.words import Gap, Word

_FEWEST_WORDS: Final = 5
_LOOP_WORDS: Final = 5
_LOOP_TIMES: Final = 3
_SHORTEST_SENTENCE: Final = 3
_WHO: Final = frozenset({"he", "she", "он", "она"})

_PLACEHOLDER: Final = re.compile(
    r"\[[^\]\n]{1,60}\]|\bX{2,}\b|<[a-zа-яё][^>\n]{0,40}>|_{3,}|\{\{|\}\}|<\|[^|\n]{0,40}\|>"
    r"|\blorem ipsum\b|\b(?:john|jane) doe\b|\bиванов[а]?\s+иван|\b(?:insert|вставьте) (?:name|date|имя|дату)\b",
    re.IGNORECASE,
)
# Signs side by side that nobody puts there; those of Markdown, and >=, are none of them.
_NOISE: Final = re.compile(r"[%|~^\\;:{}@$&]{2,}")
_REFUSAL: Final = re.compile(
    r"\bas an ai\b|\bas a language model\b|\blanguage model\b|\bi(?: am|['’]m) (?:sorry|unable)\b"
    r"|\bi (?:cannot|can['’]t|can not)\b"
    r"|как (?:языковая модель|искусственный интеллект|ии\b)|\bя не могу\b|\bк сожалению, я\b|\bизвините\b",
    re.IGNORECASE,
)


def faults_of_form(text: str, words: Sequence[Word]) -> Iterator[Violation]:
    """Yield what is wrong with the text as a text."""
    if len(words) < _FEWEST_WORDS:
        yield Violation("empty", text.strip(), 0, len(text))
    for rule, pattern in (("placeholder", _PLACEHOLDER), ("refusal", _REFUSAL), ("noise", _NOISE)):
        for match in pattern.finditer(text):
            yield Violation(rule, match.group(), *match.span())
    yield from _loops(text, words)


def _loops(text: str, words: Sequence[Word]) -> Iterator[Violation]:
    seen: set[tuple[str, ...]] = set()
    for sentence in sentences_of(words):
        # "He works in a mill. Worked in a mill." says nothing new either.
        said = tuple(word.stem for word in sentence[sentence[0].said in _WHO :])
        if len(sentence) >= _SHORTEST_SENTENCE and said in seen:
            yield Violation("loop", text[sentence[0].start : sentence[-1].end], sentence[0].start, sentence[-1].end)
            return
        seen.add(said)
    runs = Counter(
        tuple(word.said for word in words[at : at + _LOOP_WORDS]) for at in range(len(words) - _LOOP_WORDS + 1)
    )
    if runs and (most := runs.most_common(1)[0])[1] >= _LOOP_TIMES:
        at = next(i for i in range(len(words)) if tuple(word.said for word in words[i : i + _LOOP_WORDS]) == most[0])
        start, end = words[at].start, words[at + _LOOP_WORDS - 1].end
        yield Violation("loop", text[start:end], start, end)


def told_twice(words: Sequence[Word], links: Sequence[Link]) -> Iterator[Violation]:
    """Yield the names that a sentence gives twice in the same words and the same sense: a list that goes in circles.

    Endings make no other word of it: *changing mole, changing moles*.
    """
    ends = [sentence[-1].end for sentence in sentences_of(words)]
    seen: set[tuple[int, tuple[str, ...], str]] = set()
    for place in links:
        said = (bisect_left(ends, place.end), place.stems, place.status)
        if said in seen:
            yield Violation("repeated", place.said, place.start, place.end)
        seen.add(said)


def sentences_of(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield the words of each sentence."""
    first = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].gap == Gap.STOP:
            yield words[first:at]
            first = at
