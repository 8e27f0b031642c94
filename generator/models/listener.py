"""Hears a local model write: tells what its tokens say, and ends the writing when nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generator.errors import ModelStopped
from generator.model import Stop, Tell
from generator.pieces import Pieces


class Listener:
    """Is handed all tokens of a text after each one is drawn."""

    def __init__(self, decoded: Callable[[Sequence[int]], str], tell: Tell, stop: Stop) -> None:
        self._decoded = decoded
        self._pieces = Pieces(tell)
        self._stop = stop

    def check(self) -> None:
        """Raise ModelStopped when nobody wants the text any more."""
        if self._stop():
            raise ModelStopped("the text is not wanted any more")

    def hear(self, tokens: Sequence[int]) -> None:
        """Tell what the newest token adds; raising is how the writing is ended here and now."""
        self.check()
        self._pieces.grown(self._decoded(tokens))

    def end(self, text: str) -> None:
        """Tell the rest: white space that turned out not to be the last, letters that were not whole."""
        self._pieces.whole(text)
