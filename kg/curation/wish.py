"""What a proposal asks for: checked when it is made, and turned into a change when it is accepted. Pure functions."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from kg.changes import Change, State, merged_edge, renamed_node
from kg.curation.evidence import SAYING, as_json, check_spoken, of_json
from kg.errors import CurationError, StepRefused
from kg.schema import EDGE_BY_TYPE, LANGUAGES
from kg.values import MAX_NAME, Edge, Evidence, check_curie, check_text, checked_edge, edge_id


def edge_wish(kind: str, start: str, end: str, evidence: Evidence) -> dict[str, Any]:
    """Return the wish for an edge with this evidence, its ends in order; raise RecordRejected or CurationError."""
    check_spoken(evidence)
    edge = checked_edge(Edge(kind, start, end, (evidence,)))
    return {"edge": edge.kind, "start": edge.start, "end": edge.end, "evidence": as_json(evidence)}


def removal_wish(kind: str, start: str, end: str, evidence: Evidence) -> dict[str, Any]:
    """Return the wish that an edge leaves the graph; `evidence` speaks against it. Raises as `edge_wish` does."""
    if evidence.direction != "against":
        raise CurationError(
            "what an edge is removed for has to speak against it", hint="Bring evidence against it, with its reference."
        )
    return {**edge_wish(kind, start, end, evidence), "remove": True}


def name_wish(node: str, language: str, name: str, reference: str) -> dict[str, Any]:
    """Return the wish for a name; raise RecordRejected or CurationError when it makes no sense."""
    check_curie(node)
    if language not in LANGUAGES:
        raise CurationError(f"language {language!r} is not known", hint=f"Languages: {', '.join(LANGUAGES)}.")
    # One letter can be written in two ways that look alike; names are compared letter by letter.
    clean = unicodedata.normalize("NFC", check_text(name, MAX_NAME))
    if not clean or not clean.isprintable():
        raise CurationError("a name is one line of text", hint="Write it out, without line breaks or tabs.")
    if not check_text(reference):
        raise CurationError("the name has no reference", hint="Say where it can be read, for instance PMID:123.")
    return {"node": node, "language": language, "name": clean, "reference": check_text(reference)}


def named_by(what: Mapping[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """Return the ids of the nodes that a wish names, and the id of its edge if it is for one."""
    if "edge" in what:
        return (what["start"], what["end"]), edge_id(what["edge"], what["start"], what["end"])
    return (what["node"],), None


def fitted(what: Mapping[str, Any], nodes: Mapping[str, State], edge: State | None) -> tuple[dict[str, Any], str]:
    """Return the wish with what it would replace, and the wish in words.

    `nodes` and `edge` are the present state of what it names. Raises CurationError when the graph has no place for
    it, or says so already.
    """
    if "remove" in what:
        return {**what, "was": _heard(_standing(what, edge))}, f"remove: {_edge_words(what, nodes)}"
    if "edge" in what:
        _check_edge(what, nodes, edge)
        return dict(what), _edge_title(what, nodes)
    was = _name_now(what, nodes)
    return {**what, "was": was}, f"{what['node']} {what['language']}: {f'{was!r} → ' if was else ''}{what['name']!r}"


def claimed(what: Mapping[str, Any]) -> str:
    """Return what the evidence of a wish claims of its edge as words at the end of a title; nothing if nothing."""
    claims = ", ".join(f"{name} {value}" for name, value in what["evidence"]["claims"].items())
    return claims and f" ({claims})"


def granted(
    what: Mapping[str, Any], nodes: Mapping[str, State], edge: State | None, change_set: str, at: str
) -> Change:
    """Return the change that grants the wish; raise CurationError when it does not fit the graph any more."""
    if "remove" in what:
        standing = _standing(what, edge)
        later = sorted({*_heard(standing)} - {*what["was"]})
        if later:
            raise StepRefused(
                f"there is evidence that came in after the removal was proposed: {', '.join(later)}",
                hint="Reject this one, look at the edge, and propose its removal anew if it should still go.",
            )
        return Change("edge", edge_id(what["edge"], what["start"], what["end"]), standing, None)
    if "edge" in what:
        _check_edge(what, nodes, edge)
        wanted = Edge(what["edge"], what["start"], what["end"], (of_json(what["evidence"]),))
        return Change("edge", wanted.id, edge, merged_edge(edge, wanted, change_set, at))
    now = _name_now(what, nodes)
    if now != what["was"]:
        raise StepRefused(
            f"the name in {what['language']} was {what['was']!r} when this was proposed and is {now!r} now",
            hint="Reject this one and propose the name anew.",
        )
    before = nodes[what["node"]]
    return Change("node", what["node"], before, renamed_node(before, what["language"], what["name"]))


def _check_edge(what: Mapping[str, Any], nodes: Mapping[str, State], edge: State | None) -> None:
    kind = EDGE_BY_TYPE[what["edge"]]
    start, end = (_known(nodes, what[side])["kind"] for side in ("start", "end"))
    if start not in kind.starts or end not in kind.ends:
        turned = start in kind.ends and end in kind.starts
        raise CurationError(
            f"{kind.type} goes from {' or '.join(kind.starts)} to {' or '.join(kind.ends)}, not from {start} to {end}",
            hint="Turn the two ends round." if turned else f"{kind.type} means: {kind.meaning}",
        )
    evidence = what["evidence"]
    key = edge_id(kind.type, what["start"], what["end"])
    if edge is None and evidence["direction"] == "against":
        raise CurationError("there is no such edge to speak against", hint=f"The graph does not say {key}.")
    if edge is not None and any(all(item[name] == evidence[name] for name in SAYING) for item in edge["evidence"]):
        raise _said(f"{key} with this evidence")


def _name_now(what: Mapping[str, Any], nodes: Mapping[str, State]) -> str | None:
    now: str | None = _known(nodes, what["node"])["names"].get(what["language"])
    if now == what["name"]:
        raise _said(f"{what['node']} is {now!r} in {what['language']}")
    return now


def _edge_title(what: Mapping[str, Any], nodes: Mapping[str, State]) -> str:
    """Say in words which edge is wanted, for instance `cough HAS_SYMPTOM fever (weight 0.6)`."""
    words = f"{_edge_words(what, nodes)}{claimed(what)}"
    return words if what["evidence"]["direction"] == "for" else f"not: {words}"


def _edge_words(what: Mapping[str, Any], nodes: Mapping[str, State]) -> str:
    return f"{_name(nodes, what['start'])} {what['edge']} {_name(nodes, what['end'])}"


def _standing(what: Mapping[str, Any], edge: State | None) -> State:
    """Return the state of the edge that is to go; raise CurationError when it is not there."""
    if edge is None:
        key = edge_id(what["edge"], what["start"], what["end"])
        raise CurationError("there is no such edge to remove", hint=f"The graph does not say {key}.")
    return edge


def _heard(edge: State) -> list[str]:
    """Return the ids of the evidence that stands behind an edge, or against it."""
    return [item["id"] for item in edge["evidence"]]


def _known(nodes: Mapping[str, State], key: str) -> State:
    if key not in nodes:
        raise CurationError(f"there is no node {key!r} in the graph", hint="`mkg ask` finds things by name.")
    return nodes[key]


def _name(nodes: Mapping[str, State], key: str) -> str:
    names = _known(nodes, key)["names"]
    return names.get("en") or next(iter(names.values()))


def _said(what: str) -> CurationError:
    return CurationError(f"the graph says this already: {what}", hint="Nothing needs to be proposed.")
