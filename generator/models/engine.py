"""What a local model is made of: something that reads prompts and goes on writing many rows, token by token."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from generator.models.drawing import Scores
from generator.models.turns import Turn

Piece = TypeVar("Piece")
# What an engine keeps of a prompt it has read.
Memory = TypeVar("Memory")


class Batch(Protocol):
    """Rows that are written side by side."""

    def step(self, tokens: Sequence[int]) -> Scores:
        """Take the next token of each row, and return the scores of what may follow, one line for each row."""
        ...

    def back(self, place: int, count: int) -> None:
        """Forget the last so many tokens that the row at this place took."""
        ...

    def keep(self, places: Sequence[int]) -> None:
        """Go on with the rows at these places only, in ascending order."""
        ...


class Engine(Protocol[Memory]):
    """Runs a model; what it says of one row depends on that row alone, whatever the rows beside it and their number."""

    @property
    def limit(self) -> int:
        """How many tokens prompt and text may have together."""
        ...

    @property
    def ends(self) -> frozenset[int]:
        """The tokens that end a text."""
        ...

    @property
    def vocabulary(self) -> int:
        """How many tokens have a score."""
        ...

    def read(self, turns: Sequence[Turn]) -> tuple[Memory, Scores]:
        """Return what is kept of a prompt, and the scores of the first token after it."""
        ...

    def batch(self, memories: Sequence[Memory]) -> Batch:
        """Return rows that go on from prompts that were read."""
        ...


class Read(Generic[Piece]):
    """Stretches of prompts that were read before, the latest used kept, up to a number of tokens."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Turn, ...], Piece] = OrderedDict()
        self._tokens = 0

    def get(self, turns: tuple[Turn, ...], read: Callable[[], Piece]) -> Piece:
        """Return what is known of the last of these turns after those before it, read now if it was not before."""
        if turns in self._kept:
            self._kept.move_to_end(turns)
            return self._kept[turns]
        piece = self._kept[turns] = read()
        self._tokens += len(turns[-1])
        while self._tokens > self._most and len(self._kept) > 1:
            gone, _ = self._kept.popitem(last=False)
            self._tokens -= len(gone[-1])
        return piece
