"""Names that a text misspells, put right: which one was meant is known, since the check counts it as told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.checking.wording import is_english
from generator.facts import Fact
from generator.linking.links import Link
from generator.linking.words import Gap, Word, words_of


@dataclass(frozen=True, slots=True)
class Respelt:
    """A word of the model, and what stands for it in the text that is kept (characters, end excluded)."""

    said: str
    written: str
    start: int
    end: int

    def as_row(self) -> dict[str, Any]:
        """Return it as it stands in a row of a data set."""
        return {"said": self.said, "written": self.written, "start": self.start, "end": self.end}


def respell(text: str, links: Sequence[Link], facts: Sequence[Fact]) -> tuple[str, tuple[Respelt, ...]]:
    """Return the text with the names of the facts spelled as the graph spells them, and what was put right in it.

    Only words within names that were found are touched. Russian ones are left: a name of the graph does not say in
    which case it would stand.
    """
    spelled = _spelled(facts)
    pieces: list[str] = []
    found: list[Respelt] = []
    before = shift = 0
    for word, right in _wrong(text, links, spelled):
        said = text[word.start : word.end]
        start = word.start + shift
        found.append(Respelt(said, right, start, start + len(right)))
        pieces += [text[before : word.start], right]
        before, shift = word.end, shift + len(right) - len(said)
    return "".join([*pieces, text[before:]]), tuple(found)


def _wrong(text: str, links: Sequence[Link], spelled: Mapping[str, str]) -> Iterator[tuple[Word, str]]:
    """Yield each word that is spelled otherwise than in the name that it is part of, and how it shall be."""
    words = words_of(text)
    for place in links:
        inside = [word for word in words if place.start <= word.start < place.end]
        for word, meant in zip(inside, place.stems, strict=True):
            said, right = text[word.start : word.end], spelled.get(meant)
            if right is not None and said.isascii() and _is_wrong(said, word, meant):
                right = right[:1].upper() + right[1:] if word.gap == Gap.STOP else right
                if right != said:
                    yield word, right


def _is_wrong(said: str, word: Word, meant: str) -> bool:
    """Say whether a word is none, other than what was meant, or has capitals in its middle."""
    if word.stem != meant:
        return not is_english(word.said)
    return not (said.isupper() or said[1:].islower())


def _spelled(facts: Sequence[Fact]) -> Mapping[str, str]:
    """Return the words of the facts' names by their stems, as they stand in the name that the model was shown first."""
    found: dict[str, str] = {}
    names = [fact.name for fact in facts] + [name for fact in facts for term in fact.terms for name in term.names]
    for name in names:
        for word in words_of(name):
            if name[word.start : word.end].isascii():
                found.setdefault(word.stem, name[word.start : word.end])
    return found
