"""A text linked to the graph: each place that names something, what it names and how it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.linking.mentions import mentions
from generator.linking.status import Status
from generator.linking.status.scopes import statuses
from generator.linking.vocabulary import Vocabulary
from generator.linking.words import Word, words_of


@dataclass(frozen=True, slots=True)
class Link:
    """A place of a text (characters, end excluded) and the terms it names; several when they share the name.

    `stems` are those of its words, typos mended; `edits` says how many letters were wrong.
    """

    start: int
    end: int
    said: str
    term_ids: tuple[str, ...]
    status: Status
    stems: tuple[str, ...]
    edits: int


def link(text: str, *vocabularies: Vocabulary, words: Sequence[Word] | None = None) -> tuple[Link, ...]:
    """Return every place of the text that names a term of a vocabulary, from left to right.

    `words` are those of the text, if they were taken from it before.
    """
    words = words_of(text) if words is None else words
    found = list(mentions(words, *vocabularies))
    return tuple(
        Link(m.start, m.end, text[m.start : m.end], m.term_ids, status, m.stems, m.edits)
        for m, status in zip(found, statuses(text, words, found), strict=True)
    )
