"""The second judge with real vectors: it finds what people marked, and its scores are those of BERTScore's authors."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.models.minilm import MiniLm
from generator.scoring.bertscore import bert_score
from generator.scoring.judge import Judge
from generator.scoring.names import with_vectors
from tests.unit.generator import labels

pytestmark = pytest.mark.model


def by_name(name: str) -> frozenset[str]:
    return labels.core_names()[name.casefold()]


@pytest.fixture(scope="module")
def encoder(cache: Path) -> MiniLm:
    return MiniLm(cache)


@pytest.fixture(scope="module")
def judge(encoder: MiniLm, cache: Path) -> Judge:
    # All names of what the notes speak of, and every third of the others: vectors of all take half a minute.
    marked = {key for note in labels.labelled("en") for label in note.labels for key in by_name(label.name)}
    english = [item for item in sorted(labels.core_names().items()) if item[0].isascii()]
    bearers = {name: ids for at, (name, ids) in enumerate(english) if at % 3 == 0 or ids & marked}
    return Judge(encoder, with_vectors(bearers, encoder, cache / "vectors", lambda done, total: None))


def test_the_scores_equal_those_of_the_authors_library(encoder: MiniLm) -> None:
    # bert-score 0.3.13 with the same weights, layer 6, no idf, not rescaled.
    told = "A 34-year-old woman reports fever, sore throat and headache for three days."
    cases = {
        (told, "fever, sore throat, headache"): (0.5106981992721558, 0.8678281307220459, 0.643002986907959),
        ("No complaints today.", "cough, wheezing"): (0.14642038941383362, 0.12060542404651642, 0.13226504623889923),
    }
    for (candidate, reference), expected in cases.items():
        found = bert_score(encoder.token_vectors(candidate), encoder.token_vectors(reference))
        assert found == pytest.approx(expected, abs=1e-4)


def test_a_text_longer_than_the_model_reads_is_read_in_parts(encoder: MiniLm) -> None:
    words = 700
    assert len(encoder.token_vectors("fever " * words)) == words + 2
    assert len(encoder.token_vectors("")) == 2


def test_places_of_the_labelled_notes_are_found_by_meaning(judge: Judge) -> None:
    notes = labels.labelled("en")[::3]
    right = false = missed = 0
    for note in notes:
        names = [by_name(label.name) for label in note.labels]
        hit: set[int] = set()
        for place in judge.meant(note.text):
            marked = {
                at
                for at, label in enumerate(note.labels)
                if label.start < place.end and place.start < label.end and place.term_ids & names[at]
            }
            hit |= marked
            right, false = right + bool(marked), false + (not marked)
        missed += len(note.labels) - len(hit)
    assert right > 150
    assert right / (right + false) >= 0.95
    assert right / (right + missed) >= 0.95


def test_what_was_not_given_is_found_although_it_is_said_in_other_words(judge: Judge) -> None:
    given = {"F1": sorted(by_name("fever"))}
    found = judge.judge("She is febrile, with difficulty in breathing.", given, ["fever"], [])
    assert found.told == ("F1",)
    assert any("breath" in place.said for place in found.invented)
