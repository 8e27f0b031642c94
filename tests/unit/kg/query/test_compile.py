"""A plan becomes one statement; what was typed is only ever in its values."""

from __future__ import annotations

import re
from pathlib import Path as FilePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.query.build import ask
from kg.query.compile import to_cypher
from kg.query.names import wanted_by
from kg.query.parse import parse
from kg.query.plan import plan
from kg.query.spell import quoted
from kg.statements import Statement

CASES = FilePath(__file__).with_name("cases.txt")

# Texts that have broken out of Cypher elsewhere, and some that merely look strange.
PAYLOADS = [
    "x'}) DETACH DELETE n //",
    '"}) RETURN 1 //',
    "`x` DELETE",
    "\\u0060 RETURN 1",
    "$r99 OR 1 = 1",
    "/* */",
    "UNION MATCH (n) RETURN n",
    "CALL db.labels()",
    "‮txt",
    "a; DROP",
]


def compiled(text: str) -> Statement:
    planned = plan(parse(text), text)
    return to_cypher(planned, {(kind, name): name for kind, name in wanted_by(planned)})


def cases() -> list[tuple[str, str]]:
    """Return the pairs of cases.txt: a question, a line of dashes, its Cypher, an empty line."""
    blocks = re.split(r"\n{2,}", CASES.read_text("utf-8").strip())
    return [(question, cypher) for question, _, cypher in (block.partition("\n---\n") for block in blocks)]


@pytest.mark.parametrize(("question", "cypher"), cases())
def test_a_question_becomes_this_cypher(question: str, cypher: str) -> None:
    assert compiled(question).text == cypher


@given(
    name=st.one_of(st.sampled_from(PAYLOADS), st.text(st.characters(exclude_categories=("Cs",)), min_size=3)),
    count=st.integers(1, 1000),
    number=st.floats(0, 1),
    seed=st.integers(-(2**63), 2**63 - 1),
)
def test_the_text_never_depends_on_what_was_typed(name: str, count: int, number: float, seed: int) -> None:
    def question(name: str, count: int, number: float, seed: int) -> str:
        return str(
            ask("disease", name)
            .step("symptoms")
            .where("weight", ">=", number)
            .where("source", "=", name)
            .top(count)
            .step("diseases")
            .sample(count, seed, "weight")
        )

    try:
        typed = compiled(question(name, count, number, seed))
    except QueryError:
        # Too long, empty, or with a line break: refused before any Cypher was made.
        assert len(name) > 1000 or not name.strip() or "\n" in name
        return
    assert typed.text == compiled(question("plain", 3, 0.5, 7)).text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_travels_in_the_values_alone(payload: str) -> None:
    statement = compiled(f"disease {quoted(payload)} | symptoms where source = {quoted(payload)}")
    assert payload not in statement.text
    assert payload in statement.values["r0"]
    assert payload in statement.values["w1"]
