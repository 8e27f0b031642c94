"""What may follow at a place in a question, for editors: words of the grammar and, for what is reached, the schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from lark import Token, UnexpectedInput

from kg.query.limits import MAX_TEXT
from kg.query.parse import SPOKEN, grammar_parser
from kg.query.tree import COMPARISONS
from kg.schema import (
    EDGE_BY_TYPE,
    EDGE_KINDS,
    LANGUAGES,
    NODE_BY_LABEL,
    NODE_BY_ROOT,
    NODE_KINDS,
    ROLE_BY_NAME,
    Role,
    property_of,
    roles_of,
)

_PART: Final = re.compile(r"[$A-Za-z0-9_]*\Z")
_KEYS: Final = (
    ("score", "The sum of the edges' own rank, or the number of edges."),
    ("shared", "How many nodes before lead there."),
    ("name", "By the alphabet."),
)

What = Literal["kind", "role", "edge", "property", "value", "key", "keyword"]


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that may stand at the place, what sort of word it is, and what it means (empty for keywords)."""

    text: str
    what: What
    meaning: str = ""


def completions(text: str, at: int | None = None) -> tuple[Completion, ...]:
    """Return the words that may stand at this place (the end, without one), those that begin as what is there does.

    Nothing follows where the question went wrong before.
    """
    before = text[: len(text) if at is None else at][:MAX_TEXT]
    part = _PART.search(before)
    begun = part.group() if part else ""
    here = _Here()
    parser = grammar_parser().parse_interactive(before[: len(before) - len(begun)])
    try:
        for token in parser.iter_parse():
            here.read(token)
    except UnexpectedInput:
        return ()
    found = dict.fromkeys(here.words(parser.accepts()))
    return tuple(item for item in found if item.text.startswith(begun))


class _Here:
    """Follows a question word by word: which kind of thing the path has reached, and what was said last."""

    def __init__(self) -> None:
        self._label: str | None = None  # the kind reached; None where nobody knows
        self._role: Role | None = None  # the step stood in
        self._before = ""  # the last token's kind
        self._clause = ""  # the clause stood in
        self._property = ""
        self._open: list[str | None] = []  # for each open bracket the kind reached in it
        self._listing = False  # inside `in (…)`

    def read(self, token: Token) -> None:
        """Take one more word."""
        kind = token.type
        match kind:
            case "VBAR":
                self._role, self._clause = None, "role"
            case "SET_OPERATOR":
                self._label, self._role, self._clause = None, None, ""
            case "LPAR" if self._before == "IN":
                self._listing = True
            case "LPAR":
                self._open.append(None)
            case "RPAR" if self._listing:
                self._listing = False
            case "RPAR" if self._open:
                self._open.pop()
                self._role, self._clause = None, ""
            case "WORD":
                self._word(token.value)
            case "VIA" | "WHERE" | "WITHOUT" | "BY" | "AS" | "TOP" | "SAMPLE" | "SHARED" | "BETWEEN":
                self._clause = kind.lower()
            case "AND" if self._clause != "where":
                self._clause = "between"
            case _:
                pass
        self._before = kind

    def _word(self, word: str) -> None:
        if self._clause == "role":
            self._role = ROLE_BY_NAME.get((self._label or "", word))
            self._label = self._role.end if self._role else None
            self._clause = ""
        elif self._clause == "where":
            if self._before in ("WHERE", "AND", "NOT"):
                self._property = word
        elif self._clause in ("", "between") and self._role is None:
            kind = NODE_BY_ROOT.get(word)
            self._label = kind.label if kind else None

    def words(self, accepted: Iterable[str]) -> Iterator[Completion]:
        """Yield what may follow, the schema's words first."""
        keywords = sorted(set(accepted))
        for name in keywords:
            if name == "WORD":
                yield from self._schema_words()
            elif name == "COMPARE":
                yield from (Completion(sign, "keyword") for sign in COMPARISONS if sign not in ("in", ">="))
            elif name == "SET_OPERATOR":
                yield from (Completion(sign, "keyword") for sign in "&+-")
        for name in keywords:
            spoken = SPOKEN.get(name, name.lower())
            if name not in ("WORD", "COMPARE", "SET_OPERATOR", "STRING", "INTEGER", "NUMBER", "SLOT", "$END"):
                yield Completion(spoken, "keyword")

    def _schema_words(self) -> Iterator[Completion]:
        if self._before in ("COMPARE", "AT_LEAST") or self._listing:
            yield from self._values()
        elif self._clause == "role" or self._clause == "without":
            yield from self._roles()
        elif self._clause == "via":
            kinds = [EDGE_BY_TYPE[self._role.edge]] if self._role else EDGE_KINDS
            yield from (Completion(kind.type, "edge", kind.meaning) for kind in kinds)
        elif self._clause == "where":
            yield from self._properties(numbers_only=False)
            yield Completion("source", "property", "Only edges that this source speaks for.")
            yield Completion("language", "property", "Only what has a name in this language.")
        elif self._clause == "by":
            yield from self._properties(numbers_only=True)
            yield from (Completion(key, "key", meaning) for key, meaning in _KEYS)
        elif self._clause in ("", "between") and self._before in ("", "LPAR", "SET_OPERATOR", "BETWEEN", "AND"):
            yield from (Completion(kind.root, "kind", kind.meaning) for kind in NODE_KINDS)

    def _roles(self) -> Iterator[Completion]:
        for role in roles_of(self._label or ""):
            yield Completion(role.name, "role", f"{EDGE_BY_TYPE[role.edge].type} to {role.end}")

    def _properties(self, *, numbers_only: bool) -> Iterator[Completion]:
        if self._role is None:
            return
        for holder in (EDGE_BY_TYPE[self._role.edge], NODE_BY_LABEL[self._role.end]):
            for item in holder.properties:
                if item.numeric or not numbers_only:
                    yield Completion(item.name, "property", item.meaning)

    def _values(self) -> Iterator[Completion]:
        if self._property == "language":
            yield from (Completion(language, "value") for language in LANGUAGES)
        if self._role is None:
            return
        for holder in (EDGE_BY_TYPE[self._role.edge], NODE_BY_LABEL[self._role.end]):
            known = property_of(holder, self._property)
            if known is not None:
                yield from (Completion(choice, "value", known.meaning) for choice in known.choices)
                return
