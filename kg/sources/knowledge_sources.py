"""The sources that collections name for their rows: one spelling, and the licence where it is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kg.changes import AUTHORITY

UNKNOWN_LICENCE: Final = "not told"
# Named by the collections, and by their own pages. What is not listed keeps the licence that the file tells.
_LICENCES: Final[Mapping[str, str]] = {
    "disease-ontology": "CC0-1.0",
    "doid": "CC0-1.0",
    "drugbank": "CC BY-NC 4.0",
    "drugcentral": "CC BY 4.0",
    "hetionet": "CC0-1.0",
    "hpo": "HPO licence",
    "hpo-annotations": "HPO licence",
    "mondo": "CC BY 4.0",
    "orphanet": "CC BY 4.0",
    "pharmacotherapydb": "CC0-1.0",
    "sider": "CC BY-NC-SA 4.0",
    "sider-4.1": "CC BY-NC-SA 4.0",
}
_URLS: Final[Mapping[str, str]] = {
    "publicdomain/zero/1.0": "CC0-1.0",
    "licenses/by/3.0": "CC BY 3.0",
    "licenses/by/4.0": "CC BY 4.0",
    "licenses/by-nc/4.0": "CC BY-NC 4.0",
    "licenses/by-sa/4.0": "CC BY-SA 4.0",
    "licenses/by-nc-sa/4.0": "CC BY-NC-SA 4.0",
}
_MAX: Final = 80
_OTHER: Final = re.compile(r"[^a-z0-9.]+")


def source_name(text: str) -> str:
    """Return a source's name in one spelling, for instance `hpo-annotations` for `infores:hpo-annotations`."""
    name = _OTHER.sub("-", text.strip().lower().removeprefix("infores:")[:_MAX]).strip("-")
    # A file tells at second hand what a curator or the shipped graph said; it does not speak with their authority.
    return f"{name}-copy" if name in AUTHORITY else name


def licence_named(text: str) -> str:
    """Return the licence that a text names by its address; empty when it names none that is known."""
    return next((known for url, known in _URLS.items() if url in text), "")


def licence_of(source: str, otherwise: str = UNKNOWN_LICENCE) -> str:
    """Return the licence of a source, or `otherwise` when it is not known here."""
    return _LICENCES.get(source, otherwise)
