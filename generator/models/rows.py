"""Rows that are written side by side: each draws its own tokens, blocks its own names and keeps to its own form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Protocol

import numpy as np

from generator.errors import ModelError
from generator.models.blocklist import Blocklist
from generator.models.drawing import Scores, draw
from generator.models.engine import Engine
from generator.models.retreat import REACH, Retreat
from generator.models.telling import Telling
from generator.models.turns import Turn
from generator.prompt import Sampling

# By how much the score of a sentence's end is lowered while a list is half told, in nats: that is e to the power of it
# less likely, and still possible, since a list may go on in the next sentence.
_HELD: Final = 5.0
# The same for the end of the text while anything is left to tell. Were it barred, a small model fills up with nonsense.
_END_HELD: Final = 3.0
# The same for letters right behind the whole name of a drug, which would make another word of it: "paracetamollol".
_JOIN_HELD: Final = 8.0


class Form(Protocol):
    """Knows which tokens may come next in a text of a form."""

    def bar(self, scores: Scores) -> None:
        """Set the scores of those that may not to -inf."""
        ...

    def take(self, token: int) -> None:
        """Go on behind this token."""
        ...


class Row:
    """One text while it is written; `heard` is told its tokens after each, and may end the writing by raising.

    Where little but a blocked name is likely, the text goes back a few tokens and takes another way; `heard` is not
    told the last tokens while that may happen.

    `stops` are the tokens that end a sentence, which `telling` holds back while a list is half told; `joins` are those
    that go on with a word, which it holds back behind a name that is whole.
    """

    def __init__(
        self,
        turns: Sequence[Turn],
        seed: int,
        options: Sampling,
        *,
        block: Blocklist | None = None,
        telling: Telling | None = None,
        stops: Sequence[int] = (),
        joins: Sequence[int] = (),
        form: Callable[[], Form] | None = None,
        heard: Callable[[Sequence[int]], None] | None = None,
    ) -> None:
        self.turns = turns
        self._seed = seed
        self._options = options
        self._block = block
        self._telling = telling
        self._stops, self._joins = list(stops), list(joins)
        self._new_form = form
        self._heard = heard
        # A form cannot go back.
        self._retreat = Retreat() if form is None and (block or telling) else None
        self.begin()

    def begin(self) -> None:
        """Forget what was written."""
        self.written: list[int] = []
        if self._retreat is not None:
            self._retreat.begin()
        if self._telling is not None:
            self._telling.begin()
        self._form = self._new_form() if self._new_form else None

    @property
    def length(self) -> int:
        """Tokens of the prompt."""
        return sum(map(len, self.turns))

    @property
    def room(self) -> int:
        """Tokens that the text may still have."""
        return self._options.max_new_tokens - len(self.written)

    def take(self, scores: Scores, ends: frozenset[int]) -> bool:
        """Draw the next token from its scores, and return whether the text goes on behind it.

        It may stand before the end of what was written so far, where the text then ends.
        """
        banned = self._banned()
        if self._retreat is not None:
            self._retreat.see(scores)
            while self._retreat.is_stuck(banned):
                place = self._retreat.back(self.written, banned, self._begun(banned, self._retreat.scores))
                if place is None:
                    break
                self._cut(place)
                banned = self._banned()
            scores = self._retreat.scores
            banned |= set(self._retreat.barred(len(self.written)))
        token = self._drawn(scores.copy(), banned, ends)
        if token in ends:
            return False
        self.written.append(token)
        if self._form is not None:
            self._form.take(token)
        if self._heard is not None:
            self._heard(self.written[:-REACH] if self._retreat else self.written)
        return self.room > 0

    def _drawn(self, scores: Scores, banned: Collection[int], ends: frozenset[int]) -> int:
        if self._telling is not None:
            self._hold(scores, self._telling, ends)
        if self._form is not None:
            self._form.bar(scores)
        if banned:
            before = scores[places := list(banned)]
            scores[places] = -np.inf
            if scores.max() == -np.inf:
                # The form leaves nothing but a blocked name.
                scores[places] = before
        token = int(scores.argmax())
        # Within a name nothing is left to chance: an unlikely token there is a misspelling.
        if self._telling is None or not self._telling.is_within_name(self.written, token):
            token = draw(scores, self._options, self._seed, len(self.written))
        return token

    def _hold(self, scores: Scores, telling: Telling, ends: frozenset[int]) -> None:
        """Make ends less likely where something is left to tell before them, and the other way round."""
        if telling.is_name_whole(self.written):
            scores[self._joins] -= _JOIN_HELD
        if telling.is_half_told(self.written):
            scores[self._stops] -= _HELD
        if telling.is_anything_left(self.written):
            scores[list(ends)] -= _END_HELD

    def _banned(self) -> set[int]:
        banned = self._block.banned_after(self.written) if self._block is not None else set[int]()
        return banned if self._telling is None else banned | self._telling.banned_after(self.written)

    def _begun(self, banned: Collection[int], scores: Scores) -> int:
        """Return how many tokens of the name have been written that the likeliest of these tokens would finish."""
        likeliest = max(banned, key=lambda token: (scores[token], -token))
        known = [names for names in (self._block, self._telling) if names is not None]
        return max(names.begun(self.written, likeliest) for names in known)

    def _cut(self, place: int) -> None:
        del self.written[place:]
        if self._telling is not None:
            self._telling.begin()


def write(engine: Engine[Any], rows: Sequence[Row], place: str) -> None:
    """Write all rows to their ends; with too little memory for all at once, one half after the other.

    Raises ModelError, naming `place`, when the memory is too small for one row alone.
    """
    try:
        _write(engine, rows)
    except (MemoryError, RuntimeError) as error:
        if not _is_memory(error):
            raise
        if len(rows) == 1:
            raise ModelError(
                f"the memory is too small for a prompt of {rows[0].length} tokens",
                place=place,
                hint="Lower token_budget or examples in the recipe, or take a smaller model.",
            ) from error
        for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
            for row in half:
                row.begin()
            write(engine, half, place)


def _is_memory(error: BaseException) -> bool:
    """Return whether it says that there is no memory; torch has no class of its own for that on a processor."""
    return isinstance(error, MemoryError) or "not enough memory" in str(error) or "bad_alloc" in str(error)


def _write(engine: Engine[Any], rows: Sequence[Row]) -> None:
    read = [(row, *engine.read(row.turns)) for row in rows]
    going = [(row, memory) for row, memory, scores in read if row.take(scores, engine.ends)]
    if not going:
        return
    batch = engine.batch([memory for _, memory in going])
    live = [row for row, _ in going]
    while live:
        scores = batch.step([row.written[-1] for row in live])
        places: list[int] = []
        for place, row in enumerate(live):
            known = len(row.written)
            if row.take(scores[place], engine.ends):
                places.append(place)
                if len(row.written) <= known:
                    batch.back(place, known - len(row.written) + 1)
        if places and len(places) < len(live):
            batch.keep(places)
        live = [live[place] for place in places]
