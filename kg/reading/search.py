"""Search by words: the statement, and the order of what it finds.

The full-text index is asked for the words as they are typed. Only when that finds little is it asked again for
beginnings of every word and for misspelt words, for that takes it several times as long. And only when it finds more
than are read, so that it gives some of them in no order, are the names that begin with the text read from the indexes
on names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, LiteralString

from kg.reading.lucene import BEGINS, cleaned, closeness, ids_for, likeness, loose_query_for, query_for
from kg.reading.records import Found
from kg.schema import LANGUAGES, NODE_BY_LABEL, NODE_KINDS, NodeKind
from kg.statements import Statement
from kg.subgraph import SubgraphNode

# The index sorts by its own score; this many are kept so that whole names can be put before parts of names.
_POOL: Final = 60
# Of one kind the index knows nothing, so more hits are read when only some kinds are wanted.
_POOL_OF_KINDS: Final = 1_000
# With fewer hits than this the words may be misspelt, unless one of the hits is called just what was typed.
_FEW: Final[LiteralString] = "5"
# How many names that begin with the text are read of each kind.
_BEGINNINGS: Final[LiteralString] = "10"
# A node that was found by its id, or by the id of its code, comes before all that were found by a name.
BY_ID: Final = 999.0


def hit_values(text: str, kinds: Sequence[str], language: str | None, limit: int) -> tuple[Any, ...] | None:
    """Return the values of a search in the order in which `hits_text` names them; None when there is no word in it.

    Raises QueryError when the text is too long and RecordRejected when it hides characters.
    """
    clean = cleaned(text)
    query = query_for(clean, language)
    if query is None:
        return None
    wanted = set(kinds or NODE_BY_LABEL)
    every = len(wanted) == len(NODE_BY_LABEL)
    spellings = sorted({clean, clean.lower(), clean.upper(), clean.capitalize()})
    return (
        query,
        list(ids_for(clean)),
        sorted(wanted),
        pool_of(limit) if every else max(pool_of(limit), _POOL_OF_KINDS),
        {label: spellings if label in wanted else [] for label in NODE_BY_LABEL},
        None if language is None else f"name_{language}",
        loose_query_for(clean, language),
        clean.lower(),
    )


# The values of a search that finds nothing, where one has to be run all the same: among no kinds.
FIND_NOTHING: Final[tuple[Any, ...]] = ("a", [], [], 1, {label: [] for label in NODE_BY_LABEL}, None, "a", "a")


def pool_of(limit: int) -> int:
    """Return how many hits of the full-text index are kept when so many are wanted."""
    return max(limit, _POOL)


def statement(text: str, kinds: Sequence[str], language: str | None, limit: int) -> Statement | None:
    """Return the statement of a search, or None when there is no word in the text; raises as `hit_values`."""
    values = hit_values(text, kinds, language, limit)
    if values is None:
        return None
    named = {f"h{number}": value for number, value in enumerate(values)}
    return Statement(_text(), {**named, "pool": pool_of(limit)})


@cache
def _text() -> LiteralString:
    return (
        f"{hits_text('$h', '$pool')}\n"
        "RETURN n.id AS id, [label IN labels(n) WHERE label <> 'Entity'][0] AS kind, properties(n) AS properties, score"
    )


def hits_text(parameter: LiteralString, pool: LiteralString, scope: LiteralString = "") -> LiteralString:
    """Return the clauses that name what a search finds `n`, and its `score`.

    The n-th of `hit_values` is named `parameter` with its number behind it, in a subquery that knows `scope`; `pool`
    is the name of `pool_of`.
    """
    union: LiteralString = "\n    UNION ALL\n"
    either: LiteralString = " OR "
    called: list[LiteralString] = [_called(language, parameter) for language in LANGUAGES]
    beginnings: list[LiteralString] = [_beginning(kind, parameter) for kind in NODE_KINDS]
    known: LiteralString = f"number, hits, {scope}" if scope else "number, hits"
    return (
        f"CALL ({scope}) {{\n"
        f"  CALL db.index.fulltext.queryNodes('names', {parameter}0, {{limit: {parameter}3}}) YIELD node, score\n"
        "  WITH collect({n: node, score: score}) AS found\n"
        f"  WITH size(found) AS number, [x IN found WHERE {_of_kind('x.n', parameter)}] AS hits\n"
        f"  CALL ({known}) {{\n"
        f"    UNWIND hits AS x\n    WITH x.n AS n, x.score AS score\n    ORDER BY score DESC, n.id\n"
        f"    LIMIT {pool}\n    RETURN n, score\n"
        f"    UNION ALL\n"
        f"    UNWIND CASE WHEN size(hits) < {_FEW} AND none(x IN hits WHERE {either.join(called)})"
        f" THEN [{parameter}6] ELSE [] END AS loose\n"
        f"    CALL db.index.fulltext.queryNodes('names', loose, {{limit: {parameter}3}}) YIELD node AS n, score\n"
        f"    WHERE {_of_kind('n', parameter)}\n"
        f"    RETURN n, score\n    ORDER BY score DESC, n.id\n    LIMIT {pool}\n"
        f"    UNION ALL\n{union.join(beginnings)}\n  }}\n"
        "  RETURN n, score\n"
        f"  UNION ALL\n  MATCH (n:Entity)\n  WHERE n.id IN {parameter}1 AND {_of_kind('n', parameter)}\n"
        "  RETURN n, 1000.0 AS score\n"
        "  UNION ALL\n  MATCH (code:IcdCode)<-[:CODED_AS]-(n:Disease)\n"
        f"  WHERE code.id IN {parameter}1 AND 'Disease' IN {parameter}2\n"
        f"  RETURN n, 999.0 AS score\n  LIMIT {pool}\n"
        "}\nWITH n, max(score) AS score"
    )


def _of_kind(node: LiteralString, parameter: LiteralString) -> LiteralString:
    return f"any(label IN labels({node}) WHERE label IN {parameter}2)"


def _called(language: LiteralString, parameter: LiteralString) -> LiteralString:
    return (
        f"toLower(x.n.name_{language}) = {parameter}7"
        f" OR any(other IN coalesce(x.n.synonyms_{language}, []) WHERE toLower(other) = {parameter}7)"
    )


def _beginning(kind: NodeKind, parameter: LiteralString) -> LiteralString:
    # The shortest come first: typing on leads to the others. The index knows the names, so no node is read for it.
    return (
        f"    UNWIND CASE WHEN number >= {parameter}3 THEN {parameter}4.{kind.label} ELSE [] END AS beginning\n"
        f"    MATCH (n:{kind.label})\n"
        f"    WHERE n.name STARTS WITH beginning AND ({parameter}5 IS NULL OR n[{parameter}5] = n.name)\n"
        f"    WITH n\n    ORDER BY size(n.name), n.name, n.id\n    LIMIT {_BEGINNINGS}\n"
        "    RETURN n, 0.0 AS score"
    )


def ranked(text: str, rows: Iterable[tuple[SubgraphNode, float]], language: str | None = None) -> tuple[Found, ...]:
    """Return the found nodes, best first: how much of the text a name is, a name before a synonym, then the score.

    Of names that begin with the text the shorter ones come first; of those that do not hold it as it stands, which may
    be misspelt, the likest.
    """
    found: list[tuple[tuple[int, float, int, int, float, str], Found]] = []
    for node, score in rows:
        (fit, alike, weight), matched = _best_name(text, node, language)
        if score >= BY_ID:
            fit, alike, weight = 4, 0.0, 1
        length = len(matched) if fit == BEGINS else 0
        found.append(((-fit, -alike, -weight, length, -score, node.id), Found(node, matched, score)))
    found.sort(key=lambda item: item[0])
    return tuple(item for _, item in found)


def _best_name(text: str, node: SubgraphNode, language: str | None) -> tuple[tuple[int, float, int], str]:
    """Return how well the best name fits, how like the text it is if not, whether it is no synonym, and the name."""
    names = [(1, name) for key, name in node.names.items() if language in (None, key)]
    synonyms = [(0, name) for key, group in node.synonyms.items() if language in (None, key) for name in group]
    best, fit = node.name(language or "en"), (-1, 0.0, 0)
    for weight, name in (*names, *synonyms):
        close = closeness(text, name)
        here = (close, 0.0 if close else likeness(text, name), weight)
        if here > fit:
            best, fit = name, here
    return fit, best
