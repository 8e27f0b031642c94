"""The headless tables of SIDER: rows about preferred terms, and what they tell for the first time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.sources.cells import short
from kg.sources.checked import checked, fault
from kg.sources.format import Head, Text
from kg.sources.heads import first_lines
from kg.sources.left_out import LeftOut
from kg.sources.records import Place, Problem, Record
from kg.values import Node, Same

FLAT: Final = re.compile(r"CID1(\d{8})")
_STEREO: Final = re.compile(r"CID0(\d{8})")
_CONCEPT: Final = re.compile(r"C\d{7}")
PUBCHEM: Final = "PUBCHEM.COMPOUND"
LOWER: Final = "only preferred terms of MedDRA are kept"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a headless table has its cells, counted from 0; `lower` is where the bounds of a frequency begin."""

    width: int
    type: int
    concept: int
    name: int
    lower: int | None = None


EFFECTS: Final = Layout(6, 3, 4, 5)
FREQUENCIES: Final = Layout(10, 7, 8, 9, lower=5)


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A row about a preferred term: the ids of drug and effect, and the mean of the bounds if the table has them."""

    line: int
    drug: str
    effect: str
    frequency: float | None


@dataclass(slots=True)
class Told:
    """What is told once for all files: drugs that are one, and effects."""

    pairs: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    effects: set[str] = field(default_factory=set[str])


def effect_rows(text: Text, layout: Layout, told: Told) -> Iterator[EffectRow | Record]:
    """Yield the rows about preferred terms, and what they tell for the first time about drugs and effects."""
    left_out = LeftOut()
    for line, raw in enumerate(text, start=1):
        cells = raw.rstrip("\r\n").split("\t")
        place = Place(text.name, line)
        if len(cells) != layout.width:
            message = f"the row has {len(cells)} cells and this table {layout.width}"
            yield fault(place, "row-width", str(len(cells)), message, "Is a tab lost?")
            continue
        if cells[layout.type] != "PT":
            left_out.add(place, "no-preferred-term", cells[layout.name], LOWER)
            continue
        if layout.lower is not None and cells[3] == "placebo":
            left_out.add(place, "placebo", cells[layout.name], "what was seen under placebo is no effect of the drug")
            continue
        row = _row(text.name, line, cells, layout)
        if isinstance(row, Problem):
            yield row
            continue
        flat = f"{PUBCHEM}:{int(cells[0][4:])}"
        # The flat id stands for all stereoisomers, so it is the same thing only where there is one.
        if flat != row.drug and (flat, row.drug) not in told.pairs:
            told.pairs.add((flat, row.drug))
            yield checked(Same("Drug", row.drug, flat, "xref"), place)
        if row.effect not in told.effects:
            told.effects.add(row.effect)
            yield checked(Node("SideEffect", row.effect, {"en": cells[layout.name]}), place)
        yield row
    yield from left_out.told()


def _row(file: str, line: int, cells: Sequence[str], layout: Layout) -> EffectRow | Problem:
    stereo = _STEREO.fullmatch(cells[1])
    if stereo is None or not FLAT.fullmatch(cells[0]):
        place = Place(file, line, "1" if stereo else "2")
        value = cells[0] if stereo else cells[1]
        return fault(
            place, "id-form", value, f"{short(value)!r} is not a STITCH id", "Write CID1 or CID0 and eight digits."
        )
    concept = cells[layout.concept]
    if not _CONCEPT.fullmatch(concept):
        place = Place(file, line, str(layout.concept + 1))
        return fault(
            place, "id-form", concept, f"{short(concept)!r} is not a concept of UMLS", "Write it like C0000737."
        )
    frequency = None
    if layout.lower is not None:
        bounds = cells[layout.lower : layout.lower + 2]
        frequency = _mean(*bounds)
        if frequency is None:
            place = Place(file, line, str(layout.lower + 1))
            message = "the bounds of the frequency are not two shares in order"
            return fault(place, "bad-frequency", " to ".join(bounds), message, "Give two numbers from 0 to 1.")
    return EffectRow(line, f"{PUBCHEM}:{int(stereo[1])}", f"UMLS:{concept}", frequency)


def _mean(lower: str, upper: str) -> float | None:
    try:
        low, high = float(lower), float(upper)
    except ValueError:
        return None
    return (low + high) / 2 if 0 <= low <= high <= 1 else None


def headless(layout: Layout) -> Callable[[Head], bool]:
    """Return a test for files whose first lines have this layout."""

    def recognises(head: Head) -> bool:
        lines = [line.split("\t") for line in first_lines(head, 5)]
        return bool(lines) and all(
            len(cells) == layout.width and FLAT.fullmatch(cells[0]) and _STEREO.fullmatch(cells[1]) for cells in lines
        )

    return recognises
