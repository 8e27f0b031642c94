"""The names that the graph has for its things, by the stems of their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from generator.linking.spelling import Spelling
from generator.linking.words import Gap, Word, listed, words_of
from kg.subgraph import SubgraphNode

# An IcdCode repeats the names of the diseases it stands for; codes are checked by their form instead.
NAMED_KINDS: Final = ("Disease", "Symptom", "Drug", "DrugClass", "SideEffect")

# Names that say nothing by themselves: the top of an ontology would turn every text into an invention.
_EMPTY_WORDS: Final = listed(
    "disease disorder syndrome symptom sign finding condition drug medication treatment therapy patient "
    "болезнь заболевание синдром симптом признак состояние препарат лекарство лечение терапия пациент"
)
_LONGEST_ACRONYM: Final = 6
_SHORTEST_NAME: Final = 2
_SURE_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Term:
    """Something that the graph has a name for; `names` are its names and synonyms in all languages."""

    id: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name: of which term, its words as they stand in the graph, and what stands between them.

    An acronym is matched in capitals only.
    """

    term_id: str
    said: tuple[str, ...]
    gaps: tuple[Gap, ...]
    acronym: bool


def term_of(node: SubgraphNode) -> Term:
    """Return the node's names and synonyms as one term."""
    synonyms = (synonym for group in node.synonyms.values() for synonym in group)
    return Term(node.id, node.kind, tuple(dict.fromkeys((*node.names.values(), *synonyms))))


class Vocabulary:
    """Terms by the stems of their names."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: Mapping[str, Term] = {term.id: term for term in terms}

    @classmethod
    def of(cls, nodes: Iterable[SubgraphNode]) -> Vocabulary:
        """Return the vocabulary of the nodes that a note can name."""
        return cls(term_of(node) for node in nodes if node.kind in NAMED_KINDS)

    @cached_property
    def _entries(self) -> Mapping[tuple[str, ...], tuple[_Entry, ...]]:
        table: dict[tuple[str, ...], list[_Entry]] = {}
        for term in self.terms.values():
            for name in term.names:
                words = words_of(name)
                if _says_something(words):
                    acronym = len(words) == 1 and words[0].is_upper and len(name) <= _LONGEST_ACRONYM
                    gaps = (Gap.STOP, *(word.gap for word in words[1:]))
                    entry = _Entry(term.id, tuple(word.said for word in words), gaps, acronym)
                    table.setdefault(tuple(word.stem for word in words), []).append(entry)
        return {stems: tuple(entries) for stems, entries in table.items()}

    @cached_property
    def _longest(self) -> Mapping[str, int]:
        """How many words the longest name has that begins with a stem."""
        found: dict[str, int] = {}
        for stems in self._entries:
            found[stems[0]] = max(found.get(stems[0], 0), len(stems))
        return found

    @cached_property
    def spelling(self) -> Spelling:
        """The words of all names, to find the one that was meant by a word with a typo."""
        return Spelling(
            (said, stem)
            for stems, entries in self._entries.items()
            for entry in entries
            if not entry.acronym
            for said, stem in zip(entry.said, stems, strict=True)
        )

    def longest_from(self, stem: str) -> int:
        """Return how many words the longest name has that begins with the stem; 0 when none does."""
        return self._longest.get(stem, 0)

    def ids_at(self, words: Sequence[Word], stems: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of the terms whose whole name are these words; `stems` are theirs, typos mended."""
        found: dict[str, None] = {}
        for entry in self._entries.get(tuple(stems), ()):
            if entry.acronym and not words[0].is_upper:
                continue
            # Four words in a row are no coincidence, even with a comma: сыпь там, где касалось украшение.
            least = Gap.PAUSE if len(words) >= _SURE_WORDS else Gap.JOINED
            if all(word.gap <= max(gap, least) for word, gap in zip(words[1:], entry.gaps[1:], strict=True)):
                found[entry.term_id] = None
        return tuple(found)

    def is_base_form(self, said: Sequence[str], stems: Sequence[str]) -> bool:
        """Say whether the words stand as in the first name of these stems: in Russian, in the nominative."""
        entries = self._entries.get(tuple(stems), ())
        return bool(entries) and entries[0].said == tuple(said)


def _says_something(words: Sequence[Word]) -> bool:
    return any(
        len(word.said) >= _SHORTEST_NAME and not word.said.isdigit() and word.said not in _EMPTY_WORDS for word in words
    )


def is_within(stems: Sequence[str], names: Iterable[str]) -> bool:
    """Say whether the stems stand side by side in one of the names, as *cough* does in *dry cough*."""
    part, width = tuple(stems), len(stems)
    for name in names:
        whole = tuple(word.stem for word in words_of(name))
        if any(whole[at : at + width] == part for at in range(len(whole) - width + 1)):
            return True
    return False
