"""Codes and terms that the default adapter never sees, so that what it makes of new ones can be measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import yaml

from generator.linking.mentions import mentions
from generator.linking.words import words_of
from generator.seeds import derive
from kg.subgraph import SubgraphNode
from training.core import Illness, illnesses, vocabulary

COUNT: Final = 40
_SEED: Final = 20
_FILE: Final = "held_out.yaml"
_HEAD: Final = """\
# Codes that the default adapter is not trained on, and the terms that only they have: none of them stands in any of its
# training texts. Drawn once by `python -m training held-out`; figures are told apart for these and for all others.
"""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """ICD-10 categories, and ids of the diseases, symptoms and drugs that belong to no other category."""

    codes: tuple[str, ...]
    terms: frozenset[str]

    def names_any(self, text: str) -> bool:
        """Say whether the text names one of the terms, by any of its names."""
        return any(any(one in self.terms for one in found.term_ids) for found in mentions(words_of(text), vocabulary()))


@cache
def held_out() -> HeldOut:
    """Return what the shipped list holds out."""
    told = yaml.safe_load((resources.files("training") / _FILE).read_text(encoding="utf-8"))
    return HeldOut(
        tuple(told["codes"]), frozenset(line["id"] for kind in ("diseases", "symptoms", "drugs") for line in told[kind])
    )


def drawn() -> tuple[Illness, ...]:
    """Return the illnesses to hold out: of each chapter its share, by a seed."""
    order = sorted(illnesses(), key=lambda one: (derive(_SEED, "held out", one.code, one.node.id), one.node.id))
    by_letter: dict[str, list[Illness]] = {}
    for one in order:
        by_letter.setdefault(one.code[0], []).append(one)
    taken = {letter: round(COUNT * len(group) / len(order)) for letter, group in by_letter.items()}
    chosen = [one for letter in sorted(by_letter) for one in by_letter[letter][: taken[letter]]]
    codes = {one.code for one in chosen}
    # A category may have two diseases; both are held out.
    return tuple(one for one in illnesses() if one.code in codes)


def write_list(path: Path) -> None:
    """Write the list of what is held out."""
    chosen = drawn()
    codes = sorted({one.code for one in chosen})
    lines = [_HEAD, f"codes: [{', '.join(codes)}]\n"]
    seen = {node.id for one in illnesses() if one.code not in codes for node in _nodes(one)}
    for kind, title in (("Disease", "diseases"), ("Symptom", "symptoms"), ("Drug", "drugs")):
        alone = {node.id: node for one in chosen for node in _nodes(one) if node.kind == kind and node.id not in seen}
        lines.append(f"{title}:\n")
        lines += [f'  - {{id: "{node.id}", name: "{node.name()}"}}\n' for node in alone.values()]
    path.write_text("".join(lines), encoding="utf-8")


def _nodes(one: Illness) -> list[SubgraphNode]:
    return [one.node, *(node for node, _ in one.symptoms), *one.drugs]
