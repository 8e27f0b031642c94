"""The rules whose findings one statement lists: what each says, how grave it is, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

from kg.check.finding import Finding, Severity, finding
from kg.schema import EDGE_BY_TYPE, EDGE_KINDS, LANGUAGES, NODE_KINDS, ROLES, Property
from kg.values import NOTHING

SHOWN: Final = 8
"""How many of the things of one finding its message names."""

_NODE_KEYS: Final = (
    *("id", "name", "folded", "xrefs", "sources", "authority", "draw", "since"),
    *(f"{what}_{language}" for what in ("name", "synonyms") for language in LANGUAGES),
)
_EDGE_KEYS: Final = ("id", "evidence", "sources", "licences", "told", "since")
_ANY: Final = 1e308


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, what a finding of it is, how grave that is, and what to do.

    `statement` answers one row: `total`, and `listed` with a `subject` and the fields of `message` for each of the
    first `$limit`. `values` are its other parameters.
    """

    name: str
    severity: Severity
    meaning: str
    statement: LiteralString
    message: str
    fix: str
    values: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def finding(self, listed: Mapping[str, Any]) -> Finding:
        """Return the finding that a listed item tells."""
        told = {name: _told(value) for name, value in listed.items()}
        return finding(self.name, self.severity, listed["subject"], self.message.format(**told), self.fix)


def _told(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _bounds(properties: tuple[Property, ...]) -> list[dict[str, Any]]:
    """Return what a statement needs to tell values that break the schema; free text cannot."""
    return [
        {
            "name": known.name,
            "choices": list(known.choices) or None,
            "minimum": -_ANY if known.minimum is None else known.minimum,
            "maximum": _ANY if known.maximum is None else known.maximum,
        }
        for known in properties
        if known.type != "text"
    ]


_KINDS: Final[Mapping[str, Any]] = {"kinds": list(EDGE_BY_TYPE)}
_ENDS: Final = sorted(
    {
        f"{role.edge} {role.start} {role.end}" if role.forward else f"{role.edge} {role.end} {role.start}"
        for role in ROLES
    }
)

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "end-kind",
        "error",
        "an edge joins kinds of nodes that it cannot join",
        "check/end_kind",
        "{kind} goes from {start} to {end}",
        "Undo the change set that made it: `mkg review log` finds it, `mkg review undo` takes it back.",
        {**_KINDS, "allowed": _ENDS},
    ),
    Rule(
        "edge-double",
        "error",
        "an edge is there more than once",
        "check/edge_double",
        "is there {times} times",
        "Something else than mkg wrote it: take all but one out.",
        _KINDS,
    ),
    Rule(
        "alias-taken",
        "error",
        "another id of a node is a node itself",
        "check/alias_taken",
        "{other} is another id of {of}, and a {kind} of its own",
        "Undo the load that brought one of the two; loading it again joins them.",
    ),
    Rule(
        "node-property",
        "error",
        "a node has a property that the schema lacks, or a value outside it",
        "check/node_properties",
        "a {kind} with {wrong} outside the schema",
        "Something else than mkg wrote it: take it out, or load the node's source again.",
        {
            "known": {kind.label: [*_NODE_KEYS, *(known.name for known in kind.properties)] for kind in NODE_KINDS},
            "bounds": {kind.label: _bounds(kind.properties) for kind in NODE_KINDS},
        },
    ),
    Rule(
        "edge-property",
        "error",
        "an edge has a property that the schema lacks, or a value outside it",
        "check/edge_properties",
        "a {kind} with {wrong} outside the schema",
        "Something else than mkg wrote it: take it out, or load the edge's source again.",
        {
            **_KINDS,
            "known": {kind.type: [*_EDGE_KEYS, *(known.name for known in kind.properties)] for kind in EDGE_KINDS},
            "bounds": {kind.type: _bounds(kind.properties) for kind in EDGE_KINDS},
        },
    ),
    Rule(
        "licence-missing",
        "error",
        "an edge has no evidence, or evidence without a licence",
        "check/licence_missing",
        "an edge with {what}",
        "Name the licence in the source and load it again; until then it cannot be given on.",
        _KINDS,
    ),
    Rule(
        "change-set-open",
        "warning",
        "a change set was begun and not finished",
        "check/change_set_open",
        "{title} by {by} was begun at {at} and not finished",
        "Run the same load again, which finishes it, or take it back: `mkg load undo`.",
    ),
    Rule(
        "name-twice",
        "warning",
        "nodes of a kind have names that are equal but for case and spaces",
        "check/names_alike",
        "{number} of kind {kind} are called {name!r} ({language}): {ids}",
        "If they are one thing, map their ids (`mkg load sssom`); if not, give one a name that tells them apart.",
        {"languages": list(LANGUAGES)},
    ),
    Rule(
        "xref-twice",
        "warning",
        "nodes of a kind claim the same cross-reference",
        "check/xref_twice",
        "{number} of kind {kind} claim {xref}: {ids}",
        "If they are one thing, map their ids (`mkg load sssom`); if not, one cross-reference is too wide.",
    ),
    Rule(
        "weight-partly",
        "warning",
        "some symptoms of a disease have a weight, others none",
        "check/weight_partly",
        "{unweighted} of the {number} symptoms of {name} have no weight",
        "Propose a weight for the others, or ask for one source only: a draw by weight cannot compare them.",
    ),
    Rule(
        "code-outside",
        "warning",
        "the wider codes of a code do not end at a chapter",
        "check/code_outside",
        "its wider codes end at {top}, which is no chapter",
        "Load the code system (`mkg load icd10cm`, `icd10` or `mkb10`).",
    ),
    Rule(
        "alias-lost",
        "note",
        "another id of a node leads to no node of its kind",
        "check/alias_lost",
        "{other} should mean the {kind} {of}, which is not there",
        "Load the source of the node again, or undo the load that brought the id.",
    ),
    Rule(
        "only-against",
        "note",
        "all evidence of an edge speaks against it",
        "check/only_against",
        "all {number} items of evidence speak against it",
        "Nothing, if it is known to be untrue; else propose the evidence that speaks for it.",
        _KINDS,
    ),
    Rule(
        "disease-categories",
        "note",
        "a disease is recorded under several categories of one code system",
        "check/disease_categories",
        "{name} is recorded under {number} categories: {categories}",
        "Nothing, if cause and site have codes of their own; else propose evidence against the code that is wrong.",
    ),
    Rule(
        "disease-bare",
        "note",
        "a disease has no symptom",
        "check/disease_bare",
        "{name} has no symptom",
        "Load a source of symptoms, or propose one: no note can be written about it.",
    ),
    Rule(
        "node-alone",
        "note",
        "a node has no edge",
        "check/node_alone",
        "the {kind} {name} has no edge",
        "Load a source that joins it to something; no question but one by its name finds it.",
        _KINDS,
    ),
    Rule(
        "code-unnamed",
        "note",
        "a code is called by the code itself",
        "check/code_unnamed",
        "nothing names the code",
        "Load the code system (`mkg load icd10cm`, `icd10` or `mkb10`).",
    ),
)
