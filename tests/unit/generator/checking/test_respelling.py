"""Names that a text misspells are put right, and nothing else is touched."""

from __future__ import annotations

import pytest

from generator.checking.check import check
from generator.checking.respelling import respell
from generator.facts import Fact
from generator.linking.vocabulary import Term, Vocabulary

RINGWORM = Term("D:1", "Disease", ("dermatophytosis", "дерматофития"))
COUGH = Term("S:1", "Symptom", ("cough with sputum", "productive cough"))
COMPLAINTS = Term("S:2", "Symptom", ("no complaints",))
DRUG = Term("R:1", "Drug", ("ipratropium bromide",))
OTHER = Term("R:2", "Drug", ("metoprolol",))
FACTS = tuple(
    Fact(f"F{at}", kind, term.names[0], "", None, (term,))
    for at, (kind, term) in enumerate(
        (("diagnosis", RINGWORM), ("symptom", COUGH), ("symptom", COMPLAINTS), ("drug", DRUG))
    )
)


def put_right(text: str) -> tuple[str, list[tuple[str, str]]]:
    links = check(text, FACTS, Vocabulary((RINGWORM, COUGH, COMPLAINTS, DRUG, OTHER))).mentions
    new, found = respell(text, links, FACTS)
    assert all(new[one.start : one.end] == one.written for one in found)
    return new, [(one.said, one.written) for one in found]


@pytest.mark.parametrize(
    ("text", "right", "words"),
    [
        (
            "Terbinafine for dermatophytasis. He brings up cough with sputuma, gets ipratropium bromIDE.",
            "Terbinafine for dermatophytosis. He brings up cough with sputum, gets ipratropium bromide.",
            [("dermatophytasis", "dermatophytosis"), ("sputuma", "sputum"), ("bromIDE", "bromide")],
        ),
        # A sentence begins with a capital, whatever the name does.
        ("Derrmatophytosis was found.", "Dermatophytosis was found.", [("Derrmatophytosis", "Dermatophytosis")]),
    ],
)
def test_a_name_is_spelled_as_the_graph_spells_it(text: str, right: str, words: list[tuple[str, str]]) -> None:
    assert put_right(text) == (right, words)
    assert put_right(right) == (right, [])


@pytest.mark.parametrize(
    "text",
    [
        # A word of its own is no misspelling, though it was taken for one.
        "He also has no complained of.",
        # Other forms, and capitals for the whole.
        "Productive coughs; COUGH WITH SPUTUM; Ipratropium Bromide.",
        # A name that was not given stays what it is: invented.
        "He takes metoprolole.",
        # In Russian a name does not say in which case it would stand.
        "Лечение дерматофитеи начато.",
        "",
    ],
)
def test_what_is_no_misspelling_of_a_given_name_is_left(text: str) -> None:
    assert put_right(text) == (text, [])
