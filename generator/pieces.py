"""A text that grows while it is decoded, told in pieces that add up to the text as it ends."""

from __future__ import annotations

from typing import Final

from generator.model import Tell

# What a tokenizer writes for bytes that are not a whole letter yet.
_UNFINISHED: Final = "\ufffd"


class Pieces:
    """Tells what is new each time more of a text is known.

    White space at the end waits for what follows, because the text is stripped in the end. A tokenizer that takes
    back what it wrote (`do n` becoming `don't`) is followed no further: pieces are a preview, the text is what counts.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told = ""

    def grown(self, text: str) -> None:
        """Tell what is new in a text that may still grow."""
        self._hear(text.rstrip(_UNFINISHED).strip())

    def whole(self, text: str) -> None:
        """Tell the rest of the text now that it is finished."""
        self._hear(text)

    def _hear(self, text: str) -> None:
        if len(text) > len(self._told) and text.startswith(self._told):
            self._tell(text[len(self._told) :])
            self._told = text
