"""The formatter: a question in its one form, its remarks on lines of their own above it."""

from __future__ import annotations

import re

from kg.query.parse import parse
from kg.query.spell import to_text

# A name may hold a `#`, so names are stepped over.
_NAME_OR_REMARK = re.compile(r'"(?:\\.|[^"\\\n])*"|#([^\n]*)')


def formatted(text: str) -> str:
    """Return the question in its one form; raises a QueryError when it is none."""
    question = to_text(parse(text))
    return "\n".join([*(f"# {remark}".rstrip() for remark in remarks(text)), question])


def remarks(text: str) -> list[str]:
    """Return what stands after each `#`, in order."""
    return [found.group(1).strip() for found in _NAME_OR_REMARK.finditer(text) if found.group(1) is not None]
