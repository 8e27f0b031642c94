"""The core graph as it lies in its tables: what the default adapter learns to tell."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from generator.linking.vocabulary import Vocabulary, term_of
from kg.subgraph import SubgraphNode

_KINDS: Final = {
    "Disease": "diseases",
    "Symptom": "symptoms",
    "Drug": "drugs",
    "DrugClass": "drug_classes",
    "SideEffect": "side_effects",
}
_LIMITS: Final = ("age_min", "age_max")


@dataclass(frozen=True, slots=True)
class Illness:
    """A disease with its code, its symptoms by weight and its drugs as the graph ranks them."""

    node: SubgraphNode
    code: str
    symptoms: tuple[tuple[SubgraphNode, float], ...]
    drugs: tuple[SubgraphNode, ...]


@cache
def vocabulary() -> Vocabulary:
    """Return every name that a note of the core graph could use."""
    return Vocabulary(term_of(node) for kind in _KINDS for node in nodes(kind).values())


@cache
def nodes(kind: str) -> dict[str, SubgraphNode]:
    """Return the nodes of one kind by their English name, in the order of their table."""
    return {row["name_en"]: _node(row, kind) for row in _rows(_KINDS[kind])}


@cache
def illnesses() -> tuple[Illness, ...]:
    """Return the diseases that have a symptom and a drug, in the order of their table."""
    symptoms: dict[str, list[tuple[SubgraphNode, float]]] = {}
    for row in _rows("disease_symptoms"):
        symptoms.setdefault(row["disease"], []).append((nodes("Symptom")[row["symptom"]], float(row["weight"])))
    drugs: dict[str, list[SubgraphNode]] = {}
    # Drugs have no rank; the graph orders such by id.
    for row in _rows("disease_drugs"):
        drugs.setdefault(row["disease"], []).append(nodes("Drug")[row["drug"]])
    return tuple(
        Illness(
            nodes("Disease")[row["name_en"]],
            row["icd10"].split(";")[0],
            tuple(symptoms[row["name_en"]]),
            tuple(sorted(drugs[row["name_en"]], key=lambda node: node.id)),
        )
        for row in _rows("diseases")
        if row["name_en"] in symptoms and row["name_en"] in drugs
    )


def _node(row: dict[str, str], kind: str) -> SubgraphNode:
    properties: dict[str, Any] = {name: int(row[name]) for name in _LIMITS if row.get(name)}
    if row.get("sex"):
        properties["sex"] = row["sex"]
    return SubgraphNode(
        id=row["id"],
        kind=kind,
        names={language: row[f"name_{language}"] for language in ("en", "ru") if row.get(f"name_{language}")},
        synonyms={
            language: tuple(filter(None, (row.get(f"synonyms_{language}") or "").split(";")))
            for language in ("en", "ru")
        },
        properties=properties,
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = (resources.files("kg.core") / f"{table}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
