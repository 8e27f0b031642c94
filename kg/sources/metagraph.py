"""The kinds of Hetionet and what they are here; DRKG, built on it, spells its rows in the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.sources.checked import fault
from kg.sources.records import Place, Problem
from kg.values import NOTHING

SOURCE: Final = "hetionet"
VERSION: Final = "1.0"


@dataclass(frozen=True, slots=True)
class Metanode:
    """How a metanode is held: the label, the prefix of its ids, and how its own ids look."""

    label: str
    prefix: str
    local: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Metaedge:
    """How a metaedge is held: its verb, its metanodes, the kind of edge, whether it turns round, claims, licence."""

    verb: str
    source: str
    target: str
    kind: str
    licence: str
    turned: bool = False
    claims: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


METANODES: Final[Mapping[str, Metanode]] = {
    "Disease": Metanode("Disease", "", re.compile(r"DOID:\d{1,8}")),
    "Symptom": Metanode("Symptom", "MESH:", re.compile(r"[CD]\d{6,9}")),
    "Compound": Metanode("Drug", "DRUGBANK:", re.compile(r"DB\d{5}")),
    "Pharmacologic Class": Metanode("DrugClass", "NDFRT:", re.compile(r"N\d{10}")),
    "Side Effect": Metanode("SideEffect", "UMLS:", re.compile(r"C\d{7}")),
}
OTHER_METANODES: Final = frozenset(
    ("Anatomy", "Biological Process", "Cellular Component", "Gene", "Molecular Function", "Pathway")
)

# The licences are those of the sources that Hetionet took each metaedge from.
METAEDGES: Final[Mapping[str, Metaedge]] = {
    "DpS": Metaedge("presents", "Disease", "Symptom", "HAS_SYMPTOM", "CC0-1.0"),
    "CtD": Metaedge("treats", "Compound", "Disease", "TREATS", "CC0-1.0", claims={"purpose": "disease_modifying"}),
    "CpD": Metaedge("palliates", "Compound", "Disease", "TREATS", "CC0-1.0", claims={"purpose": "symptomatic"}),
    "PCiC": Metaedge("includes", "Pharmacologic Class", "Compound", "IN_CLASS", "CC BY 4.0", turned=True),
    "CcSE": Metaedge("causes", "Compound", "Side Effect", "CAUSES", "CC BY-NC-SA 4.0"),
    "DrD": Metaedge("resembles", "Disease", "Disease", "RESEMBLES", "CC0-1.0"),
}
OTHER_METAEDGES: Final = frozenset(
    (
        *("AdG", "AeG", "AuG", "CbG", "CdG", "CrC", "CuG", "DaG", "DdG"),
        *("DlA", "DuG", "GcG", "GiG", "GpBP", "GpCC", "GpMF", "GpPW", "Gr>G"),
    )
)
HELD_KINDS: Final = f"Held are: {', '.join(METANODES)}."
HELD_EDGES: Final = f"Held are: {', '.join(METAEDGES)}."


def node_id(metanode: str, local: str, told: str, place: Place) -> str | Problem:
    """Return the id of a thing of a metanode that is held; `told` is how the file spells it."""
    kind = METANODES[metanode]
    if not kind.local.fullmatch(local):
        told = told[:80]
        fix = f"Write it as {metanode}::{kind.local.pattern}."
        return fault(place, "id-form", told, f"{told!r} does not look like an id", fix)
    return kind.prefix + local
