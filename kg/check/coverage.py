"""What the shipped graph covers, by chapter of ICD-10."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from kg.check.core_graph import CoreGraph, claims
from kg.check.core_limits import RUMED_TOP3, band
from kg.values import Edge, Node

_ROMAN: Final = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the graph holds of one chapter of ICD-10, or of all of them.

    `symptoms` has the number of symptoms of each disease; what follows counts the diseases that have all bands of
    symptoms, a drug with a dose, lay synonyms in each language, two resembling diseases or more, a limit of sex or age,
    and a prior. `drugs` counts drugs, not diseases.
    """

    title: str
    categories: int
    of_rumed: int
    symptoms: tuple[int, ...]
    bands: int
    treated: int
    drugs: int
    lay: int
    resembling: int
    limited: int
    prior: int


def coverage(graph: CoreGraph) -> tuple[Coverage, ...]:
    """Return the coverage of each chapter in the order of the book, and last of all chapters together."""
    chapters: dict[str, list[str]] = defaultdict(list)
    for edge in graph.of_type("CODED_AS"):
        chapters[_chapter(graph, edge.end)].append(edge.start)
    ordered = sorted(chapters, key=lambda id: _number(id.partition(":")[2]))
    told = [_covered(graph, f"{id.partition(':')[2]} {graph.name(id)}", chapters[id]) for id in ordered]
    return (*told, _covered(graph, "all", [disease.id for disease in graph.of_kind("Disease")]))


def _covered(graph: CoreGraph, title: str, diseases: Collection[str]) -> Coverage:
    own = set(diseases)
    nodes = [node for node in graph.of_kind("Disease") if node.id in own]
    symptoms = graph.by_start("HAS_SYMPTOM")
    codes = {code for code, ids in graph.categories().items() if own & set(ids)}
    alike = graph.of_type("RESEMBLES")
    drugs = [edge for edge in graph.of_type("TREATS") if edge.end in own]
    return Coverage(
        title,
        categories=len(codes),
        of_rumed=len(codes & RUMED_TOP3),
        symptoms=tuple(len(symptoms.get(node.id, ())) for node in nodes),
        bands=sum(_all_bands(symptoms.get(node.id, ())) for node in nodes),
        treated=len({edge.end for edge in drugs if claims(edge).get("dose")}),
        drugs=len({edge.start for edge in drugs}),
        lay=sum(_lay(node) for node in nodes),
        resembling=sum(sum(node.id in (edge.start, edge.end) for edge in alike) > 1 for node in nodes),
        limited=sum(bool({"sex", "age_min", "age_max"} & set(node.properties)) for node in nodes),
        prior=sum("prior" in node.properties for node in nodes),
    )


def _all_bands(edges: Iterable[Edge]) -> bool:
    return {band(claims(edge)["weight"]) for edge in edges} == {"common", "occasional", "rare"}


def _lay(node: Node) -> bool:
    return all(node.synonyms.get(language) for language in node.names)


def _chapter(graph: CoreGraph, code: str) -> str:
    parents = {edge.start: edge.end for edge in graph.of_type("PART_OF")}
    while code in parents:
        code = parents[code]
    return code


def _number(roman: str) -> int:
    values = [_ROMAN[letter] for letter in roman]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)
