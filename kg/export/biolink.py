"""The graph in the words of the Biolink model, as the KGX formats carry them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kg.changes import CURATION, State
from kg.export.rows import NodeRow
from kg.schema import EDGE_KINDS, LANGUAGES, NODE_KINDS

# Behind these stands the kind itself (`MKG:SideEffect`): it keeps apart what Biolink has one word for.
CATEGORIES: Final[Mapping[str, str]] = {
    "Disease": "biolink:Disease",
    "Symptom": "biolink:PhenotypicFeature",
    "Drug": "biolink:Drug",
    "DrugClass": "biolink:ChemicalEntity",
    "SideEffect": "biolink:PhenotypicFeature",
    "IcdCode": "biolink:InformationContentEntity",
}
# A word of our own stands where Biolink has none.
PREDICATES: Final[Mapping[str, str]] = {
    "HAS_SYMPTOM": "biolink:has_phenotype",
    "TREATS": "biolink:treats_or_applied_or_studied_to_treat",
    "CONTRAINDICATED_FOR": "biolink:contraindicated_in",
    "CAUSES": "biolink:has_side_effect",
    "IN_CLASS": "biolink:subclass_of",
    "RESEMBLES": "biolink:similar_to",
    "IS_A": "biolink:subclass_of",
    "INTERACTS_WITH": "biolink:interacts_with",
    "CODED_AS": "MKG:coded_as",
    "PART_OF": "biolink:part_of",
}
_TREATS: Final[Mapping[str, str]] = {
    "disease_modifying": "biolink:treats",
    "symptomatic": "biolink:ameliorates_condition",
}
ASSOCIATIONS: Final[Mapping[str, str]] = {
    "HAS_SYMPTOM": "biolink:DiseaseToPhenotypicFeatureAssociation",
}

_NODE_PROPERTIES: Final = tuple(dict.fromkeys(known.name for kind in NODE_KINDS for known in kind.properties))
_EDGE_PROPERTIES: Final = tuple(dict.fromkeys(known.name for kind in EDGE_KINDS for known in kind.properties))
_OTHER_LANGUAGES: Final = tuple(language for language in LANGUAGES if language != "en")

NODE_COLUMNS: Final = (
    *("id", "category", "name", "xref", "synonym", "same_as", "provided_by"),
    *(f"{what}_{language}" for language in _OTHER_LANGUAGES for what in ("name", "synonym")),
    *_NODE_PROPERTIES,
)
EDGE_COLUMNS: Final = (
    *("id", "subject", "predicate", "object", "category", "primary_knowledge_source", "knowledge_level", "agent_type"),
    *("publications", "negated", "has_quotient", "license"),
    *("edge_id", "kind", "source", "version", "asserted_by", "snippet"),
    *_EDGE_PROPERTIES,
)
_SHARES: Final = ("weight", "frequency")


def node_entry(row: NodeRow) -> dict[str, Any]:
    """Return a node as a KGX node; what it lacks is left out."""
    state = row.state
    names, synonyms = state["names"], state["synonyms"]
    entry: dict[str, Any] = {
        "id": row.id,
        "category": [CATEGORIES[state["kind"]], f"MKG:{state['kind']}"],
        "name": names.get("en") or next(iter(names.values())),
        "xref": list(state["xrefs"]),
        "synonym": list(synonyms.get("en", ())),
        "same_as": [alias["id"] for alias in row.aliases if alias["id"] != row.id],
        "provided_by": [infores(source) for source in state["sources"]],
        **{f"name_{language}": names.get(language) for language in _OTHER_LANGUAGES},
        **{f"synonym_{language}": list(synonyms.get(language, ())) for language in _OTHER_LANGUAGES},
        **state["properties"],
    }
    return {name: value for name, value in entry.items() if value not in (None, [])}


def edge_entries(state: State) -> Iterator[dict[str, Any]]:
    """Yield a KGX edge for each item of evidence: KGX names one primary source on an edge, ours have several."""
    kind = state["kind"]
    for item in state["evidence"]:
        claims: Mapping[str, Any] = item["claims"]
        curated = item["source"] == CURATION
        entry: dict[str, Any] = {
            "id": item["id"],
            "subject": state["start"],
            "predicate": _TREATS.get(claims.get("purpose", ""), PREDICATES[kind]),
            "object": state["end"],
            "category": [ASSOCIATIONS.get(kind, "biolink:Association")],
            "primary_knowledge_source": infores(item["source"]),
            "knowledge_level": "knowledge_assertion" if curated else "not_provided",
            "agent_type": "manual_agent" if curated else "not_provided",
            "publications": [item["reference"]],
            "negated": item["direction"] == "against",
            "has_quotient": next((claims[name] for name in _SHARES if name in claims), None),
            "license": item["licence"],
            "edge_id": f"{state['start']}/{kind}/{state['end']}",
            "kind": kind,
            **{name: item[name] for name in ("source", "version", "asserted_by", "snippet")},
            **claims,
        }
        yield {name: value for name, value in entry.items() if value is not None}


def infores(source: str) -> str:
    """Return the name of a source as an information resource, for instance `infores:mondo`."""
    return f"infores:{re.sub(r'[^a-z0-9._-]+', '-', source.lower()).strip('-')}"
