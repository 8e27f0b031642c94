"""In which language a name is, by its letters."""

from __future__ import annotations

import re
from typing import Final

_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


def language_of(name: str) -> str:
    """Return `ru` for a name with Cyrillic letters, else `en`."""
    return "ru" if _CYRILLIC.search(name) else "en"
