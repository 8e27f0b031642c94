"""Where the schema refuses a record, the refusal becomes a problem that names its place."""

from __future__ import annotations

from kg.errors import RecordRejected
from kg.sources.records import Found, Place, Problem
from kg.values import Edge, Node, Same, checked_edge, checked_node, checked_same

MAX_SHOWN = 200


def fault(place: Place, rule: str, value: str, message: str, fix: str) -> Problem:
    """Return the problem of a row that is wrong."""
    return Problem(place, rule, value[:MAX_SHOWN], message, fix, "error")


def not_held(place: Place, rule: str, value: str, message: str, fix: str) -> Problem:
    """Return the problem of a row that is right, but about something this graph does not hold."""
    return Problem(place, rule, value[:MAX_SHOWN], message, fix, "skipped")


def refused(place: Place, rule: str, value: str, error: RecordRejected) -> Problem:
    """Return the problem that a refusal tells of."""
    return fault(place, rule, value, error.message, error.hint or "")


def checked(record: Node | Edge | Same, place: Place) -> Found | Problem:
    """Return the record when it fits the schema, and the problem otherwise."""
    try:
        match record:
            case Edge():
                fit = checked_edge(record)
            case Node():
                fit = checked_node(record)
            case Same():
                fit = checked_same(record)
    except RecordRejected as error:
        return refused(place, _rule_of(record), record.id, error)
    return Found(fit, place)


def _rule_of(record: Node | Edge | Same) -> str:
    if not isinstance(record, Edge):
        return "node-schema" if isinstance(record, Node) else "mapping-schema"
    return "self-loop" if record.start == record.end else "edge-schema"
