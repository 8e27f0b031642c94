"""What a format of source files is: its name, its licence note, which files it takes and how it reads them.

A source is one module with one `FORMAT`. It opens nothing: it is handed texts that can be gone through as often as it
likes, and answers with records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.sources.records import Record


class Text(Protocol):
    """A file that was opened for a source: decoded, unpacked, and readable again from the beginning each time."""

    @property
    def name(self) -> str:
        """The file's own name, without the folder."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Yield the lines with their ends, CR included; a line of more than a MiB is refused."""
        ...

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces of at most 64 Ki characters, wherever its lines end; for JSON and XML."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, by which a slot recognises it: its name in lower case without .gz or .bz2, and its
    first characters (64 Ki at most)."""

    name: str
    text: str

    @property
    def first_line(self) -> str:
        """The first line without its end."""
        return self.text.partition("\n")[0].rstrip("\r")

    def columns(self, delimiter: str) -> tuple[str, ...]:
        """The cells of the first line, without quotes and the space around them."""
        return tuple(cell.strip().strip('"') for cell in self.first_line.split(delimiter))


@dataclass(frozen=True, slots=True)
class Slot:
    """One sort of file that a format takes. `meaning` is told to the user when the file is missing."""

    name: str
    meaning: str
    recognises: Callable[[Head], bool]
    many: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """What one source tells: its name, version and licence, and its records, which can be read more than once."""

    source: str
    version: str
    licence: str
    records: Callable[[], Iterator[Record]]


Files = Mapping[str, Sequence[Text]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name on the command line, a title, and a note on the licence of the data.

    `plan` is handed the files of each slot (an empty sequence for an optional slot without a file) and returns the
    parts; it may look at the beginnings of the files. It raises DataError when the files do not go together.
    """

    name: str
    title: str
    licence: str
    slots: tuple[Slot, ...]
    plan: Callable[[Files], Sequence[Part]]
