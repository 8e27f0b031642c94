"""From what was typed at a root to the one node that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import process

from kg.errors import AmbiguousName, UnknownName
from kg.query.parts import Plan
from kg.schema import NODE_BY_LABEL
from kg.statements import Statement, fixed

_CURIE = re.compile(r"^[A-Za-z][A-Za-z0-9_.]*:\S+$")
_ICD = re.compile(r"^[A-Za-z]\d[0-9A-Za-z](\.?[0-9A-Za-z]{1,4})?$")
# The prefixes that people leave out of an id.
_BARE: Final[Mapping[str, tuple[str, ...]]] = {
    "Drug": ("DRUGBANK", "ATC"),
    "Disease": ("DOID", "MKG"),
    "Symptom": ("MESH", "SYMP", "HP", "MKG"),
    "DrugClass": ("ATC", "NDFRT"),
    "SideEffect": ("UMLS", "MKG"),
    "IcdCode": ("ICD10", "ICD10CM"),
}
_LUCENE = re.compile(r'([+\-!(){}\[\]^"~*?:\\/&|])')

Wanted = tuple[str, str]  # kind of node, text


def wanted_by(plan: Plan) -> tuple[Wanted, ...]:
    """Return what a plan's roots name, once each, in order."""
    return tuple(dict.fromkeys((start.label, name) for start in plan.starts() for name in start.names))


def taken_as_ids(wanted: Sequence[Wanted]) -> dict[Wanted, str] | None:
    """Return each name as the id it looks like, or None when one of them looks like no id."""
    if all(_CURIE.match(text) for _, text in wanted):
        return {want: want[1] for want in wanted}
    return None


def lookup_ids(wanted: Sequence[Wanted]) -> Statement:
    """Return the statement that looks all of them up as ids and codes."""
    return fixed("read/resolve_ids", rows=[_row(kind, text) for kind, text in wanted])


def lookup_names(wanted: Sequence[Wanted]) -> Statement:
    """Return the statement that looks all of them up as names and synonyms."""
    return fixed("read/resolve_names", rows=[_row(kind, text) for kind, text in wanted])


def lookup_gone(wanted: Sequence[Wanted]) -> Statement:
    """Return the statement that looks all of them up among what was removed and what was called otherwise before."""
    return fixed("read/resolve_gone", rows=[_row(kind, text) for kind, text in wanted])


def nearest(kind: str, text: str) -> Statement:
    """Return the statement that looks for names that resemble `text`."""
    # In small letters, as the index has them: AND, OR and NOT would be operators.
    words = [f"{_escaped(word.lower())}~" for word in text.split()[:8]]
    return fixed("read/nearest", kind=kind, phrase=" ".join(words) or '""', limit=50)


@dataclass(frozen=True, slots=True)
class Resolved:
    """For each name the id it means, and how many edges there are at that node."""

    ids: Mapping[Wanted, str]
    degrees: Mapping[Wanted, int]

    def joined(self, other: Resolved) -> Resolved:
        """Return both."""
        return Resolved({**self.ids, **other.ids}, {**self.degrees, **other.degrees})


def chosen(wanted: Sequence[Wanted], rows: Iterable[Mapping[str, Any]]) -> tuple[Resolved, list[Wanted]]:
    """Return the id for each wanted name that has one, and the names that nothing has.

    Raises AmbiguousName when a name means several nodes in the same way: exact ids come before codes, codes before
    names, names before synonyms.
    """
    best: dict[int, tuple[int, list[Mapping[str, Any]]]] = {}
    for row in rows:
        place, way = row["place"], row["way"]
        if place not in best or way < best[place][0]:
            best[place] = (way, [])
        if way == best[place][0]:
            best[place][1].append(row)
    ids: dict[Wanted, str] = {}
    degrees: dict[Wanted, int] = {}
    missing: list[Wanted] = []
    for place, want in enumerate(wanted):
        found = best.get(place, (0, []))[1]
        if len(found) > 1:
            told = tuple((row["id"], row["name"]) for row in found)
            raise AmbiguousName(
                f"{want[1]!r} is the {_spoken(want[0])} of {len(found)} ids",
                candidates=told,
                hint="Name one by its id: " + ", ".join(f"{key} ({name})" for key, name in told[:8]) + ".",
            )
        if found:
            ids[want], degrees[want] = found[0]["id"], found[0]["degree"]
        else:
            missing.append(want)
    return Resolved(ids, degrees), missing


def unknown(want: Wanted, rows: Sequence[Mapping[str, Any]]) -> UnknownName:
    """Return the error for a name that nothing has, with the nearest one there is."""
    kind, text = want
    by_name = {name: row["id"] for row in rows for name in row["names"]}
    code = code_of(text.strip())
    if code and kind in ("Disease", "IcdCode"):
        return UnknownName(
            f"No {_spoken(kind)} has the code {code}",
            hint="`mkg load core` loads the shipped graph, `mkg load` others; `mkg doctor` shows what is there.",
        )
    near = process.extractOne(text, list(by_name), processor=str.casefold, score_cutoff=50)
    hint = (
        f"Did you mean {near[0]} ({by_name[near[0]]})?"
        if near
        else "`mkg doctor` shows what is loaded; `mkg load core` loads the shipped graph."
    )
    return UnknownName(f"No {_spoken(kind)} is called {text!r}", hint=hint)


def code_of(text: str) -> str | None:
    """Return an ICD-10 code in its one form (`J20.9`), or None when the text is none."""
    if not _ICD.match(text):
        return None
    bare = text.upper().replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def _row(kind: str, text: str) -> dict[str, Any]:
    clean = text.strip()
    code = code_of(clean)
    bare = re.match(r"^[A-Za-z0-9_\-]+$", clean)
    ids = [clean] if _CURIE.match(clean) else []
    if bare:
        ids += [f"{prefix}:{clean}" for prefix in _BARE[kind]]
    codes = [f"ICD10:{code}", f"ICD10CM:{code}"] if code else []
    if kind in ("Disease", "IcdCode") and _CURIE.match(clean):
        codes.append(clean)
    phrase = '"' + " ".join(_escaped(word) for word in clean.split()) + '"'
    return {"kind": kind, "ids": ids, "codes": codes, "atc": clean.upper(), "lower": clean.lower(), "phrase": phrase}


def _escaped(word: str) -> str:
    return _LUCENE.sub(r"\\\1", word)


def _spoken(label: str) -> str:
    return NODE_BY_LABEL[label].root.replace("_", " ")
