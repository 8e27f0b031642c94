"""The words of the graph and where a text names them, whatever their inflection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import snowballstemmer

from kg.subgraph import SubgraphNode

# An IcdCode repeats the names of the diseases it stands for; codes are checked by their form instead.
NAMED_KINDS: Final = ("Disease", "Symptom", "Drug", "DrugClass", "SideEffect")


def listed(words: str) -> frozenset[str]:
    """Return the words of a text as a set: how lists of words are written here."""
    return frozenset(words.split())


# Names that say nothing by themselves: the top of an ontology would turn every text into an invention.
_EMPTY_WORDS: Final = listed(
    "disease disorder syndrome symptom sign finding condition drug medication treatment therapy patient "
    "болезнь заболевание синдром симптом признак состояние препарат лекарство лечение терапия пациент"
)
_LONGEST_ACRONYM: Final = 6
_SHORTEST_NAME: Final = 2

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_FLEETING = re.compile(r"([бвгджзклмнпрстфхцчшщ])[ео]([бвгдзклмнпрстфхцчшщ])$")
_ENGLISH = snowballstemmer.stemmer("english")
_RUSSIAN = snowballstemmer.stemmer("russian")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: what it says in lower case, its stem, and where it stands (characters, end excluded)."""

    said: str
    stem: str
    start: int
    end: int
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Something that the graph has a name for; `names` are its names and synonyms in all languages."""

    id: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a text that names a term, or several that share the name; `first` and `last` count words."""

    term_ids: tuple[str, ...]
    start: int
    end: int
    first: int
    last: int


@lru_cache(maxsize=200_000)
def _stem(said: str) -> str:
    """Return the Snowball stem; the script of the word says by which language's rules."""
    if not _CYRILLIC.search(said):
        return _ENGLISH.stemWord(said)
    # Snowball does not know the vowel that comes and goes: кашель, кашля.
    return _FLEETING.sub(r"\1\2", _RUSSIAN.stemWord(said.replace("ё", "е")))


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        said = match.group().casefold().replace("’", "'")
        stem = _stem(said.removesuffix("'s"))
        found.append(Word(said, stem, match.start(), match.end(), match.group().isupper()))
    return found


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
    def _by_stems(self) -> Mapping[tuple[str, ...], tuple[tuple[str, bool], ...]]:
        """Ids by the stems of a name, each with whether the name is an acronym, which is matched in capitals only."""
        table: dict[tuple[str, ...], dict[tuple[str, bool], None]] = {}
        for term in self.terms.values():
            for name in term.names:
                words = words_of(name)
                if not _says_something(words):
                    continue
                acronym = len(words) == 1 and words[0].is_upper and len(name) <= _LONGEST_ACRONYM
                table.setdefault(tuple(word.stem for word in words), {})[(term.id, acronym)] = None
        return {stems: tuple(sorted(ids)) for stems, ids in table.items()}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._by_stems), default=0)

    def ids_at(self, words: Sequence[Word], first: int, length: int) -> tuple[str, ...]:
        """Return the ids of the terms whose whole name are these words."""
        span = words[first : first + length]
        ids = self._by_stems.get(tuple(word.stem for word in span), ())
        return tuple(dict.fromkeys(term_id for term_id, acronym in ids if not acronym or span[0].is_upper))

    @property
    def longest(self) -> int:
        """The number of words of the longest name."""
        return self._longest


def _says_something(words: Sequence[Word]) -> bool:
    return any(
        len(word.said) >= _SHORTEST_NAME and not word.said.isdigit() and word.said not in _EMPTY_WORDS for word in words
    )


def mentions(words: Sequence[Word], *vocabularies: Vocabulary) -> Iterator[Mention]:
    """Yield where the words name a term, from left to right, the longest name first and none inside another."""
    longest = max((vocabulary.longest for vocabulary in vocabularies), default=0)
    first = 0
    while first < len(words):
        for length in range(min(longest, len(words) - first), 0, -1):
            ids = [term_id for known in vocabularies for term_id in known.ids_at(words, first, length)]
            if ids:
                last = first + length - 1
                yield Mention(tuple(sorted(set(ids))), words[first].start, words[last].end, first, last)
                first += length
                break
        else:
            first += 1


def is_within(stems: Sequence[str], names: Iterable[str]) -> bool:
    """Say whether the stems stand side by side in one of the names, as *cough* does in *dry cough*."""
    part, width = tuple(stems), len(stems)
    for name in names:
        whole = tuple(word.stem for word in words_of(name))
        if any(whole[at : at + width] == part for at in range(len(whole) - width + 1)):
            return True
    return False
