"""ICD-10-CM of the United States: the tabular list (XML), the list of codes and the order file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

from kg.errors import DataError
from kg.sources.cells import short
from kg.sources.checked import checked, fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.heads import first_lines, version_in
from kg.sources.icd_tree import code_node, roman, some_synonyms, usual_code
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Place, Problem, Record
from kg.sources.xml_events import Closed, Opened, xml_events
from kg.values import Edge

_SYSTEM: Final = "ICD10CM"
_LEVELS: Final = ("chapter", "section", "diag")
# Behind the name of a chapter or block stands what it holds: `(A00-B99)`, `(C50)`.
_RANGE: Final = re.compile(r"\s*\([A-Z][\dA-Z]{2}(?:-[A-Z][\dA-Z]{2})?\)$")
_VERSION: Final = re.compile(r"<version>\s*([\w.\-]{1,20})\s*</version>")
_CODE_LINE: Final = re.compile(r"([A-Z][\dA-Z]{2,6}) +(\S.*)")
_ORDER_LINE: Final = re.compile(r"\d{5} [A-Z][\dA-Z]{2,6} *[01] \S")


@dataclass(slots=True)
class _Frame:
    """A chapter, section or diagnosis that is open: its code when that is known, its name and other terms."""

    element: str
    line: int
    code: str = ""
    told: str = ""
    name: str = ""
    terms: list[str] = field(default_factory=list[str])


def read_tabular(text: Text, origin: Origin) -> Iterator[Record]:
    """Yield chapters, blocks and codes with PART_OF; terms that the list includes become synonyms, a few of them."""
    evidence = origin.evidence("icd10cm tabular list")
    frames: list[_Frame] = []
    path: list[str] = []
    known: set[str] = set()
    for event in xml_events(text):
        if isinstance(event, Problem):
            yield event
            return
        if isinstance(event, Opened):
            path.append(event.name)
            if event.name in _LEVELS:
                frame = _Frame(event.name, event.line)
                if event.name == "section":
                    _set_code(frame, event.attributes.get("id", ""))
                frames.append(frame)
            continue
        path.pop()
        if not frames:
            continue
        frame = frames[-1]
        if event.name == frame.element:
            frames.pop()
            problem = _problem(frame, text.name, known)
            if problem:
                yield problem
                continue
            known.add(frame.code)
            place = Place(text.name, frame.line)
            terms = some_synonyms(frame.name, frame.terms)
            yield checked(code_node(_SYSTEM, frame.code, {"en": frame.name}, {"en": terms} if terms else {}), place)
            wider = next((above.code for above in reversed(frames) if above.code), None)
            if wider:
                yield checked(Edge("PART_OF", f"{_SYSTEM}:{frame.code}", f"{_SYSTEM}:{wider}", (evidence,)), place)
        else:
            _note(frame, path, event)


def _note(frame: _Frame, path: Sequence[str], event: Closed) -> None:
    """Keep what an element inside a chapter, section or diagnosis tells about it."""
    within = path[-1] if path else ""
    if within == frame.element and event.name == "name":
        _set_code(frame, event.text)
    elif within == frame.element and event.name == "desc":
        frame.name = event.text if frame.element == "diag" else _RANGE.sub("", event.text)
    elif within == "inclusionTerm" and event.name == "note":
        frame.terms.append(event.text)


def _set_code(frame: _Frame, told: str) -> None:
    frame.told = told
    if frame.element == "chapter":
        frame.code = roman(int(told)) if len(told) <= 2 and told.isdecimal() and 0 < int(told) < 30 else ""
        return
    # A block of one category is told by that category.
    spelled = f"{told}-{told}" if frame.element == "section" and "-" not in told else told
    frame.code = usual_code(_SYSTEM, spelled) or ""


def _problem(frame: _Frame, file: str, known: Collection[str]) -> Problem | None:
    place = Place(file, frame.line, frame.element)
    if not frame.code:
        message = f"{short(frame.told)!r} is not the code of a {frame.element}"
        return fault(place, "icd-form", frame.told, message, "Fetch the file again.")
    if frame.code in known:
        return fault(place, "code-twice", frame.code, f"{frame.code} is told a second time", "Keep one of the two.")
    if not frame.name:
        return fault(place, "empty-name", frame.code, f"{frame.code} has no description", "Fetch the file again.")
    return None


def read_codes(text: Text, origin: Origin, known: Collection[str]) -> Iterator[Record]:
    """Yield the codes of a codes file or an order file, and PART_OF the next wider code that is known.

    `known` holds the codes of all files. A list of billable codes alone does not tell the wider ones.
    """
    evidence = origin.evidence("icd10cm list of codes")
    left_out = LeftOut()
    seen: set[str] = set()
    for line, raw in enumerate(text, start=1):
        if not raw.strip():
            continue
        place = Place(text.name, line)
        told, name = _cells(raw)
        code = usual_code(_SYSTEM, told)
        if code is None or not name:
            message = "the line is not a code and its description"
            yield fault(place, "line-form", raw.strip(), message, "Write A000, spaces and the description.")
            continue
        if code in seen:
            yield fault(place, "code-twice", code, f"{code} is told a second time", "Keep one of the two.")
            continue
        seen.add(code)
        yield checked(code_node(_SYSTEM, code, {"en": name}), place)
        if len(code) == 3:
            continue
        wider = _wider(code, known)
        if wider:
            yield checked(Edge("PART_OF", f"{_SYSTEM}:{code}", f"{_SYSTEM}:{wider}", (evidence,)), place)
        else:
            message = "the file has no wider code for it"
            left_out.add(
                place, "no-wider-code", code, message, "Load the tabular list (XML) or the order file as well."
            )
    yield from left_out.told()


def _cells(line: str) -> tuple[str, str]:
    """Return code and description of a line; in an order file the long one, which begins in column 78."""
    line = line.rstrip()
    if _ORDER_LINE.match(line):
        return line[6:13].strip(), line[77:].strip() or line[16:76].strip()
    found = _CODE_LINE.fullmatch(line)
    return (found[1], found[2]) if found else ("", "")


def _wider(code: str, known: Collection[str]) -> str | None:
    for length in range(len(code) - 1, 2, -1):
        wider = code[:length].rstrip(".")
        if wider in known:
            return wider
    return None


def _known(files: Files) -> frozenset[str]:
    found: set[str] = set()
    for text in files["tabular"]:
        for event in xml_events(text):
            if isinstance(event, Closed) and event.name == "name":
                code = usual_code(_SYSTEM, event.text)
                found |= {code} if code else set()
    for text in (*files["codes"], *files["order"]):
        for line in text:
            code = usual_code(_SYSTEM, _cells(line)[0])
            found |= {code} if code else set()
    return frozenset(found)


def _plan(files: Files) -> Sequence[Part]:
    if not any(files.values()):
        raise DataError("there is no file of ICD-10-CM", hint="Name the tabular XML, the codes file or the order file.")
    # Both lists ask for it, and each may be read several times.
    known = cache(partial(_known, files))
    parts: list[Part] = []
    for text in files["tabular"]:
        found = _VERSION.search(next(iter(text.pieces()), ""))
        origin = _origin(found[1] if found else version_in(text.name))
        parts.append(origin.part(partial(read_tabular, text, origin)))
    for text in (*files["codes"], *files["order"]):
        origin = _origin(version_in(text.name))
        parts.append(origin.part(lambda text=text, origin=origin: read_codes(text, origin, known())))
    return parts


def _origin(version: str) -> Origin:
    return Origin("icd10cm", version, "public domain", "ICD-10-CM, CDC and CMS")


def _is_codes(head: Head) -> bool:
    lines = first_lines(head, 10)
    return bool(lines) and all(_CODE_LINE.fullmatch(line) and usual_code(_SYSTEM, line.split()[0]) for line in lines)


def _is_order(head: Head) -> bool:
    lines = first_lines(head, 10)
    return bool(lines) and all(map(_ORDER_LINE.match, lines))


FORMAT: Final = Format(
    "icd10cm",
    "ICD-10-CM: tabular list, codes and order file",
    "Public domain (US government work); ICD-10 itself is copyright WHO.",
    (
        Slot("tabular", "the tabular list, XML", lambda head: "<ICD10CM.tabular" in head.text[:4096], required=False),
        Slot("codes", "icd10cm-codes-YYYY.txt: code, spaces, description", _is_codes, required=False),
        Slot("order", "icd10cm-order-YYYY.txt, fixed width", _is_order, required=False),
    ),
    _plan,
)
