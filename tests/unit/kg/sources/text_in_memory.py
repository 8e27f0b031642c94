"""A file of a few lines for the tests of sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InMemory:
    """Fits `kg.sources.format.Text`: a name and its lines; a line without an end gets one."""

    name: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, name: str, text: str) -> InMemory:
        """Return the file with this name and this text."""
        return cls(name, tuple(text.splitlines(keepends=True)))

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            yield line if line.endswith("\n") else line + "\n"

    def pieces(self) -> Iterator[str]:
        """Yield the text in short pieces, so that a reader that needs whole lines fails."""
        text = "".join(self)
        for start in range(0, len(text), 1000):
            yield text[start : start + 1000]
