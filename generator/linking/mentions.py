"""Where a text names terms: whole words, the longest name first, typos mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.linking.idioms import IDIOM_STARTS, IDIOMS, LONGEST_IDIOM
from generator.linking.lookalikes import LOOKALIKES
from generator.linking.spelling import edits_allowed
from generator.linking.vocabulary import Vocabulary
from generator.linking.words import Word


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a text that names a term, or several that share the name; `first` and `last` count words.

    `stems` are those of its words with typos mended; `edits` is how many letters were wrong. `is_base` says that the
    words stand as in the graph's own name, so in Russian in the nominative.
    """

    term_ids: tuple[str, ...]
    start: int
    end: int
    first: int
    last: int
    stems: tuple[str, ...]
    edits: int
    is_base: bool


def mentions(words: Sequence[Word], *vocabularies: Vocabulary) -> Iterator[Mention]:
    """Yield where the words name a term, from left to right, the longest name first and none inside another.

    A word that no name has is taken for the one it differs from by one edit (from 6 letters on) or two (from 10), if
    there is one such word and the word is not known as another.
    """
    stems = [word.stem for word in words]
    mended = _mended(words, vocabularies)
    first = 0
    while first < len(words):
        skip = _idiom(words, first)
        found = _longest(words, stems, mended, first, skip, vocabularies)
        if found is not None:
            yield found
            skip = found.last - first + 1
        first += max(skip, 1)


def _idiom(words: Sequence[Word], first: int) -> int:
    """Return how many words an idiom takes that begins here."""
    if words[first].said not in IDIOM_STARTS:
        return 0
    for length in range(min(LONGEST_IDIOM, len(words) - first), 1, -1):
        if tuple(word.said for word in words[first : first + length]) in IDIOMS:
            return length
    return 0


def _mended(words: Sequence[Word], vocabularies: Sequence[Vocabulary]) -> dict[int, tuple[str, int]]:
    """Return the stem that was meant and the number of edits, by the place of a word with a typo."""
    found: dict[int, tuple[str, int]] = {}
    for at, word in enumerate(words):
        if not edits_allowed(word.said) or not LOOKALIKES.isdisjoint((word.said, word.stem)) or not word.said.isalpha():
            continue
        if any(known.spelling.knows(word.stem) for known in vocabularies):
            continue
        meant = [known.spelling.meant(word.said, word.stem) for known in vocabularies]
        near = dict(filter(None, meant))
        if near:
            least = min(near.values())
            nearest = [stem for stem, edits in near.items() if edits == least]
            if len(nearest) == 1:
                found[at] = (nearest[0], least)
    return found


def _longest(
    words: Sequence[Word],
    stems: Sequence[str],
    mended: dict[int, tuple[str, int]],
    first: int,
    longer_than: int,
    vocabularies: Sequence[Vocabulary],
) -> Mention | None:
    start = mended[first][0] if first in mended else stems[first]
    longest = max((known.longest_from(start) for known in vocabularies), default=0)
    for length in range(min(longest, len(words) - first), longer_than, -1):
        span = words[first : first + length]
        edits = 0
        read = tuple(stems[first : first + length])
        if mended:
            places = [at for at in range(first, first + length) if at in mended]
            edits = sum(mended[at][1] for at in places)
            read = tuple(mended[at][0] if at in mended else stems[at] for at in range(first, first + length))
        ids = {term_id for known in vocabularies for term_id in known.ids_at(span, read)}
        if ids:
            said = [word.said for word in span]
            is_base = any(known.is_base_form(said, read) for known in vocabularies)
            last = first + length - 1
            return Mention(tuple(sorted(ids)), span[0].start, span[-1].end, first, last, read, edits, is_base)
    return None
