"""What the generator makes of illnesses held out from the default adapter, as a user runs it, after all its steps."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import orjson

from bench.children import mkg_load, mkg_writes, server
from bench.figures import Figure, Section, counted
from generator.errors import ModelAnswerInvalid
from generator.models.resolve import resolve_model
from generator.prompt import Message, Prompt, Sampling
from generator.report.copied import Examples, shipped_texts
from generator.report.diversity import distinct, self_bleu, tokens
from generator.report.figures import SAMPLE
from generator.settings import load_generator_settings
from kg.settings import Settings
from training.core import Illness, illnesses
from training.data import make
from training.default import CONVERSATIONS, QUESTIONS, SEED
from training.held_out import held_out

# The part of the notes that is written in Russian as well, which the default model was not made for.
RUSSIAN: Final = 0.05
# Rows of JSON, which are as good after a few dozen as after hundreds: their form is kept to, and so are their names.
_JSON_ROWS: Final = 64
_SEED: Final = 11
_WIDTH: Final = 8
_ROW: Final = "Write one plausible patient of this illness as a JSON object."


@dataclass(frozen=True, slots=True)
class _Written:
    """The rows of a run, its seconds, and what the report and the second judge say of it."""

    rows: Sequence[Mapping[str, Any]]
    seconds: float
    report: Mapping[str, Any]
    second: Mapping[str, Any] | None


def measure(folder: Path, notes: int) -> Section:
    """Write so many notes of held-out codes by the default recipe, a few of them in Russian as well, and rows of JSON.

    Everything is as it comes: `mkg generate notes`, `mkg dataset score`, `mkg dataset report`.
    """
    learned = Examples([*shipped_texts(), *make(CONVERSATIONS, QUESTIONS, SEED).notes])
    figures: list[Figure] = []
    with server(folder, heap="512m", page_cache="64m") as settings:
        mkg_load(settings, "core")
        for language, number in (("en", notes), ("ru", max(1, round(RUSSIAN * notes)))):
            written = _write(settings, folder / language, language, number)
            figures += _figures(language, written, learned)
        figures += _json_rows(settings, min(notes, _JSON_ROWS))
    return Section("Goals of the generator, on codes held out from the default adapter", tuple(figures))


def _write(settings: Settings, folder: Path, language: str, number: int) -> _Written:
    folder.mkdir()
    plan, out = folder / "plan.csv", folder / "notes"
    codes = ",".join(held_out().codes)
    mkg_writes(
        settings, "generate", "plan", "--icd10", codes, "--mode", "uniform", "--total", str(number), "--out", plan
    )
    begun = time.perf_counter()
    recipe = ("--recipe", f"outpatient-{language}", "--seed", str(_SEED))
    mkg_writes(settings, "generate", "notes", "--plan", plan, "--out", out, *recipe, MKG_MODEL_BATCH=_WIDTH)
    seconds = time.perf_counter() - begun
    rows = [orjson.loads(line) for path in sorted(out.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    second = None
    if language == "en":
        second = mkg_writes(settings, "dataset", "score", out, "--out", folder / "scored.jsonl", "--json")
    mkg_writes(settings, "dataset", "report", out, "--out", folder / "report.html", "--json")
    return _Written(rows, seconds, orjson.loads((folder / "report.json").read_bytes()), second)


def _figures(language: str, written: _Written, learned: Examples) -> list[Figure]:
    rows = written.rows
    many = f"{len(rows)} notes by the engine {load_generator_settings().model_engine}"
    status, steps = Counter(row["status"] for row in rows), Counter(row["step"] for row in rows)
    kept = [row for row in rows if row["status"] != "rejected"]
    said = [tokens(row["text"]) for row in kept[:SAMPLE]]
    found = [
        *(
            Figure(f"{kind} recall, {when}", _recall(rows, kind, check), "share", many)
            for kind in ("symptom", "drug")
            for when, check in (("by the model itself", "model_check"), ("after all steps", "check"))
        ),
        *(
            Figure(f"notes with something invented, {when}", _share(rows, check, "invented"), "share", many)
            for when, check in (("by the model itself", "model_check"), ("after all steps", "check"))
        ),
        Figure("accepted at the first try", steps["first"] / len(rows), "share", counted(steps)),
        Figure("accepted after all steps", 1 - status["rejected"] / len(rows), "share", counted(status)),
        Figure(
            "by the model alone, at any try", (steps["first"] + steps["retry"] + steps["repair"]) / len(rows), "share"
        ),
        Figure("self-BLEU-4", self_bleu(said) or 0.0, "0-100", f"{len(said)} notes that were kept"),
        Figure("distinct-2", distinct(said, 2) or 0.0, "share", f"{len(said)} notes that were kept"),
        Figure(
            "notes with 12 words in a row of an example or of a note learned",
            sum(bool(learned.copied(row["text"])) for row in kept),
            "notes",
            f"of {len(kept)}",
        ),
        Figure("near-duplicates", written.report["duplicates"]["notes"], "notes", "3-gram Jaccard from 0.8 on"),
        Figure("words", sum(len(text) for text in said) / max(1, len(said)), "words", "mean"),
        Figure("time", written.seconds / len(rows), "s/note", f"all steps, asking and checking, {_WIDTH} at a time"),
    ]
    if written.second is not None:
        second = written.second
        found += [
            Figure(
                "notes with something invented, second judge",
                second["notes_with_invented"] / max(1, second["judged"]),
                "share",
                f"{second['judged']} notes judged by meaning",
            ),
            Figure("facts told, second judge", second["told"] / max(1, second["facts"]), "share", ""),
        ]
    return [Figure(f"{language}: {figure.what}", figure.value, figure.unit, figure.note) for figure in found]


def _recall(rows: Sequence[Mapping[str, Any]], kind: str, check: str) -> float:
    given = told = 0
    for row in rows:
        ids = {fact["id"] for fact in row["facts"] if fact["kind"] == kind}
        given += len(ids)
        told += len(ids & set(row[check]["told"]))
    return told / given if given else 0.0


def _share(rows: Sequence[Mapping[str, Any]], check: str, what: str) -> float:
    return sum(bool(row[check][what]) for row in rows) / len(rows)


def _json_rows(settings: Settings, number: int) -> list[Figure]:
    """Have the model write patients as JSON, each kept to its illness by a schema made from the graph's own tables."""
    known = [one for one in illnesses() if one.code in held_out().codes]
    asked = [known[row % len(known)] for row in range(number)]
    generator = load_generator_settings()
    model = resolve_model(cache_dir=settings.cache_dir, threads=generator.model_threads, width=_WIDTH)
    valid = belonging = words = words_of_code = 0
    begun = time.perf_counter()
    for at in range(0, number, _WIDTH):
        some = asked[at : at + _WIDTH]
        prompts = [Prompt((Message("user", f"{_ROW} Illness: {one.node.name()}"),), (), _schema(one)) for one in some]
        seeds = range(at, at + len(some))
        try:
            texts = model.generate(prompts, list(seeds), Sampling(max_new_tokens=400, temperature=0.7))
        except ModelAnswerInvalid:
            continue  # counted as not valid
        for one, text in zip(some, texts, strict=True):
            row = json.loads(text)
            valid += jsonschema_rs.is_valid(_schema(one), row)
            told = [*row["symptoms"], *row["drugs"]]
            ours = {node.name() for node, _ in one.symptoms} | {node.name() for node in one.drugs}
            belonging += row["icd10"] == one.code and set(told) <= ours
            words += len(told)
            words_of_code += sum(name in ours for name in told)
    seconds = time.perf_counter() - begun
    return [
        Figure("JSON rows: valid by their schema", valid / number, "share", f"{number} rows, 7 fields"),
        Figure(
            "JSON rows: all of it belongs to the code", belonging / number, "share", f"{words_of_code} of {words} names"
        ),
        Figure("JSON rows: time", seconds / number, "s/row", f"{_WIDTH} at a time, loading included"),
    ]


def _schema(one: Illness) -> dict[str, Any]:
    """Return what a patient of this illness may look like: names and limits are those of the graph."""
    limits = one.node.properties
    symptoms, drugs = [node.name() for node, _ in one.symptoms], [node.name() for node in one.drugs]
    fields: dict[str, Any] = {
        "icd10": {"const": one.code},
        "sex": {"enum": [limits["sex"]] if "sex" in limits else ["female", "male"]},
        "age": {"type": "integer", "minimum": limits.get("age_min", 0), "maximum": limits.get("age_max", 99)},
        "days": {"type": "integer", "minimum": 0, "maximum": 365},
        "temperature": {"type": "number", "minimum": 35, "maximum": 42},
        "symptoms": {"type": "array", "items": {"enum": symptoms}, "minItems": 1, "maxItems": 6},
        "drugs": {"type": "array", "items": {"enum": drugs}, "minItems": 0, "maxItems": 3},
    }
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
