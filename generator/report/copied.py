"""Long runs of words that a note has in common with an example: what a model learned by heart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

import yaml

RUN: Final = 12

_WORD = re.compile(r"\w+")
# libyaml is ten times as fast; a build of PyYAML without it reads the same.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Copied:
    """A run of at least RUN words, as long as it goes, from character `start` to before `end` of the note."""

    words: int
    start: int
    end: int


class Examples:
    """All runs of RUN words of the texts that notes are compared with; case and punctuation do not count."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._runs: set[int] = set()
        self._known: set[str] = set()
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Take a text in; one that is known already costs nothing."""
        if text not in self._known:
            self._known.add(text)
            said = _WORD.findall(text.casefold())
            self._runs.update(hash(tuple(said[at : at + RUN])) for at in range(len(said) - RUN + 1))

    def copied(self, text: str) -> tuple[Copied, ...]:
        """Return the runs of the text that stand in an example; those that overlap are one."""
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text.casefold())]
        found: list[list[int]] = []
        for at in range(len(words) - RUN + 1):
            if hash(tuple(said for said, _, _ in words[at : at + RUN])) in self._runs:
                if found and at <= found[-1][1]:
                    found[-1][1] = at + RUN
                else:
                    found.append([at, at + RUN])
        return tuple(Copied(last - first, words[first][1], words[last - 1][2]) for first, last in found)


@cache
def shipped_texts() -> tuple[str, ...]:
    """Return the text of every example note that comes with the generator."""
    return tuple(
        item["text"]
        for file in _files(resources.files("generator") / "examples")
        for item in yaml.load(file.read_text(encoding="utf-8"), _LOADER) or ()  # noqa: S506  # a safe loader
    )


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith(".yaml"):
            yield entry
