"""The clauses that find single nodes, by id, code, name or words: those that are meant best, and no others."""

from __future__ import annotations

from typing import Final, LiteralString

from graphql_api.compiled.names import Level
from kg.query.pattern import Now, Then
from kg.reading.lucene import CODE_SYSTEMS
from kg.reading.single import with_id
from kg.schema import EDGE_KINDS, LANGUAGES, NodeKind

# kg.reading looks at so many before it says that a name or a code is not clear.
_MOST: Final[LiteralString] = "50"
_EVERY: Final[tuple[LiteralString, ...]] = tuple(kind.type for kind in EDGE_KINDS)


def by_id(kind: NodeKind | None, given: LiteralString, level: Level) -> LiteralString:
    """Return the clauses for the node of one id; `given` and a number name what the request gives."""
    label: LiteralString = "Entity" if kind is None else kind.label
    if not isinstance(level.when, Then):
        return f"MATCH ({level.node}:{label} {{id: {given}0}})"
    was: LiteralString = "Gone" if kind is None else f"Was{kind.label}"
    found: LiteralString = (
        f"CALL (q) {{ MATCH (n:{label} {{id: {given}0}}) RETURN n"
        f" UNION ALL MATCH (n:Gone {{id: {given}0}}) WHERE n:{was} RETURN n }}"
    )
    return f"{found} {_there(level.when)}"


def by_ids(given: LiteralString, level: Level) -> LiteralString:
    """Return the clauses for the nodes of several ids."""
    if not isinstance(level.when, Then):
        return f"MATCH ({level.node}:Entity) WHERE {level.node}.id IN {given}0"
    return f"{with_id('n', f'{given}0', 'q')} {_there(level.when)}"


def by_code(given: LiteralString, level: Level) -> LiteralString:
    """Return the clauses for the diseases recorded under one of some codes: of the first system, of most authority."""
    if isinstance(level.when, Then):
        when = level.when
        found: LiteralString = (
            f"{with_id('code', f'{given}0', 'q')}"
            f" MATCH (code)<-[r:{when.types('CODED_AS')}]-(n:{when.label('Disease')}) WHERE {when.held('r')}"
            f" OPTIONAL MATCH {when.past('p', 'n')} WITH code, n, coalesce(p, n) AS v"
        )
    else:
        found = f"MATCH (code:IcdCode)<-[:CODED_AS]-(n:Disease) WHERE code.id IN {given}0 WITH code, n, n AS v"
    systems: list[LiteralString] = [f"'{system}'" for system in CODE_SYSTEMS]
    comma: LiteralString = ", "
    return (
        f"{found} ORDER BY code.id, n.id LIMIT {_MOST}"
        f" WITH n, v, CASE split(code.id, ':')[0] WHEN {systems[0]} THEN 0 ELSE 1 END AS late,"
        f" coalesce(v.authority, 0) AS authority WHERE split(code.id, ':')[0] IN [{comma.join(systems)}]"
        f" WITH n, v, late, authority ORDER BY late, authority DESC, n.id"
        f" {_best(level.when, 'late', 'authority')}"
    )


def by_name(kind: NodeKind, given: LiteralString, level: Level) -> LiteralString:
    """Return the clauses for the nodes of a kind with a name, or else with a synonym."""
    if isinstance(level.when, Then):
        # Names of the past are in no index, so the nodes of the kind are looked through.
        found: LiteralString = f"MATCH (n:{level.when.label(kind.label)}) {_there(level.when)}"
    else:
        found = (
            f"CALL db.index.fulltext.queryNodes('names', {given}1) YIELD node AS n WITH n, n AS v WHERE n:{kind.label}"
        )
    either: LiteralString = " OR "
    names: list[LiteralString] = [f"coalesce(toLower(v.name_{each}) = {given}0, false)" for each in LANGUAGES]
    others: list[LiteralString] = [
        f"any(x IN coalesce(v.synonyms_{each}, []) WHERE toLower(x) = {given}0)" for each in LANGUAGES
    ]
    return (
        f"{found} WITH n, v, {either.join(names)} AS named, {either.join(others)} AS called WHERE named OR called"
        f" WITH n, v, named ORDER BY named DESC, n.id LIMIT {_MOST} {_best(level.when, 'named')}"
    )


def by_edge(given: LiteralString, level: Level) -> LiteralString:
    """Return the clauses for the edge of one id; the ids of its ends stand beside it."""
    if not isinstance(level.when, Then):
        return (
            f"MATCH (a:Entity {{id: {given}1}})-[r]->(b:Entity {{id: {given}2}})"
            f" WHERE r.id = {given}0 AND r.until IS NULL"
        )
    return (
        f"CALL (q) {{ MATCH (a:Entity {{id: {given}1}}) RETURN a UNION ALL MATCH (a:Gone {{id: {given}1}}) RETURN a }}"
        f" MATCH (a)-[r:{level.when.types(*_EVERY)}]->(b)"
        f" WHERE r.id = {given}0 AND b.id = {given}2 AND {level.when.held('r')}"
    )


def chapters(given: LiteralString) -> LiteralString:
    """Return the clauses for the chapters of a code system, each with the `number` of diseases recorded in it."""
    return (
        f"MATCH (n:IcdCode {{level: 'chapter', system: {given}0}})"
        " WITH n, COUNT { MATCH (d:Disease)-[:CODED_AS]->(:IcdCode)-[:PART_OF*0..8]->(n) RETURN DISTINCT d } AS number,"
        " COLLECT { MATCH (part:IcdCode)-[:PART_OF]->(n) RETURN part.id ORDER BY part.id LIMIT 1 }[0] AS begin"
        " ORDER BY begin, n.id"
    )


def classes(limit: LiteralString) -> LiteralString:
    """Return the clauses for the classes with most drugs, each with the `number` of drugs in it or inside it."""
    return (
        "MATCH (d:Drug)-[:IN_CLASS*1..8]->(n:DrugClass)"
        f" WITH n, count(DISTINCT d) AS number ORDER BY number DESC, n.id LIMIT ${limit}"
    )


def _best(when: Now, *ranks: LiteralString) -> LiteralString:
    """Return the clauses that keep those nodes that are alike in all ranks to the first."""
    comma: LiteralString = ", "
    both: LiteralString = " AND "
    told: list[LiteralString] = [f"{name}: {name}" for name in ("n", "v", *ranks)]
    alike: list[LiteralString] = [f"x.{name} = found[0].{name}" for name in ranks]
    state: LiteralString = ", x.v AS v" if isinstance(when, Then) else ""
    return (
        f"WITH collect({{{comma.join(told)}}}) AS found"
        f" UNWIND [x IN found WHERE {both.join(alike)}] AS x WITH x.n AS n{state}"
    )


def _there(when: Then) -> LiteralString:
    """Return the clauses that keep a node that was there at the moment, and name the state it had."""
    return (
        f"OPTIONAL MATCH {when.past('p', 'n')} WITH n, p WHERE p IS NOT NULL OR ({when.held('n')})"
        " WITH n, coalesce(p, n) AS v"
    )
