"""Rows as the real writer makes them over the hand-written graph, so that the format of a row cannot drift away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from generator.model import Stop, Tell
from generator.notes import generate_notes
from generator.prompt import Prompt, Sampling
from generator.recipe import find_recipe
from tests.unit.generator.hand_graph import DISEASES, HandGraph
from tests.unit.generator.scribe import given

CODES = tuple(row[0] for row in DISEASES.values())
OPENINGS = ("A {0} comes with {1}.", "Seen today, a {0}; troubled by {1}.", "This {0} tells of {1}.")
CLOSINGS = ("It is {0}. We give {1}.", "Impression: {0}. Plan: {1}.", "Findings fit {0}, so {1} is started.")


@dataclass
class Pen:
    """A model that says its facts in one of a few ways, and makes something up for the codes in `slips`."""

    slips: tuple[str, ...] = ()
    name: str = "pen"
    fingerprint: str = "f00d"
    width: int = 1

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        return [self._write(prompt, seed) for prompt, seed in zip(prompts, seeds, strict=True)]

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        raise NotImplementedError

    def _write(self, prompt: Prompt, seed: int) -> str:
        lines = given(prompt)
        if "Patient" not in lines:
            found = [value for name, value in lines.items() if name != "Пациент"]
            return f"На приёме пациент. Отмечается: {', '.join(found)}."
        opening = OPENINGS[seed % len(OPENINGS)].format(lines["Patient"], lines.get("Complaints", "little"))
        drugs = lines.get("Drugs", "rest").replace(", ", " and ")
        closing = CLOSINGS[seed // 7 % len(CLOSINGS)].format(lines["Diagnosis"], drugs)
        slip = " There is a rash as well." if any(f"({code})" in lines["Diagnosis"] for code in self.slips) else ""
        return f"{opening} {closing}{slip}"


def write_rows(
    out: Path, count: int = 3, codes: Sequence[str] = CODES, recipe: str = "outpatient-en", **model: Any
) -> Path:
    """Write `count` notes for each code to `out` with a manifest beside it, and return `out`."""
    anyio.run(partial(generate_notes, HandGraph(), Pen(**model), find_recipe(recipe), list(codes), count, 7, out))
    return out


def rows_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def changed(path: Path, out: Path, change: Any) -> Path:
    """Write the rows of a file to another one, each as `change(number, row)` left it."""
    rows = rows_in(path)
    for number, row in enumerate(rows):
        change(number, row)
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return out
