"""The OBO format as text: terms as lists of tags, with the line of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.sources.checked import MAX_SHOWN, fault, not_held
from kg.sources.records import Place, Problem

_TAG: Final = re.compile(r"([A-Za-z_\-]+):\s*(.*)")
_MODIFIERS: Final = re.compile(r"(?<!\\)\{[^{}]*\}$")
_ESCAPE: Final = re.compile(r"\\(.)")
# Behind the id in these stands the name of the other term, as a comment.
_POINTING: Final = frozenset(("is_a", "alt_id", "replaced_by", "consider", "relationship"))


@dataclass(frozen=True, slots=True)
class Tag:
    """A line `name: value`, without trailing modifiers and comment."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Term:
    """A [Term] stanza: the line it begins at and its tags in order."""

    line: int
    tags: tuple[Tag, ...]

    def all(self, name: str) -> Iterator[Tag]:
        """Yield the tags of that name, in order."""
        return (tag for tag in self.tags if tag.name == name)

    def first(self, name: str) -> Tag | None:
        """Return the first tag of that name, or None."""
        return next(self.all(name), None)

    @property
    def id(self) -> str:
        """The term's id; empty when it has none."""
        tag = self.first("id")
        return tag.value if tag else ""


def terms(lines: Iterable[str], file: str) -> Iterator[Term | Problem]:
    """Yield the [Term] stanzas; other stanzas, and lines below the head that are not `tag: value`, are problems."""
    start = 0
    headed = False
    tags: list[Tag] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if line.startswith("["):
            if start:
                yield Term(start, tuple(tags))
            headed = True
            start, tags = (number, []) if line == "[Term]" else (0, [])
            if not start:
                place = Place(file, number)
                why = f"{line[:MAX_SHOWN]} describes no disease or symptom"
                yield not_held(place, "stanza-not-held", line, why, "Nothing to do.")
        elif line and not line.startswith("!"):
            name, value = split_tag(line)
            if name:
                tags.append(Tag(name, value, number))
            elif headed:
                why = "the line is not `tag: value`"
                yield fault(Place(file, number), "line-form", line, why, "Write a tag, a colon and a value.")
    if start:
        yield Term(start, tuple(tags))


def split_tag(line: str) -> tuple[str, str]:
    """Return a line's tag and its value without trailing modifiers and comment, or two empty texts."""
    found = _TAG.match(line.strip())
    if found is None:
        return "", ""
    name, value = found[1], _MODIFIERS.sub("", found[2].rstrip())
    if name in _POINTING:
        value = _MODIFIERS.sub("", value.partition(" !")[0].rstrip())
    if name in ("id", "name"):
        value = unescaped(value)
    return name, value.strip()


def unescaped(text: str) -> str:
    """Return the text as the format means it: a backslash stands before a sign, and before n, t or W for a space."""
    return _ESCAPE.sub(lambda found: " " if found[1] in "ntW" else found[1], text)
