"""A file of rows with what the second judge says of each, and a manifest, beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from generator.exports.note import Note
from generator.exports.rows import read_lines, read_note, row_files
from generator.exports.tally import hash_of, hashes_of
from generator.exports.target import refuse_existing, refuse_source, whole_files
from generator.jsonl import FORMAT
from generator.scoring.judge import LANGUAGE, Judge, Judged
from generator.scoring.limits import Limits

# Vectors differ in their last digits with the number of threads.
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Scored:
    """What came of it. `facts`, `told`, `invented` and `notes_with_invented` are of the judged notes that were kept."""

    out: Path
    read: int
    judged: int
    passed: int
    written: int
    facts: int
    told: int
    invented: int
    notes_with_invented: int
    dry: bool

    def as_json(self) -> dict[str, Any]:
        """Return the summary that `--json` prints."""
        return {
            "out": str(self.out),
            "read": self.read,
            "judged": self.judged,
            "passed": self.passed,
            "written": self.written,
            "facts": self.facts,
            "told": self.told,
            "told_share": round(self.told / self.facts, _DIGITS) if self.facts else None,
            "invented": self.invented,
            "notes_with_invented": self.notes_with_invented,
            "notes_with_invented_share": (
                round(self.notes_with_invented / self.judged, _DIGITS) if self.judged else None
            ),
            "dry_run": self.dry,
        }


def write_scored(
    source: Path,
    out: Path,
    judge: Judge,
    limits: Limits,
    *,
    only_passed: bool = False,
    overwrite: bool = False,
    dry: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Scored:
    """Copy the rows to `out`, each with `scores` and `second` added: what was told, missed and invented, and `passed`.

    Rows that the check rejected and rows in a language that the judge does not read stay as they are, and are left out
    with `only_passed`. `<out>.manifest.json` says what it was made from. Raises OutputRefused and RowsInvalid.
    """
    manifest = out.with_name(out.name + ".manifest.json")
    for path in (out, manifest):
        refuse_existing(path, overwrite=overwrite)
    refuse_source(row_files(source), out, manifest)
    counts: Counter[str] = Counter()

    def go(keep: Callable[[bytes], object]) -> None:
        for line in read_lines(source):
            note = read_note(line)
            counts["read"] += 1
            row: dict[str, Any] = orjson.loads(line.raw)
            passed = False
            if note.language == LANGUAGE and not note.rejected:
                found = _judged(judge, note)
                passed = limits.passed(found.scores)
                _count(counts, note, found, passed=passed)
                row |= _fields(found, passed=passed)
            if passed or not only_passed:
                counts["written"] += 1
                keep(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            if progress is not None:
                progress(counts["read"])

    if dry:
        go(lambda _: None)
    else:
        made_from = hashes_of(source)
        with whole_files(out, manifest, overwrite=overwrite) as (rows_at, manifest_at):
            with rows_at.open("wb") as rows:
                go(rows.write)
            run = {
                "format": FORMAT,
                "made_from": made_from,
                "judge": judge.fingerprint,
                "symptoms_recall": limits.symptoms_recall,
                "anamnesis_precision": limits.anamnesis_precision,
                "only_passed": only_passed,
                "rows": counts["written"],
            }
            noted = {"run": run, "sha256": hash_of(rows_at)}
            manifest_at.write_bytes(orjson.dumps(noted, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    names = ("read", "judged", "passed", "written", "facts", "told", "invented", "notes_with_invented")
    return Scored(out, **{name: counts[name] for name in names}, dry=dry)


def _judged(judge: Judge, note: Note) -> Judged:
    facts = {fact.id: fact.term_ids for fact in note.facts}
    return judge.judge(note.text, facts, note.symptoms, note.shown)


def _count(counts: Counter[str], note: Note, found: Judged, *, passed: bool) -> None:
    counts["judged"] += 1
    counts["passed"] += passed
    counts["facts"] += len(note.facts)
    counts["told"] += len(found.told)
    counts["invented"] += len(found.invented)
    counts["notes_with_invented"] += bool(found.invented)


def _fields(found: Judged, *, passed: bool) -> dict[str, Any]:
    return {
        "scores": {name: round(score, _DIGITS) for name, score in found.scores.items()},
        "second": {
            "told": list(found.told),
            "missed": list(found.missed),
            "invented": [
                {
                    "said": place.said,
                    "start": place.start,
                    "end": place.end,
                    "term_ids": sorted(place.term_ids),
                    "similarity": round(place.similarity, _DIGITS),
                }
                for place in found.invented
            ],
            "passed": passed,
        },
    }
