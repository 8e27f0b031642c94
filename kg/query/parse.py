"""From text to tree: says what is wrong, where, and what could have been meant."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

from lark import Lark, Token, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark import Tree as Parsed

from kg.errors import QuerySyntaxError, QueryTooLarge
from kg.query.limits import MAX_CONDITIONS, MAX_NESTING, MAX_PARTS, MAX_TEXT
from kg.query.tree import Combined, Condition, Path, Root, Sample, Scalar, Step, Top, Tree

# What the parser calls its tokens, and what a person calls them.
_SPOKEN: Final = {
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
}


@cache
def _parser() -> Lark:
    grammar = resources.files("kg.query").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def parse(text: str) -> Tree:
    """Return the tree of a question.

    Raises QuerySyntaxError with the place and what could stand there, or QueryTooLarge.
    """
    _check_size(text)
    try:
        parsed = _parser().parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from None
    return _Reader(text).expression(parsed.children[0])


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

    def expression(self, node: Any) -> Tree:
        first, *rest = node.children
        tree = self._path(first)
        for operator, right in zip(rest[::2], rest[1::2], strict=True):
            self._count(operator)
            tree = Combined(operator.value, tree, self._path(right), at=operator.start_pos)
        return tree

    def _path(self, node: Any) -> Tree:
        source, *rest = node.children
        steps = tuple(self._step(step) for step in rest)
        if source.data == "root":
            return Path(self._root(source), steps)
        inner = self.expression(source.children[0])
        if not steps:
            return inner
        if isinstance(inner, Path):
            return Path(inner.source, inner.steps + steps)
        return Path(inner, steps)

    def _root(self, node: Any) -> Root:
        kind, *names = node.children
        self._count(kind)
        tokens = [name.children[0] for name in names]
        return Root(
            kind.value,
            tuple(_unquoted(token) for token in tokens),
            at=kind.start_pos,
            names_at=tuple(token.start_pos for token in tokens),
        )

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
                return {"low": int(words[0]), "high": int(words[1])}
            case "where":
                return {"where": tuple(self._condition(condition) for condition in words)}
            case "shared":
                return {"shared": int(words[1])}
            case "top":
                return {"pick": Top(int(words[0]), words[1] and words[1].value, at=at)}
            case "sample":
                return {"pick": Sample(int(words[0]), int(words[2]), words[1] and words[1].value, at=at)}
            case _:
                return {"label": words[0].value}

    def _condition(self, node: Any) -> Condition:
        self._conditions += 1
        at = node.meta.start_pos
        if self._conditions > MAX_CONDITIONS:
            raise QueryTooLarge("too many conditions", text=self._text, at=at, hint=f"At most {MAX_CONDITIONS}.")
        name = node.children[0].value
        match node.data:
            case "compare":
                return Condition(name, node.children[1].value, _value(node.children[2]), at=at)
            case "at_least":
                return Condition(name, ">=", _value(node.children[2]), at=at)
            case _:
                return Condition(name, "in", tuple(_value(item) for item in node.children[1:]), at=at)

    def _count(self, token: Token) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise QueryTooLarge(
                "the question has too many parts",
                text=self._text,
                at=token.start_pos,
                hint=f"At most {MAX_PARTS} starts, steps and operators.",
            )


def _value(node: Parsed[Token]) -> Scalar:
    token = node.children[0]
    assert isinstance(token, Token)
    match token.type:
        case "STRING":
            return _unquoted(token)
        case "INTEGER":
            return int(token)
        case "NUMBER":
            return float(token)
        case _:
            return token.value


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
    expected = sorted({_SPOKEN.get(name, name.lower()) for name in _expected(error)})
    hint = f"Here can stand: {', '.join(expected)}." if expected else "docs/query-language.md has the whole language."
    return QuerySyntaxError(message, text=text, at=at, hint=hint)


def _expected(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.accepts or error.expected)
    if isinstance(error, UnexpectedCharacters):
        return set(error.allowed or ())
    return set()
