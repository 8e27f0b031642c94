"""The grammar page: `grammar.lark` in the notation that standards use (EBNF of ISO 14977), rule by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

from kg.query.parse import SPOKEN

_RULE = re.compile(r"^\??([a-zA-Z_]+)(?:\.\d+)?\s*:\s*(.*)$")
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|/(?:\\.|[^/\\])+/|[A-Za-z_]+|[()|\[\]*?+]')


def rules() -> dict[str, str]:
    """Return the grammar's rules and terminals by name, each on one line, without what serves the parser alone."""
    text = resources.files("kg.query").joinpath("grammar.lark").read_text("utf-8")
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        rule = _RULE.match(line)
        if line.startswith(("//", "%")) or not line.strip():
            continue
        if rule:
            name = rule.group(1)
            found[name] = rule.group(2)
        else:
            found[name] += " " + line.strip()
    return {name: re.sub(r"\s*->\s*\w+", "", body).strip() for name, body in found.items()}


def as_ebnf(body: str) -> str:
    """Return a rule's body in EBNF: `[ x ]` at most once, `{ x }` any number of times."""
    parts = list(_sequence(_TOKEN.findall(body)))
    return " ".join(parts)


def _sequence(signs: list[str]) -> Iterator[str]:
    items: list[str] = []
    place = 0
    while place < len(signs):
        sign = signs[place]
        if sign in "([":
            end = _closing(signs, place)
            inner = " ".join(_sequence(signs[place + 1 : end]))
            items.append(f"[ {inner} ]" if sign == "[" else f"( {inner} )")
            place = end
        elif sign in "*?+" and items:
            last = items.pop()
            bare = last[2:-2] if last.startswith("( ") else last
            items.append({"*": f"{{ {bare} }}", "?": f"[ {bare} ]", "+": f"{last} {{ {bare} }}"}[sign])
        else:
            items.append(sign)
        place += 1
    yield from items


def _closing(signs: list[str], opened: int) -> int:
    depth = 0
    for place in range(opened, len(signs)):
        depth += signs[place] in ("(", "[")
        depth -= signs[place] in (")", "]")
        if depth == 0:
            return place
    raise ValueError("the grammar has a bracket that is not closed")


def grammar_page(note: str) -> str:
    """Return docs/query-grammar.md."""
    lines = ["# The grammar of the query language", "", note, ""]
    lines += [
        "`[ x ]` is x or nothing, `{ x }` any number of x, `x | y` one of the two; what is in quotes is typed so.",
        "Between the words there can be any space, and a remark from `#` to the end of the line.",
        "",
        "```ebnf",
    ]
    known = rules()
    lines += [f"{name} = {as_ebnf(body)} ;" for name, body in known.items() if name.islower()]
    lines += ["```", "", "| word | what it is | written as |", "| --- | --- | --- |"]
    for name, body in known.items():
        if not name.islower() and name != "COMMENT":
            shown = body.replace("|", "\\|")
            lines.append(f"| `{name}` | {SPOKEN.get(name, name.lower())} | `{shown}` |")
    return "\n".join(lines) + "\n"
