"""The statements of lists, the queries of the full-text index, and the order of hits; all without a database."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, QueryTooLarge
from kg.reading import Condition, Order, Place, ask
from kg.reading.lucene import codes_for, ids_for, phrase_for, query_for, words
from kg.reading.reader import ranked
from kg.schema import EDGE_BY_TYPE, NODE_BY_LABEL, NODE_KINDS, ROLE_BY_NAME, ROLES, Property
from kg.subgraph import SubgraphNode

DISEASE = NODE_BY_LABEL["Disease"]
PRIOR = next(item for item in DISEASE.properties if item.name == "prior")


def node(node_id: str, name: str, *synonyms: str) -> SubgraphNode:
    return SubgraphNode(node_id, "Disease", {"en": name}, {"en": synonyms} if synonyms else {}, {})


def test_a_page_asks_for_one_more_than_wanted() -> None:
    assert ask.page(DISEASE, 20, None, (), Order()).values["limit"] == 21


def test_a_page_by_name_continues_behind_the_name_and_the_id() -> None:
    statement = ask.page(DISEASE, 5, Place("asthma", "DOID:2841"), (), Order())
    assert "n.name >= $key AND (n.name > $key OR n.id > $after)" in statement.text
    assert statement.values == {"key": "asthma", "after": "DOID:2841", "limit": 6}


def test_a_page_by_a_number_puts_nodes_without_it_last() -> None:
    statement = ask.page(DISEASE, 5, None, (), Order(PRIOR, descending=True))
    assert "ORDER BY coalesce(n.prior, -1.0) DESC, n.id\n" in statement.text


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.start}.{role.name}")
def test_each_role_is_walked_in_its_direction_with_static_labels(role: ask.Role) -> None:
    text = ask.neighbours(role, ["A:1"], 5, None, ()).text
    arrow = {True: f"-[r:{role.edge}]->", False: f"<-[r:{role.edge}]-"}[role.forward]
    if EDGE_BY_TYPE[role.edge].symmetric:
        arrow = f"-[r:{role.edge}]-("
    assert f"(a:{role.start} {{id: parent}})" in text
    assert arrow in text
    assert f"(b:{role.end})" in text
    assert not any(word in text for word in (":START", ":EDGE", ":END", "/*"))
    assert ask.degrees(role, ["A:1"], ()).text.count(arrow) == 1


def test_no_statement_keeps_a_mark_of_its_file() -> None:
    statements = [ask.totals()]
    for kind in NODE_KINDS:
        statements += [ask.page(kind, 1, None, (), Order()), ask.count(kind, ())]
    assert not any(mark in item.text for item in statements for mark in (":KIND", "'KIND'", "/*"))


@given(st.text(), st.text(), st.text())
def test_nothing_typed_gets_into_the_text_of_a_statement(value: str, key: str, node_id: str) -> None:
    place = Place(key, node_id)
    condition = Condition(Property("sex", "choice", ""), "one_of", (value,))
    role = ROLE_BY_NAME["Disease", "symptoms"]
    plain = ask.page(DISEASE, 1, Place("", ""), (Condition(condition.property, "one_of", ()),), Order())
    assert ask.page(DISEASE, 1, place, (condition,), Order()).text == plain.text
    assert ask.neighbours(role, [node_id], 1, place, ()).text == ask.neighbours(role, [], 1, None, ()).text


def test_too_many_conditions_are_refused() -> None:
    with pytest.raises(QueryTooLarge):
        ask.count(DISEASE, [Condition(PRIOR, "at_least", 0.0)] * 13)


@given(st.text(max_size=200))
def test_a_query_holds_only_words_and_our_own_signs(text: str) -> None:
    query = query_for(text)
    assert (query is None) == (not words(text))
    for word in words(text):
        assert not set(word) & set('+-&|!(){}[]^"~*?:\\/ ')
        assert word == word.lower()


@given(st.text(max_size=100))
def test_a_phrase_cannot_be_left(text: str) -> None:
    phrase = phrase_for(text)
    if phrase is not None:
        inner = phrase[1:-1]
        # Every quote inside has an odd number of backslashes before it.
        for at, sign in enumerate(inner):
            if sign == '"':
                before = sum(1 for _ in itertools.takewhile(lambda sign: sign == "\\", reversed(inner[:at])))
                assert before % 2 == 1


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("J20", ("ICD10:J20", "ICD10CM:J20")),
        ("j20.9", ("ICD10:J20.9", "ICD10CM:J20.9")),
        ("J209", ("ICD10:J20.9", "ICD10CM:J20.9")),
        ("ICD10CM:j20", ("ICD10CM:J20",)),
        ("J20-J22", ("ICD10:J20-J22", "ICD10CM:J20-J22")),
        ("X", ("ICD10:X", "ICD10CM:X")),
        ("DOID:2841", ()),
        ("cough", ()),
        ("", ()),
        ("MESH:J20", ()),
    ],
)
def test_a_code_is_read_in_any_spelling(text: str, ids: tuple[str, ...]) -> None:
    assert codes_for(text) == ids


def test_an_id_is_taken_as_it_stands() -> None:
    assert ids_for("DOID:2841") == ("DOID:2841",)
    assert ids_for("J20") == ("ICD10:J20", "ICD10CM:J20")
    assert ids_for("acute: bronchitis") == ()


def test_whole_names_come_before_parts_and_names_before_synonyms() -> None:
    rows = [
        (node("D:1", "chronic asthma"), 9.0),
        (node("D:2", "wheezing", "asthma"), 8.0),
        (node("D:3", "asthma"), 1.0),
        (node("D:4", "asthma of bakers"), 2.0),
        (node("D:5", "cough"), 1000.0),
    ]
    assert [hit.node.id for hit in ranked("asthma", rows)] == ["D:5", "D:3", "D:2", "D:4", "D:1"]
    assert [hit.matched for hit in ranked("asthma", rows)][2] == "asthma"


@pytest.mark.parametrize("text", ["x" * 201, "a\x00b", "\u202eabc"])
def test_text_that_is_too_long_or_hides_signs_is_refused(text: str) -> None:
    from kg.reading.lucene import cleaned

    with pytest.raises(KgError):
        cleaned(text)
