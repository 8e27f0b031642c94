"""Notes that say nearly the same are found, by a way that agrees with counting each pair, and the first is kept."""

from __future__ import annotations

import random
import sqlite3
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.duplicates import bands_for, jaccard, shingles, signature, without_duplicates
from generator.errors import OutputRefused, RowsInvalid
from tests.unit.generator.sample_rows import changed, write_rows

WORDS = st.lists(st.sampled_from(["cough", "fever", "pain", "rash", "sleep", "nausea", "ache", "chill"]), max_size=30)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "en.jsonl", 4)


def with_texts(rows: Path, out: Path, texts: list[str], **more: Any) -> Path:
    """Write as many rows as there are texts, each with one of them."""

    def put(number: int, row: dict[str, Any]) -> None:
        row["text"] = texts[number] if number < len(texts) else f"only {number} says {number * 7} of {number * 11}"
        row["check"].update(spans={}, invented=[], violations=[])
        row.update(more.get(f"row{number}", {}))

    return changed(rows, out, put)


def dropped(path: Path, **options: Any) -> list[tuple[int, int]]:
    return [(p.dropped_line, p.kept_line) for _, _, p in without_duplicates(path, **options) if p is not None]


def test_shingles_are_runs_of_words_whatever_case_and_marks() -> None:
    assert shingles("Fever, cough & pain", 2) == shingles("fever cough pain", 2)
    assert len(shingles("fever cough pain", 2)) == 2
    assert len(shingles("fever", 3)) == len(shingles("", 3)) == 1
    assert shingles("fever", 3) != shingles("", 3)
    assert shingles("Жар, КАШЕЛЬ", 2) == shingles("жар кашель", 2)


def test_jaccard_is_the_share_in_common() -> None:
    assert jaccard(frozenset({1, 2, 3}), frozenset({2, 3, 4})) == 0.5
    assert jaccard(frozenset(), frozenset()) == 1.0
    assert jaccard(frozenset({1}), frozenset()) == 0.0


def test_signatures_agree_as_often_as_sets_are_alike() -> None:
    draw = random.Random(5)
    errors: list[float] = []
    for _ in range(60):
        pool = [draw.getrandbits(64) for _ in range(draw.randint(20, 200))]
        left, right = (frozenset(draw.sample(pool, len(pool) * 4 // 5)) for _ in range(2))
        agree = sum(a == b for a, b in zip(signature(left), signature(right), strict=True)) / 128
        errors.append(agree - jaccard(left, right))
    # Right on average, also for sets of fewer items than slots; 128 slots err by 0.04.
    assert abs(sum(errors) / len(errors)) < 0.02
    assert max(map(abs, errors)) < 0.2


def test_the_same_set_has_the_same_signature_in_every_run() -> None:
    assert signature(shingles("the patient has a fever", 2))[:3] == (
        41061725632889846,
        80470341205720761,
        25976414468396487,
    )


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.8, 0.9, 1.0])
def test_bands_find_a_pair_at_the_threshold(threshold: float) -> None:
    bands, rows = bands_for(threshold)
    assert bands * rows <= 128
    assert 1 - (1 - threshold**rows) ** bands >= 0.998


def test_the_first_is_kept_and_the_pair_is_told_with_its_similarity(rows: Path, tmp_path: Path) -> None:
    text = "a man of sixty with cough and fever for three days is given paracetamol and rest at home"
    near = text.replace("rest", "fluids")
    path = with_texts(rows, tmp_path / "x.jsonl", [text, "something else entirely is written in this one", near, text])
    pairs = [pair for _, _, pair in without_duplicates(path, threshold=0.6) if pair is not None]
    assert [(pair.dropped_line, pair.kept_line) for pair in pairs] == [(3, 1), (4, 1)]
    assert pairs[0].similarity == jaccard(shingles(text, 3), shingles(near, 3))
    assert pairs[1].similarity == 1.0
    assert dropped(path, threshold=1.0) == [(4, 1)]


def test_what_was_dropped_drops_nothing(rows: Path, tmp_path: Path) -> None:
    """A chain of small steps: each is like the one before, the last is unlike the first."""
    words = [f"word{number}" for number in range(40)]
    steps = [" ".join([f"new{at}" if at < 4 * step else word for at, word in enumerate(words)])
             for step in range(4)]  # fmt: skip
    path = with_texts(rows, tmp_path / "x.jsonl", steps)
    assert dropped(path, threshold=0.7) == [(2, 1), (4, 3)]


def test_a_rejected_note_drops_no_other_and_is_not_dropped(rows: Path, tmp_path: Path) -> None:
    text = "the very same text stands in three notes of this file"
    path = with_texts(rows, tmp_path / "x.jsonl", [text] * 3, row0={"status": "rejected"})
    assert dropped(path) == [(3, 2)]


def test_rows_of_several_files_are_compared(rows: Path, tmp_path: Path) -> None:
    texts = [f"all of text {number} is of its own kind {number * 3} and {number * 5}" for number in range(40)]
    with_texts(rows, tmp_path / "a.jsonl", texts)
    with_texts(rows, tmp_path / "b.jsonl", texts)
    assert dropped(tmp_path) == [(number, number) for number in range(1, 41)]


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(WORDS, min_size=2, max_size=12), threshold=st.sampled_from([0.3, 0.5, 0.8]))
def test_the_result_is_what_comparing_every_pair_gives(
    rows: Path, tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], threshold: float
) -> None:
    said = [" ".join(words) for words in texts]
    path = with_texts(rows, tmp_path_factory.mktemp("pairs") / "x.jsonl", said)
    kept: list[int] = []
    wanted: list[int] = []
    for number, text in enumerate(said):
        alike = [jaccard(shingles(text, 3), shingles(said[other], 3)) for other in kept]
        (wanted if any(each >= threshold for each in alike) else kept).append(number)
    # LSH may miss a pair with a chance of one in a thousand; with these few it has to find all.
    assert [line - 1 for line, _ in dropped(path, threshold=threshold) if line <= len(said)] == wanted


def test_of_several_earlier_ones_the_most_alike_is_named(rows: Path, tmp_path: Path) -> None:
    base = [f"w{number}" for number in range(30)]
    first, second = base[:], base[:]
    first[0:4] = ["x1", "x2", "x3", "x4"]
    second[26:30] = ["y1", "y2", "y3", "y4"]
    third = base[:]
    third[29] = "y4"
    texts = [" ".join(words) for words in (first, second, third)]
    assert all(a != b for a, b in combinations(texts, 2))
    assert dropped(with_texts(rows, tmp_path / "x.jsonl", texts), threshold=0.6) == [(3, 2)]


def test_a_bad_row_and_a_full_disk_are_told(rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = changed(rows, tmp_path / "bad.jsonl", lambda number, row: row.pop("text") if number == 2 else None)
    with pytest.raises(RowsInvalid, match="line 3"):
        dropped(bad)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("generator.duplicates.sqlite3.connect", full)
    with pytest.raises(OutputRefused, match="disk is full"):
        dropped(rows)
