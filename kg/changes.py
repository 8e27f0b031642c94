"""What a change is: the state of a node or an edge before and after, and how states are merged. Pure functions.

A state is plain JSON. A node's state has `kind, names, synonyms, properties, xrefs, sources, authority`; an edge's has
`kind, start, end, properties, evidence`, where each item of evidence carries its id, change set and time; an alias,
which is another id of a node, has `kind, id, of, why, source`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from kg.errors import RecordRejected
from kg.values import Edge, Evidence, Node, edge_id

State = Mapping[str, Any]
Target = Literal["node", "edge", "alias"]

# Who is believed when two sources give one property two values: what experts decided, then what we wrote, then others.
CURATION: Final = "curation"
AUTHORITY: Final[Mapping[str, int]] = {CURATION: 3, "mkg-core": 2}
OTHERS: Final = 1

_RUNS: Final = re.compile(r"\d+|\D+")

_NOBODY_YET: Final[State] = {
    "names": {},
    "synonyms": {},
    "properties": {},
    "xrefs": [],
    "sources": [],
    "authority": 0,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One node, edge or alias, before and after; None is "not there"."""

    target: Target
    id: str
    before: State | None
    after: State | None

    def undone(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.target, self.id, self.after, self.before)

    def as_json(self) -> dict[str, Any]:
        """Return the change as it is written to the log."""
        return {"target": self.target, "id": self.id, "before": self.before, "after": self.after}

    @staticmethod
    def of_json(row: Mapping[str, Any]) -> Change:
        """Read a change back from the log."""
        return Change(row["target"], row["id"], row["before"], row["after"])


def authority_of(source: str) -> int:
    """Return how much weight a source has against another."""
    return AUTHORITY.get(source, OTHERS)


def merged_node(before: State | None, node: Node, source: str) -> State:
    """Return the node's state once `source` has told of it.

    Names, synonyms and cross-references are united. Where two sources give one thing two values, the one with more
    authority is kept; between equals, the one that was first. Raises RecordRejected when the graph has another kind
    of thing under that id.
    """
    authority = authority_of(source)
    if before is None:
        before = {"kind": node.kind, **_NOBODY_YET}
    if before["kind"] != node.kind:
        raise RecordRejected(
            f"{node.id} is a {before['kind']} in the graph and a {node.kind} here",
            hint="One id stands for one thing: give one of the two another id.",
        )
    outranks = authority > before["authority"]
    names, spare = _merged_names(real_names(before["names"], node.id), node.names, outranks, node.id)
    synonyms: dict[str, list[str]] = {}
    for language in sorted({*before["synonyms"], *node.synonyms, *spare}):
        heard = [*before["synonyms"].get(language, ()), *node.synonyms.get(language, ()), *spare.get(language, ())]
        kept = _united(heard, leave_out=names.get(language, ""))
        if kept:
            synonyms[language] = kept
    return {
        "kind": before["kind"],
        "names": names,
        "synonyms": synonyms,
        "properties": _merged_properties(before["properties"], node.properties, outranks),
        "xrefs": sorted({*before["xrefs"], *node.xrefs} - {node.id}),
        "sources": sorted({*before["sources"], source}),
        "authority": max(authority, before["authority"]),
    }


def renamed_node(before: State, language: str, name: str) -> State:
    """Return the node's state once an expert has given it that name; the name it had becomes a synonym."""
    names = {**before["names"], language: name}
    heard = [*before["synonyms"].get(language, ()), *filter(None, [before["names"].get(language)])]
    kept = {language: _united(heard, leave_out=name)}
    synonyms = {**before["synonyms"], **kept}
    return {
        **before,
        "names": dict(sorted(names.items())),
        "synonyms": {key: words for key, words in sorted(synonyms.items()) if words},
        "sources": sorted({*before["sources"], CURATION}),
        "authority": authority_of(CURATION),
    }


def merged_edge(before: State | None, edge: Edge, change_set: str, at: str) -> State:
    """Return the edge's state once its evidence is added; what is known already stays as it was."""
    heard = {item["id"]: item for item in (before["evidence"] if before else ())}
    for item in edge.evidence:
        number = item.id_for(edge.id)
        heard.setdefault(number, evidence_state(item, number, change_set, at))
    return with_evidence(edge.kind, edge.start, edge.end, heard.values())


def evidence_state(item: Evidence, number: str, change_set: str, at: str) -> dict[str, Any]:
    """Return one item of evidence as it is kept."""
    return {
        "id": number,
        "source": item.source,
        "version": item.version,
        "licence": item.licence,
        "reference": item.reference,
        "snippet": item.snippet,
        "direction": item.direction,
        "asserted_by": item.asserted_by,
        "claims": dict(sorted(item.claims.items())),
        "change_set": change_set,
        "at": at,
    }


def with_evidence(kind: str, start: str, end: str, evidence: Iterable[State]) -> State:
    """Return an edge's state from its evidence: each property is what the source of most authority claims.

    Because the properties follow from the evidence, the order in which sources arrive does not matter. What experts
    decided is the exception: there the last word counts.
    """
    items = sorted(evidence, key=lambda item: item["id"])
    properties: dict[str, Any] = {}
    # Weakest first, so that the strongest is written last.
    for item in sorted((item for item in items if item["direction"] == "for"), key=_strength):
        properties.update(item["claims"])
    return {"kind": kind, "start": start, "end": end, "properties": dict(sorted(properties.items())), "evidence": items}


def edge_state_id(state: State) -> str:
    """Return the id of an edge from its state."""
    return edge_id(state["kind"], state["start"], state["end"])


def changes_for(
    wanted: Sequence[Node | Edge],
    current: Mapping[str, State],
    *,
    source: str,
    change_set: str,
    at: str,
) -> list[Change]:
    """Return what has to change so that the graph tells `wanted` as well; nothing for what it tells already.

    `current` holds the state of every id that `wanted` names and the graph has.
    """
    states: dict[str, State | None] = {}
    targets: dict[str, Target] = {}
    for record in wanted:
        before = states.get(record.id, current.get(record.id))
        if isinstance(record, Node):
            targets[record.id] = "node"
            states[record.id] = merged_node(before, record, source)
        else:
            targets[record.id] = "edge"
            states[record.id] = merged_edge(before, record, change_set, at)
    changes = (Change(targets[key], key, current.get(key), state) for key, state in states.items())
    return [change for change in changes if change.before != change.after]


def _strength(item: State) -> tuple[int, str, list[tuple[int, str]], str]:
    """Order evidence: by authority, then source; of one source the newer version, of an expert the later word."""
    newer = _natural(item["version"]) if item["source"] != CURATION else [(0, item["at"])]
    return authority_of(item["source"]), item["source"], newer, item["id"]


def _natural(version: str) -> list[tuple[int, str]]:
    """Return what sorts `v9` before `v10`: the runs of digits by length first, the text between them as it is."""
    return [
        (len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else (0, part) for part in _RUNS.findall(version)
    ]


def real_names(names: Mapping[str, str], key: str) -> Mapping[str, str]:
    """Return the names without those that only repeat the id or the code in it, as sources write that know no name."""
    code = key.partition(":")[2]
    # `MKG:fever` is called fever; a code such as J20 or D003371 is nobody's name for a thing.
    stand_ins = (key, code) if any(sign.isdigit() for sign in code) else (key,)
    return {language: name for language, name in names.items() if name not in stand_ins}


def _merged_names(
    before: Mapping[str, str], told: Mapping[str, str], outranks: bool, key: str
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the names to keep, and those that step back to be synonyms."""
    names = dict(before)
    spare: dict[str, list[str]] = {}
    # A thing that nobody has a name for is called by its code, until somebody has.
    for language, name in (real_names(told, key) or ({} if before else told)).items():
        kept = names.get(language)
        if kept is None or outranks:
            names[language] = name
        loser = kept if outranks else name
        if loser is not None and loser != names[language]:
            spare.setdefault(language, []).append(loser)
    return dict(sorted(names.items())), spare


def _merged_properties(before: Mapping[str, Any], told: Mapping[str, Any], outranks: bool) -> dict[str, Any]:
    both = {**before, **told} if outranks else {**told, **before}
    return dict(sorted(both.items()))


def _united(words: Iterable[str], leave_out: str) -> list[str]:
    """Return the words once each, told apart without regard to case, in alphabetical order."""
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(word.casefold(), word)
    first.pop(leave_out.casefold(), None)
    return sorted(first.values(), key=lambda word: (word.casefold(), word))
