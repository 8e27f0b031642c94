"""From text to tree: says what is wrong, where, and what could have been meant."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

from lark import Lark, Token, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark import Tree as Parsed

from kg.errors import QuerySyntaxError, QueryTooLarge
from kg.query.limits import MAX_CONDITIONS, MAX_NESTING, MAX_PARTS, MAX_TEXT
from kg.query.tree import (
    AsOf,
    Between,
    Combined,
    Condition,
    Count,
    Expression,
    Name,
    Path,
    Root,
    Sample,
    Slot,
    Step,
    Top,
    Tree,
    Value,
)

# What the parser calls its tokens, and what a person calls them.
SPOKEN: Final = {
    "$END": "the end",
    "VBAR": "|",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "AT_LEAST": ">=",
    "__ANON_0": "..",
    "SET_OPERATOR": "& + or -",
    "COMPARE": "= != < <= or >",
    "STRING": 'a name in "quotes"',
    "INTEGER": "a whole number",
    "NUMBER": "a number",
    "WORD": "a word",
    "SLOT": "a $slot",
    "AS_OF": "as of",
}


@cache
def grammar_parser() -> Lark:
    """Return the parser of the grammar, made once."""
    grammar = resources.files("kg.query").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def parse(text: str) -> Tree:
    """Return the tree of a question.

    Raises QuerySyntaxError with the place and what could stand there, or QueryTooLarge.
    """
    _check_size(text)
    try:
        parsed = grammar_parser().parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from None
    return _Reader(text).question(parsed)


def _check_size(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise QueryTooLarge(f"the question has {len(text)} characters", hint=f"At most {MAX_TEXT} are allowed.")
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth > MAX_NESTING:
            raise QueryTooLarge("the brackets are too deep", text=text, at=at, hint=f"At most {MAX_NESTING} levels.")


class _Reader:
    """Reads the parser's tree into ours, counting its parts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts = 0
        self._conditions = 0

    def question(self, node: Any) -> Tree:
        expression, *moment = node.children
        tree = self._expression(expression)
        if not moment:
            return tree
        as_of, name = moment[0].children
        return AsOf(tree, _name(name), at=as_of.start_pos)

    def _expression(self, node: Any) -> Expression:
        first, *rest = node.children
        tree = self._path(first)
        for operator, right in zip(rest[::2], rest[1::2], strict=True):
            self._count(operator)
            tree = Combined(operator.value, tree, self._path(right), at=operator.start_pos)
        return tree

    def _path(self, node: Any) -> Expression:
        source, *rest = node.children
        steps = tuple(self._step(step) for step in rest)
        if source.data == "root":
            return Path(self._root(source), steps)
        if source.data == "between":
            return Path(self._between(source), steps)
        inner = self._expression(source.children[0])
        if not steps:
            return inner
        if isinstance(inner, Path):
            return Path(inner.source, inner.steps + steps)
        return Path(inner, steps)

    def _root(self, node: Any) -> Root:
        kind, *names = node.children
        self._count(kind)
        return Root(
            kind.value,
            tuple(_name(name) for name in names),
            at=kind.start_pos,
            names_at=tuple(name.children[0].start_pos for name in names),
        )

    def _between(self, node: Any) -> Between:
        start, end, up_to, *kinds = node.children
        via = tuple(word.value for word in kinds[0].children) if kinds else ()
        return Between(self._root(start), self._root(end), _whole(up_to), via, at=node.meta.start_pos)

    def _step(self, node: Any) -> Step:
        role, *clauses = node.children
        self._count(role)
        given: dict[str, Any] = {}
        for clause in clauses:
            at = clause.meta.start_pos
            for name, value in self._clause(clause).items():
                if name in given:
                    raise QuerySyntaxError(
                        f"{clause.data} stands twice in this step", text=self._text, at=at, hint="Keep one of the two."
                    )
                given[name] = value
        return Step(role.value, at=role.start_pos, **given)

    def _clause(self, node: Any) -> dict[str, Any]:
        at = node.meta.start_pos
        words = node.children
        match node.data:
            case "via":
                return {"via": words[0].value}
            case "repeat":
                return {"low": _whole(words[0]), "high": _whole(words[1])}
            case "where":
                return {"where": tuple(self._condition(condition) for condition in words)}
            case "without":
                return {"without": tuple(word.value for word in words)}
            case "shared":
                return {"shared": _whole(words[1])}
            case "top":
                return {"pick": Top(_whole(words[0]), words[1] and words[1].value, at=at)}
            case "sample":
                count, by, temperature, seed = words
                # `temperature 1` is what no temperature means, and the two are one tree.
                given = None if temperature is None else _number(temperature)
                heat = None if given == 1 else given
                return {"pick": Sample(_whole(count), _whole(seed), by and by.value, heat, at=at)}
            case _:
                return {"label": words[0].value}

    def _condition(self, node: Any) -> Condition:
        self._conditions += 1
        at = node.meta.start_pos
        if self._conditions > MAX_CONDITIONS:
            raise QueryTooLarge("too many conditions", text=self._text, at=at, hint=f"At most {MAX_CONDITIONS}.")
        negated = node.data == "negated"
        compared = node.children[0]
        name, *rest = compared.children
        match compared.data:
            case "compare":
                return Condition(name.value, rest[0].value, _value(rest[1]), negated, at=at)
            case "at_least":
                return Condition(name.value, ">=", _value(rest[1]), negated, at=at)
            case _:
                return Condition(name.value, "in", tuple(_value(item) for item in rest), negated, at=at)

    def _count(self, token: Token) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise QueryTooLarge(
                "the question has too many parts",
                text=self._text,
                at=token.start_pos,
                hint=f"At most {MAX_PARTS} starts, steps and operators.",
            )


def _token(node: Parsed[Token]) -> Token:
    token = node.children[0]
    assert isinstance(token, Token)
    return token


def _value(node: Parsed[Token]) -> Value:
    token = _token(node)
    match token.type:
        case "STRING":
            return _unquoted(token)
        case "INTEGER":
            return int(token)
        case "NUMBER":
            return float(token)
        case "SLOT":
            return _slot(token)
        case _:
            return token.value


def _name(node: Parsed[Token]) -> Name:
    token = _token(node)
    return _slot(token) if token.type == "SLOT" else _unquoted(token)


def _whole(node: Parsed[Token]) -> Count:
    token = _token(node)
    return _slot(token) if token.type == "SLOT" else int(token)


def _number(node: Parsed[Token]) -> float | Slot:
    token = _token(node)
    return _slot(token) if token.type == "SLOT" else float(token)


def _slot(token: Token) -> Slot:
    return Slot(token.value[1:], at=token.start_pos if token.start_pos is not None else -1)


def _unquoted(token: Token) -> str:
    """Return what stands between the quotes; a backslash takes the next letter as it is."""
    inner = token.value[1:-1]
    out: list[str] = []
    letters = iter(inner)
    for letter in letters:
        out.append(next(letters, "") if letter == "\\" else letter)
    return "".join(out)


def _syntax_error(text: str, error: UnexpectedInput) -> QuerySyntaxError:
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        at = len(text)
        message = "The question stops too early" if text.strip() else "The question is empty"
    elif isinstance(error, UnexpectedCharacters):
        at = error.pos_in_stream
        letter = text[at]
        message = "A quotation mark is not closed" if letter == '"' else f"{letter!r} cannot stand here"
    else:
        at = error.pos_in_stream or 0
        token = getattr(error, "token", "")
        message = f"{str(token)!r} cannot stand here"
    expected = sorted({SPOKEN.get(name, name.lower()) for name in _expected(error)})
    hint = f"Here can stand: {', '.join(expected)}." if expected else "docs/query-language.md has the whole language."
    return QuerySyntaxError(message, text=text, at=at, hint=hint)


def _expected(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.accepts or error.expected)
    if isinstance(error, UnexpectedCharacters):
        return set(error.allowed or ())
    return set()
