"""One HTML file that tells of a data set, and its figures as JSON beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any, Final

import jinja2
import orjson

from generator.duplicates import DEFAULT_THRESHOLD, DEFAULT_WORDS, without_duplicates
from generator.errors import OutputRefused
from generator.exports.note import Note
from generator.exports.rows import read_notes, row_files
from generator.exports.tally import hashes_of
from generator.exports.target import refuse_existing, refuse_source, whole_files
from generator.report.charts import WIDTH, across, histogram
from generator.report.coloured import Piece, marks_of, pieces
from generator.report.copied import Examples, shipped_texts
from generator.report.diversity import Sample
from generator.report.figures import Gathering
from generator.report.standing import standing

DEFAULT_SEED: Final = 7
# Notes shown: of those that passed, and of those that did not.
SHOWN: Final = 20
SHOWN_REJECTED: Final = 10

_NO_NAME = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as it stands in the report; `anchor` tells its places apart from those of others."""

    anchor: str
    note: Note
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """The two files and the figures in them; `dry` says that nothing was written."""

    out: Path
    json: Path
    figures: Mapping[str, Any]
    dry: bool


def write_report(
    source: Path,
    out: Path,
    *,
    there: Mapping[str, int] | None = None,
    seed: int = DEFAULT_SEED,
    samples: int = SHOWN,
    overwrite: bool = False,
    dry: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Reported:
    """Write `out` (HTML) and the same figures as JSON beside it; the same rows and options give the same bytes.

    `there` are the numbers of nodes in the graph by kind, for what part of it was covered. `seed` draws the notes that
    are shown and those that diversity is measured on. The rows are read twice. Raises OutputRefused and RowsInvalid.
    """
    if out.suffix.lower() not in (".html", ".htm"):
        raise OutputRefused("the report is a page", place=f"file {out}", hint="Name it with .html at the end.")
    beside = out.with_suffix(".json")
    for path in (out, beside):
        refuse_existing(path, overwrite=overwrite)
    refuse_source(row_files(source), out, beside)
    gathering = Gathering(Examples(shipped_texts()), seed)
    drawn = Sample(samples, seed), Sample(min(samples, SHOWN_REJECTED), seed)
    for number, (_, note, pair) in enumerate(without_duplicates(source), start=1):
        gathering.add(note, duplicate=pair is not None)
        drawn[note.rejected].offer(note.id, note.id)
        if progress is not None:
            progress(number)
    chosen = {note_id: place for place, note_id in enumerate(chain(drawn[0].texts(), drawn[1].texts()))}
    shown: list[Shown] = []
    for note in read_notes(source):
        runs = gathering.compare(note)
        if note.id in chosen:
            anchor = f"n{chosen[note.id]}"
            shown.append(Shown(anchor, note, tuple(pieces(note.text, marks_of(note, runs)))))
    shown.sort(key=lambda each: (each.note.rejected, chosen[each.note.id]))
    figures: dict[str, Any] = {
        "source": hashes_of(source),
        **gathering.figures(there),
        "time": standing(source).times(),
    }
    figures["duplicates"] |= {"threshold": DEFAULT_THRESHOLD, "shingle_words": DEFAULT_WORDS}
    if not dry:
        with whole_files(out, beside, overwrite=overwrite) as (page, data):
            page.write_text(render(figures, shown), encoding="utf-8", newline="\n")
            data.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return Reported(out, beside, figures, dry)


def render(figures: Mapping[str, Any], shown: list[Shown]) -> str:
    """Return the page; whatever is filled in is escaped."""
    facts, coverage = figures["facts"], figures["coverage"]
    kinds = [
        (kind.replace("_", " "), {look: counts[look] for look in ("told", "missed", "contradicted")}, counts["given"])
        for kind, counts in facts["by_kind"].items()
    ]
    covered = [
        (name, {"told": each["told"]}, each["given"] if each["there"] is None else each["there"])
        for name, each in coverage.items()
    ]
    charts = {
        "facts": across("Facts told, missed and contradicted, by kind of fact", kinds),
        "coverage": across("What the notes name, of what was given or is in the graph", covered),
        "length": histogram("Notes by their length in words", figures["length"]["histogram"]),
    }
    return _template().render(figures=figures, shown=shown, charts=charts, width=WIDTH)


def anchor_of(text: str) -> str:
    """Return a text so that it can stand in an id of HTML."""
    return _NO_NAME.sub("-", text)


def percent(share: float | None) -> str:
    """Return a share of 0 to 1 in percent, or a dash for none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def number(value: float | None) -> str:
    """Return a number as people read it, or a dash for none."""
    return "–" if value is None else f"{value:,}"


def _template() -> jinja2.Template:
    folder = resources.files("generator") / "report"
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("page.html.jinja", "page.css")}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(texts),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": percent, "number": number, "anchor": anchor_of}
    return environment.get_template("page.html.jinja")
