"""Proves what the shipped graph promises: counts, and every place where its tables break a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.check.core_graph import CoreGraph, shipped
from kg.check.core_limits import RUMED_TOP3
from kg.check.core_rules import RULES
from kg.check.finding import Finding, sorted_findings
from kg.schema import EDGE_KINDS, NODE_KINDS


@dataclass(frozen=True, slots=True)
class CoreReport:
    """How much the shipped graph holds (by kind of node, type of edge and list of codes) and what is wrong with it."""

    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether no finding is an error."""
        return all(item.severity != "error" for item in self.findings)


def check_core(graph: CoreGraph | None = None) -> CoreReport:
    """Check the graph that is installed with the project, or another one of its form."""
    graph = shipped() if graph is None else graph
    return CoreReport(_counts(graph), sorted_findings(item for rule in RULES for item in rule(graph)))


def _counts(graph: CoreGraph) -> Mapping[str, int]:
    categories = graph.categories()
    counts = {"ICD-10 categories": len(categories), "of RuMedTop3": len(RUMED_TOP3 & set(categories))}
    counts |= {kind.label: len(graph.of_kind(kind.label)) for kind in NODE_KINDS}
    return counts | {kind.type: len(edges) for kind in EDGE_KINDS if (edges := graph.of_type(kind.type))}
