"""Whether the doses that a text gives are those of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from generator.checking.report import Violation
from generator.linking.links import Link
from generator.linking.words import Gap, Word

_NUMBER: Final = r"(\d+(?:[.,]\d+)?)"
# Not a concentration: "48 mg/l". "To" and "до" make a range.
_AMOUNT: Final = re.compile(
    rf"{_NUMBER}(?:\s*(?:to|or|and|-|–|—|до|или)\s*{_NUMBER})?\s*"
    r"(mg|mcg|micrograms?|µg|g|grams?|units?|iu|мг|мкг|г|ед|ме)\b(?!\s*/\s*(?:ml|l|dl|kg|мл|л|кг))",
    re.IGNORECASE,
)
_IN_MILLIGRAMS: Final = {
    **dict.fromkeys(("mg", "мг"), 1.0),
    **dict.fromkeys(("g", "gram", "grams", "г"), 1000.0),
    **dict.fromkeys(("mcg", "microgram", "micrograms", "µg", "мкг"), 0.001),
}
_FAR: Final = 40  # characters between a drug and its dose
_CLOSE: Final = 1e-6


def wrong_doses(
    text: str, words: Sequence[Word], links: Sequence[Link], typical: dict[str, tuple[str, ...]]
) -> Iterator[Violation]:
    """Yield the amounts behind a drug's name that its `typical` doses, by the drug's id, do not have.

    A range of the graph allows what lies in it. Without a typical dose nothing can be said.
    """
    for number, link in enumerate(links):
        known = [
            amount for term_id in link.term_ids for dose in typical.get(term_id, ()) for amount in amounts_in(dose)
        ]
        if not known:
            continue
        stops = [word.start for word in words if word.start >= link.end and word.gap == Gap.STOP]
        # Up to the next name: "paracetamol and ibuprofen 400 mg".
        end = min([*(later.start for later in links[number + 1 :][:1]), *stops[:1], link.end + _FAR])
        for match in _AMOUNT.finditer(text, link.end, min(end + _FAR, len(text))):
            if match.start() < end and not all(_fits(amount, known) for amount in _ends(match)):
                yield Violation("dose", match.group(), *match.span())


def amounts_in(dose: str) -> list[tuple[float, float, str]]:
    """Return the amounts of a dose in words as (least, most, unit); milligrams, grams and micrograms are one unit."""
    found: list[tuple[float, float, str]] = []
    for match in _AMOUNT.finditer(dose):
        ends = _ends(match)
        found.append((min(end[0] for end in ends), max(end[0] for end in ends), ends[0][1]))
    return found


def _ends(match: re.Match[str]) -> list[tuple[float, str]]:
    unit = match.group(3).lower()
    factor = _IN_MILLIGRAMS.get(unit)
    numbers = [float(number.replace(",", ".")) for number in match.group(1, 2) if number]
    return [(number * (factor or 1.0), "mg" if factor else "units") for number in numbers]


def _fits(amount: tuple[float, str], known: Sequence[tuple[float, float, str]]) -> bool:
    value, unit = amount
    return any(
        unit == its_unit and least * (1 - _CLOSE) <= value <= most * (1 + _CLOSE) for least, most, its_unit in known
    )
