"""Forms of a name that the linker takes for the name: what a model writes that must not write the name itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from generator.linking.inflection import stem_of
from generator.linking.words import listed

_HISSING: Final = ("s", "x", "z", "ch", "sh")
_RUSSIAN: Final = sorted(listed("а у ом е ы и ов ам ами ах ой ей ю ью ем я ям ями"))
_LATIN: Final = re.compile(r"[a-z]{4,}")
_CYRILLIC: Final = re.compile(r"[а-яё]{4,}")
# In longer names nobody inflects the last word alone.
_MOST_WORDS: Final = 3


@lru_cache(maxsize=50_000)
def forms_of(name: str) -> tuple[str, ...]:
    """Return other forms of a name, some of which are no words: the last word of an English one, a Russian noun.

    Russian names of several words inflect word by word and are left to the check.
    """
    *before, last = name.split(" ")
    if len(before) >= _MOST_WORDS:
        return ()
    if _LATIN.fullmatch(last):
        found = _english(last)
    elif not before and _CYRILLIC.fullmatch(last):
        found = (f"{stem_of(last)}{ending}" for ending in _RUSSIAN)
    else:
        return ()
    stem = stem_of(last)
    words = dict.fromkeys(word for word in found if word != last and stem_of(word) == stem)
    return tuple(" ".join((*before, word)) for word in words)


def _english(word: str) -> Iterator[str]:
    bases = [word, word.removesuffix("s"), word.removesuffix("es")]
    for ending in ("ing", "ed"):
        if word.endswith(ending):
            bases += [word.removesuffix(ending), f"{word.removesuffix(ending)}e"]
    for base in bases:
        mute = base.removesuffix("e")
        yield from (base, f"{base}s", f"{mute}ed", f"{mute}ing")
        if base.endswith(_HISSING):
            yield f"{base}es"
