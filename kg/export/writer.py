"""What a format has to be able to do, and the cells that tables are made of."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Protocol

from kg.changes import State
from kg.export.choice import Choice
from kg.export.rows import NodeRow

# All that Python and others take for the end of a line.
_BREAKS: Final = re.compile(r"[\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
BREAK: Final = "tab or line end in a text, written as a space"


class Writer(Protocol):
    """Takes all nodes, then all edges, in order.

    `altered` counts by reason the texts that the format cannot hold as they are.
    """

    altered: Counter[str]

    def node(self, row: NodeRow) -> None:
        """Write a node."""
        ...

    def edge(self, state: State) -> None:
        """Write an edge with its evidence."""
        ...


class Opens(Protocol):
    """Opens what a format writes to, for the length of a `with` block."""

    def __call__(self, path: Path, chosen: Choice) -> AbstractContextManager[Writer]:
        """Open the file, or the files of the folder, at `path`."""
        ...


def plain(value: Any) -> str:
    """Return a value as a table tells it: nothing for None, numbers as short as they can be read back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def one_line(text: str, altered: Counter[str]) -> str:
    """Return a text without tabs and line ends, which tables here cannot hold; count it when that changes it."""
    clean = _BREAKS.sub(" ", text)
    altered[BREAK] += clean != text
    return clean
