"""Which example notes a row is shown: like what it shall be, never of its disease, never those of the row before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from generator.examples.library import Example, example_notes
from generator.facts import Fact
from generator.linking.mentions import mentions
from generator.linking.vocabulary import Term, Vocabulary
from generator.linking.words import Word, words_of
from generator.seeds import derive

# The distance of an example that differs in its kind alone, and how many facts more or less are about as many.
_ANOTHER_KIND: Final = 1
_NEARLY: Final = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What examples a recipe asks for, and how many at most; what is None may be anything."""

    language: str
    count: int
    kind: str | None = None
    length: str | None = None
    style: str | None = None
    hidden: bool = False

    def distance(self, example: Example) -> int:
        """Return how far an example is from what is asked for: another style counts most, another kind least."""
        unlike = (
            self.style is not None and example.style != self.style,
            self.length is not None and example.length != self.length,
            self.kind is not None and example.kind != self.kind,
        )
        return sum(weight for weight, differs in zip((4, 2, 1), unlike, strict=True) if differs)


def draw_examples(
    wish: Wish, facts: Sequence[Fact], *, run_seed: int, row: int, code: str | None, disease: Term
) -> tuple[Example, ...]:
    """Return up to `wish.count` examples for a row, the best match last.

    The run's seed deals all examples out into two hands, each with its share of every kind, length and style; rows
    with an even number draw from one, the others from the other. So no example is shown in two rows in a row, and
    still none depends on the rows beside it. A row would rather have fewer examples than borrow from the other hand.

    None is of the row's ICD-10 category, or names its disease. The best match is the most like the wish, then has as
    many facts of each kind as the note shall tell (a small model follows the shape of its examples and leaves out
    what they have no place for), then is of the same ICD-10 chapter; the seed draws among equals. The others may be
    of another kind, and about as many facts will do, so that rows do not show the same few examples again and again.
    """
    if not wish.count:
        return ()
    wanted = Counter(fact.kind for fact in facts)

    def among_equals(card: _Card) -> tuple[bool, int, str]:
        chapter = code is not None and card.example.code[0] == code[0]
        return (not chapter, derive(run_seed, "example", row, card.example.id), card.example.id)

    def best(card: _Card) -> tuple[int, int, tuple[bool, int, str]]:
        return (card.distance, card.unlike(wanted), among_equals(card))

    def others(card: _Card) -> tuple[int, int, tuple[bool, int, str]]:
        return (max(card.distance, _ANOTHER_KIND), card.unlike(wanted) // _NEARLY, among_equals(card))

    hand = _dealt(wish, run_seed)[row % 2]
    chosen: list[Example] = []
    for order, count in ((best, 1), (others, wish.count - 1)):
        fitting = (card.example for card in sorted(hand, key=order) if card.example not in chosen)
        chosen += islice((one for one in fitting if not _gives_away(one, code, disease)), count)
    return tuple(reversed(chosen))


@dataclass(frozen=True, slots=True)
class _Card:
    """An example, how far it is from the wish, and how many facts of each kind it tells."""

    example: Example
    distance: int
    shape: Counter[str]

    def unlike(self, wanted: Counter[str]) -> int:
        """Return how many facts it has too many or too few, kind by kind."""
        return sum(abs(self.shape[kind] - wanted[kind]) for kind in {*self.shape, *wanted})


@lru_cache(maxsize=64)
def _dealt(wish: Wish, run_seed: int) -> tuple[tuple[_Card, ...], tuple[_Card, ...]]:
    """Return two hands, in turns from a shuffled pack that is sorted by how well it meets the wish."""
    pack = [
        _Card(example, wish.distance(example), Counter(fact.kind for fact in example.told))
        for example in example_notes(wish.language)
        if example.hidden == wish.hidden
    ]
    pack.sort(key=lambda card: (card.distance, derive(run_seed, "deal", card.example.id), card.example.id))
    return tuple(pack[::2]), tuple(pack[1::2])


def _gives_away(example: Example, code: str | None, disease: Term) -> bool:
    if code is not None and example.category == code[:3]:
        return True
    known = Vocabulary([disease])
    return any(any(mentions(words, known)) for words in _words(example))


@lru_cache(maxsize=2048)
def _words(example: Example) -> tuple[tuple[Word, ...], ...]:
    return tuple(tuple(words_of(text)) for text in (example.text, *(fact.name for fact in example.facts)))
