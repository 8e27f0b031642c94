"""Words that stand nowhere, neither in what the model was shown nor in common use: small models make words up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from wordfreq import get_frequency_dict

from generator.checking.report import Violation
from generator.linking.links import Link
from generator.linking.words import Word

# Words rarer than this share of all words are not in common use: 10^2.5 among 10^9 words, which is 2.5 on the scale of
# van Heuven et al. 2014, doi:10.1080/17470218.2013.850521. Some 54,000 words are more common in English and, since it
# inflects, 131,000 in Russian.
_RARE: Final = 10**2.5 / 10**9
# Shorter ones are abbreviations as often as words.
_FEWEST_LETTERS: Final = 4


def unknown_words(
    text: str, words: Sequence[Word], links: Sequence[Link], shown: Collection[str]
) -> Iterator[Violation]:
    """Yield the words that are unknown; `shown` are the stems of all words that the model was shown.

    A word within a name that was found is judged with the name.
    """
    places = sorted((place.start, place.end) for place in links)
    for word in words:
        said = word.said.removesuffix("'s")
        if len(said) < _FEWEST_LETTERS or not said.isalpha() or word.is_upper or word.stem in shown:
            continue
        at = bisect_right(places, (word.start, len(text))) - 1
        if at >= 0 and word.start < places[at][1]:
            continue
        if _frequencies("en" if said.isascii() else "ru").get(said, 0.0) < _RARE:
            yield Violation("unknown", text[word.start : word.end], word.start, word.end)


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    """Return the share that each word has of all words of a language, by Robyn Speer's wordfreq."""
    return get_frequency_dict(language, "large")
