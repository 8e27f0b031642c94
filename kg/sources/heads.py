"""How slots recognise files: by the columns of the first line, and by dates and versions in a file's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from kg.sources.format import Head

_DATED: Final = re.compile(r"(?<!\d)((?:19|20)\d\d-\d\d(?:-\d\d)?)(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def with_columns(delimiter: str, *columns: str) -> Callable[[Head], bool]:
    """Return a test for files whose first line has these columns, in any order and among others."""
    wanted = frozenset(columns)
    return lambda head: wanted <= set(head.columns(delimiter))


def with_header(delimiter: str, *columns: str) -> Callable[[Head], bool]:
    """Return a test for files whose first line is these columns, in this order and no others."""
    return lambda head: head.columns(delimiter) == columns


def first_lines(head: Head, count: int) -> list[str]:
    """Return up to `count` whole lines from the beginning, without their ends and without empty ones."""
    lines = [line.rstrip("\r") for line in head.text.split("\n", count)[:count]]
    return [line for line in lines if line.strip()]


def version_in(name: str) -> str:
    """Return the date or year in a file's name, or `undated`."""
    found = _DATED.search(name) or _YEAR.search(name)
    return found[1] if found else "undated"
