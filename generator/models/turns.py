"""A conversation in tokens, cut where another may go on differently, and tokens as text again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from generator.errors import ModelRefused
from generator.models.chat import many_tokens, parts, text_tokens
from generator.prompt import Message

# A stretch of a conversation that ends with the rules, with an example, or with what invites the answer.
Turn: TypeAlias = tuple[int, ...]


# How vocabularies write a space: byte-level ones, and those of sentencepiece.
_SPACES: Final = ("\u0120", "\u2581")


class Turns:
    """The tokenizer of a model and its chat template; `tokenizer` is one of transformers."""

    def __init__(self, tokenizer: Any, folder: Path) -> None:
        if not tokenizer.chat_template:
            raise ModelRefused(
                "the model has no chat template, so it was not made to follow instructions",
                place=f"file {folder}",
                hint="Take the Instruct or Chat variant of the model.",
            )
        self.tokenizer = tokenizer
        # Each call makes tens of thousands of strings.
        self._vocabulary: dict[str, int] = tokenizer.get_vocab()
        self._place = f"file {folder}"

    def encode(self, messages: Sequence[Message]) -> tuple[Turn, ...]:
        """Return the conversation in stretches; where it is cut depends on the conversation alone."""
        stretches: list[list[int]] = [[]]
        for part in parts(self.tokenizer, messages, self._place, answered=False):
            stretches[-1] += part.tokens
            if part.turn is not None and part.turn < len(messages) - 1 and messages[part.turn].role != "user":
                stretches.append([])
        return tuple(tuple(stretch) for stretch in stretches if stretch)

    def data(self, text: str) -> list[int]:
        """Return a text in tokens; what looks like a marker in it is text."""
        return text_tokens(self.tokenizer, text)

    def many(self, texts: Sequence[str]) -> list[list[int]]:
        """Return many short texts in tokens, as `data` does for one; several times faster than one after another."""
        return many_tokens(self.tokenizer, texts)

    def beginning_with(self, text: str) -> list[int]:
        """Return the tokens whose own text begins with this one."""
        return self._tokens(lambda piece: piece.startswith(text))

    def joining(self) -> list[int]:
        """Return the tokens that go on with a word: those that begin with a letter and not with a space."""
        # A space as vocabularies write it is no ASCII letter.
        return self._tokens(lambda piece: piece[:1].isascii() and piece[:1].isalpha())

    def joined(self) -> dict[int, tuple[int, ...]]:
        """Return for tokens that are words behind a space those of the word without it, small and with a capital."""
        known = self._vocabulary
        found: dict[int, tuple[int, ...]] = {}
        for piece, token in known.items():
            if piece[:1] in _SPACES and piece[1:].isalpha():
                forms = {piece[1:], piece[1:].lower(), piece[1:].capitalize()}
                found[token] = tuple(sorted(known[form] for form in forms if form in known))
        return found

    def _tokens(self, fits: Callable[[str], bool]) -> list[int]:
        return sorted(token for piece, token in self._vocabulary.items() if fits(piece))

    def decoded(self, tokens: Sequence[int]) -> str:
        """Return the text of these tokens, without special tokens and white space around it."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True)).strip()
