"""Hears a local model write: tells what its tokens say, and ends the writing when nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.errors import ModelStopped
from generator.model import Stop, Tell
from generator.pieces import Pieces


class Listener:
    """What transformers calls a streamer: it is handed the prompt, then each token as soon as it is drawn."""

    def __init__(self, decoded: Callable[[list[int]], str], tell: Tell, stop: Stop) -> None:
        self._decoded = decoded
        self._pieces = Pieces(tell)
        self._stop = stop
        self._tokens: list[int] = []
        self._begun = False
        self._check()

    def put(self, tokens: Any) -> None:
        """Tell of a token; raising is the only way to end the writing here and now."""
        self._check()
        if not self._begun:
            # What comes first is the prompt.
            self._begun = True
            return
        self._tokens += tokens.reshape(-1).tolist()
        self._pieces.grown(self._decoded(self._tokens))

    def end(self) -> None:
        """Tell the rest: white space that turned out not to be the last, letters that were not whole."""
        self._pieces.whole(self._decoded(self._tokens))

    def _check(self) -> None:
        if self._stop():
            raise ModelStopped("the text is not wanted any more")
