"""Where the bars of the report's charts stand, in units of their own picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 640
_LABELS: Final = 130
_NUMBERS: Final = 90
_ROW: Final = 28
_THICK: Final = 18
_TALL: Final = 160
_FOOT: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `look` is its word for CSS, `says` what it stands for."""

    x: float
    y: float
    width: float
    height: float
    look: str
    says: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text beside bars; `anchor` is its side that stands at `x`."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and words in a picture of WIDTH by `height`; `title` says what is seen, to who cannot see it."""

    title: str
    height: float
    bars: tuple[Bar, ...]
    words: tuple[Word, ...]


def across(title: str, rows: Sequence[tuple[str, Mapping[str, int], int]]) -> Chart:
    """Return lying bars, one a row: its name, its parts by their looks, and what the whole length stands for."""
    bars: list[Bar] = []
    words: list[Word] = []
    room = WIDTH - _LABELS - _NUMBERS
    for number, (name, parts, whole) in enumerate(rows):
        y, x = number * _ROW + (_ROW - _THICK) / 2, float(_LABELS)
        bars.append(Bar(x, y, room, _THICK, "empty", f"{name}: {whole} in all"))
        for look, part in parts.items():
            width = room * min(1.0, part / whole) if whole else 0.0
            if width:
                bars.append(Bar(round(x, 2), y, round(width, 2), _THICK, look, f"{name}: {part} of {whole} {look}"))
            x += width
        words.append(Word(_LABELS - 8, y + _THICK - 5, "end", name))
        words.append(Word(WIDTH - _NUMBERS + 8, y + _THICK - 5, "start", f"{next(iter(parts.values()))}/{whole}"))
    return Chart(title, max(1, len(rows)) * _ROW, tuple(bars), tuple(words))


def histogram(title: str, bins: Sequence[Mapping[str, Any]]) -> Chart:
    """Return standing bars for bins of `from`, `to` and `notes`."""
    most = max((each["notes"] for each in bins), default=0)
    step = WIDTH / max(1, len(bins))
    bars: list[Bar] = []
    words: list[Word] = []
    for number, each in enumerate(bins):
        height = round(_TALL * each["notes"] / most, 2) if most else 0.0
        says = f"{each['from']} to {each['to']} words: {each['notes']} notes"
        bars.append(
            Bar(round(number * step + 1, 2), round(_TALL - height, 2), round(step - 2, 2), height, "told", says)
        )
        if number % max(1, len(bins) // 10) == 0:
            words.append(Word(round((number + 0.5) * step, 2), _TALL + 16, "middle", str(each["from"])))
    return Chart(title, _TALL + _FOOT, tuple(bars), tuple(words))
