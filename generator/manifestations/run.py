"""A run over many texts: one file for each, kept as soon as it is whole, and two tables at the end."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from generator.errors import OutputRefused
from generator.linking.vocabulary import Vocabulary
from generator.manifestations.listing import SAMPLING, Listed, lines_of, prompt_for, sorted_out
from generator.manifestations.split import parts_of
from generator.manifestations.texts import Entry
from generator.model import Model
from generator.seeds import derive
from generator.tables import write_table
from kg.subgraph import SubgraphNode

ENTRIES: Final = "entries"
SYMPTOMS: Final = "symptoms.csv"
PROPOSALS: Final = "proposals.csv"
_FORMAT: Final = 1

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SymptomSummary:
    """What a run came to: texts, those that were there already, and lines of the answers by what they are."""

    out: Path
    texts: int
    resumed: int
    known: int
    proposals: int
    left_out: Mapping[str, int]


def read_symptoms(
    entries: Sequence[Entry],
    words: Sequence[SubgraphNode],
    model: Model,
    out: Path,
    seed: int = 7,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> SymptomSummary:
    """Write `entries/<id>.json` for each text, then the tables `symptoms.csv` and `proposals.csv`.

    A text whose file is there, of the same text, model, seed and names of the graph, is not read again; one of another
    run is refused unless `overwrite`. `words` are the nodes that can be named. Raises OutputRefused and ModelError.
    """
    vocabulary = Vocabulary.of(words)
    names = _digest_of(words)
    found: dict[str, dict[str, Any]] = {}
    resumed = 0
    for number, entry in enumerate(entries, start=1):
        file = out / ENTRIES / f"{entry.id.replace(':', '_')}.json"
        run = {
            "format": _FORMAT,
            "id": entry.id,
            "text_sha256": entry.digest,
            "model": model.name,
            "model_fingerprint": model.fingerprint,
            "seed": seed,
            "names": names,
        }
        kept = None if overwrite else _kept(file, run)
        if kept is None:
            kept = {"run": run, **_read(entry, vocabulary, model, seed)}
            _write(file, kept)
        else:
            resumed += 1
        found[entry.id] = kept
        if progress is not None:
            progress(number, len(entries))
    return _tables(out, found, {node.id: node for node in words}, resumed)


def _read(entry: Entry, vocabulary: Vocabulary, model: Model, seed: int) -> dict[str, Any]:
    parts = parts_of(entry.text)
    prompts = [prompt_for(part, entry.language) for part in parts]
    seeds = [derive(seed, "symptoms", entry.digest, number) for number in range(len(parts))]
    answers = model.generate(prompts, seeds, SAMPLING)
    listed = list(sorted_out(lines_of(answers), entry.text, vocabulary))
    return {
        "language": entry.language,
        "parts": len(parts),
        "symptoms": [_item(one) for one in listed if one.kind in ("known", "new")],
        "left_out": [{"said": one.said, "kind": one.kind} for one in listed if one.kind not in ("known", "new")],
        "answers": answers,
    }


def _item(one: Listed) -> dict[str, Any]:
    return {"said": one.said, "kind": one.kind, "ids": list(one.ids)}


def _tables(
    out: Path, found: Mapping[str, Mapping[str, Any]], nodes: Mapping[str, SubgraphNode], resumed: int
) -> SymptomSummary:
    known: list[tuple[str, str, str, str]] = []
    new: dict[tuple[str, str], list[tuple[str, Sequence[str]]]] = defaultdict(list)
    left_out: dict[str, int] = defaultdict(int)
    for key, entry in found.items():
        for item in entry["symptoms"]:
            if item["kind"] == "known":
                known += [
                    (key, symptom, nodes[symptom].name(entry["language"]), item["said"]) for symptom in item["ids"]
                ]
            else:
                new[entry["language"], item["said"].casefold()].append((key, item["ids"]))
        for item in entry["left_out"]:
            left_out[item["kind"]] += 1
    write_table(out / SYMPTOMS, ("text", "symptom_id", "name", "said"), sorted(dict.fromkeys(known)))
    rows = [
        (
            said,
            language,
            len(places),
            ";".join(key for key, _ in places),
            ";".join(sorted({k for _, ids in places for k in ids})),
        )
        for (language, said), places in new.items()
    ]
    rows.sort(key=lambda row: (-row[2], row[1], row[0]))
    write_table(out / PROPOSALS, ("name", "language", "texts", "text_ids", "near_symptom_ids"), rows)
    return SymptomSummary(out, len(found), resumed, len(set(known)), len(rows), dict(sorted(left_out.items())))


def _kept(file: Path, run: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        held = orjson.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        held = {}
    other = held.get("run") or {}
    differing = [name for name, value in run.items() if other.get(name) != value]
    if differing:
        raise OutputRefused(
            f"the file belongs to another run: its {', '.join(differing)} differ",
            place=f"file {file}",
            hint="Take another folder with --out, or --overwrite to read all texts again.",
        )
    return held


def _write(file: Path, content: Mapping[str, Any]) -> None:
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as opened:
            opened.write(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except OSError as error:
        raise OutputRefused(
            f"the file cannot be written: {error.strerror}",
            place=f"file {file}",
            hint="Check the folder, its rights and the space on the disk.",
        ) from error


def _digest_of(words: Sequence[SubgraphNode]) -> str:
    digest = hashlib.sha256()
    for node in sorted(words, key=lambda node: node.id):
        digest.update(
            orjson.dumps([node.id, node.kind, dict(node.names), {k: list(v) for k, v in node.synonyms.items()}])
        )
    return digest.hexdigest()[:16]
