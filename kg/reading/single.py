"""The statements that find single things: nodes by id, code or name, edges with their evidence, change sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from kg.query.moment import MOMENT
from kg.reading.lists import THEN
from kg.schema import EDGE_KINDS, NODE_BY_LABEL
from kg.statements import Statement, fixed

# What a node is, whether it is there or was taken away.
_KIND: LiteralString = "replace([label IN labels(n) WHERE NOT label IN ['Entity', 'Gone']][0], 'Was', '') AS kind"
_THERE: LiteralString = f"past IS NOT NULL OR {THEN.held('n')}"
_EVERY: tuple[LiteralString, ...] = tuple(kind.type for kind in EDGE_KINDS)
_TYPES: LiteralString = THEN.types(*_EVERY)


def moment(as_of: str) -> Statement:
    """Return the statement that finds the change set that is meant; its row has `moments`, `release`, `moment`."""
    return Statement(f"{MOMENT}\nRETURN moments, release, moment", {"as_of": as_of})


def nodes(ids: Sequence[str], moment: int | None = None) -> Statement:
    """Return the statement for the nodes of these ids."""
    if moment is None:
        return fixed("read/nodes_state", ids=ids)
    text: LiteralString = (
        f"{with_id('n', '$ids')}\nOPTIONAL MATCH {THEN.past('past', 'n')}\nWITH n, past\nWHERE {_THERE}\n"
        f"RETURN n.id AS id, {_KIND}, properties(coalesce(past, n)) AS properties"
    )
    return Statement(text, {"ids": ids, "moment": moment})


def by_code(codes: Sequence[str], moment: int | None = None) -> Statement:
    """Return the statement for the diseases that are recorded under these ids of codes."""
    if moment is None:
        return fixed("read/reading_by_code", codes=codes)
    text: LiteralString = (
        f"{with_id('code', '$codes')}\n"
        f"MATCH (code)<-[r:{THEN.types('CODED_AS')}]-(n:{THEN.label('Disease')})\nWHERE {THEN.held('r')}\n"
        f"OPTIONAL MATCH {THEN.past('past', 'n')}\n"
        "RETURN code.id AS code, n.id AS id, 'Disease' AS kind, properties(coalesce(past, n)) AS properties\n"
        "ORDER BY code, id\nLIMIT 50"
    )
    return Statement(text, {"codes": codes, "moment": moment})


def by_name(kind: str, folded: str, phrase: str, languages: Sequence[str], moment: int | None = None) -> Statement:
    """Return the statement for the nodes of a kind whose name or synonym is `folded` (lower case).

    Names of the past are in no index, so the nodes of the kind are looked through.
    """
    label = NODE_BY_LABEL[kind].label
    if moment is None:
        return fixed("read/reading_by_name", kind=kind, folded=folded, phrase=phrase, languages=languages)
    text: LiteralString = (
        f"MATCH (n:{THEN.label(label)})\nOPTIONAL MATCH {THEN.past('past', 'n')}\nWITH n, past\nWHERE {_THERE}\n"
        "WITH coalesce(past, n) AS n\n"
        "WITH n,\n"
        "     any(language IN $languages WHERE toLower(n['name_' + language]) = $folded) AS named,\n"
        "     any(language IN $languages WHERE any(word IN n['synonyms_' + language] WHERE toLower(word) = $folded))"
        " AS called\nWHERE named OR called\n"
        f"RETURN n.id AS id, '{label}' AS kind, properties(n) AS properties, named\n"
        "ORDER BY named DESC, id\nLIMIT 50"
    )
    return Statement(text, {"folded": folded, "languages": languages, "moment": moment})


def edges(edge_ids: Sequence[str], moment: int | None = None) -> Statement:
    """Return the statement for these edges: their properties, and with them their evidence (`told`, JSON)."""
    rows = [{"id": edge, "start": start, "end": end} for edge in edge_ids for start, _, end in [edge.split("/")]]
    if moment is None:
        return fixed("read/reading_edges", rows=rows)
    text: LiteralString = (
        "UNWIND $rows AS row\n"
        "CALL (row) {\n  MATCH (a:Entity {id: row.start}) RETURN a\n"
        "  UNION ALL\n  MATCH (a:Gone {id: row.start}) RETURN a\n}\n"
        f"MATCH (a)-[r:{_TYPES}]->(b)\nWHERE r.id = row.id AND b.id = row.end AND {THEN.held('r')}\n"
        "RETURN r.id AS id, properties(r) AS properties"
    )
    return Statement(text, {"rows": rows, "moment": moment})


def with_id(name: LiteralString, ids: LiteralString, scope: LiteralString = "") -> LiteralString:
    """Return the clauses that find what has one of these ids, whether it is there or was taken away.

    `scope` is what a subquery has to know of `ids`.
    """
    return (
        f"CALL ({scope}) {{\n  MATCH ({name}:Entity) WHERE {name}.id IN {ids} RETURN {name}\n"
        f"  UNION ALL\n  MATCH ({name}:Gone) WHERE {name}.id IN {ids} RETURN {name}\n}}"
    )
