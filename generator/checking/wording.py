"""Words that stand nowhere, neither in what the model was shown nor in any text: small models make words up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from wordfreq import get_frequency_dict

from generator.checking.report import Violation
from generator.linking.links import Link
from generator.linking.words import Word

# Shorter ones are abbreviations as often as words.
_FEWEST_LETTERS: Final = 4


def unknown_words(
    text: str, words: Sequence[Word], links: Sequence[Link], shown: Collection[str]
) -> Iterator[Violation]:
    """Yield the English words that are unknown; `shown` are the stems of all words that the model was shown.

    A word within a name that was found is judged with the name. Russian words have more forms than a table holds.
    """
    places = sorted((place.start, place.end) for place in links)
    for word in words:
        said = word.said.removesuffix("'s")
        if len(said) < _FEWEST_LETTERS or not (said.isalpha() and said.isascii()):
            continue
        if word.is_upper or word.stem in shown or is_english(said):
            continue
        at = bisect_right(places, (word.start, len(text))) - 1
        if at < 0 or word.start >= places[at][1]:
            yield Violation("unknown", text[word.start : word.end], word.start, word.end)


def is_english(said: str) -> bool:
    """Say whether people write a word (in lower case) in English texts."""
    return said in _english()


@cache
def _english() -> Mapping[str, float]:
    """Return each word that makes up at least one in 10^8 of English texts, by Robyn Speer's wordfreq: 321,180."""
    return get_frequency_dict("en", "large")
