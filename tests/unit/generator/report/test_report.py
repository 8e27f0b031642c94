"""The page tells what the rows hold, loads nothing, and lets nothing that stands in a row act."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.errors import OutputRefused, RowsInvalid
from generator.exports.rows import read_notes
from generator.report.coloured import Mark, marks_of, pieces
from generator.report.report import write_report
from tests.unit.generator.report.hostile import spoilt
from tests.unit.generator.sample_rows import changed, rows_in


class Page(HTMLParser):
    """Elements with their attributes, text by place, and whether they are closed in order."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def test_the_figures_are_those_of_the_rows(both: Path, tmp_path: Path) -> None:
    told = write_report(both, tmp_path / "r.html").figures
    rows = [row for path in sorted(both.glob("*.jsonl")) for row in rows_in(path)]
    good = [row for row in rows if row["status"] != "rejected"]
    facts = [fact for row in good for fact in row["facts"]]
    assert told["rows"]["all"] == 40
    assert told["rows"]["rejected"] == len(rows) - len(good) > 0
    assert told["rows"]["language"] == {"en": 30, "ru": 10}
    assert told["rows"]["reason"] == {"invented": len(rows) - len(good)}
    assert (told["facts"]["given"], told["facts"]["told"]) == (len(facts), sum(fact["told"] for fact in facts))
    assert told["facts"]["notes_with_invented"] == 0
    assert told["model"]["notes_with_invented"] == sum(bool(row["model_check"]["invented"]) for row in rows) > 0
    assert told["model"]["first_try"] == sum(row["attempts"] == 1 and row["status"] == "accepted" for row in rows)
    for kind, counts in told["facts"]["by_kind"].items():
        assert counts["given"] == counts["told"] == sum(fact["kind"] == kind for fact in facts)
    symptoms = {fact["term_ids"][0] for fact in facts if fact["kind"] == "symptom" and fact["told"]}
    assert told["coverage"]["symptoms"] == {"given": len(symptoms), "told": len(symptoms), "there": None}
    assert told["coverage"]["codes"]["told"] == 10
    assert sum(bar["notes"] for bar in told["length"]["histogram"]) == len(good)
    assert told["diversity"]["all"]["notes"] == len(good)
    assert set(told["diversity"]) == {"all", "en", "ru"}
    assert 0 < told["diversity"]["en"]["self_bleu_4"] <= 100
    assert told["time"]["seconds"] is None
    assert json.loads((tmp_path / "r.json").read_text("utf-8")) == told


def test_facts_missed_and_contradicted_are_counted_apart(rows: Path, tmp_path: Path) -> None:
    def change(number: int, row: dict[str, Any]) -> None:
        ids = [fact["id"] for fact in row["facts"]]
        row["check"].update(told=ids[2:], missed=ids[:1], contradicted=ids[1:2], passed=True, invented=[])
        row["check"]["spans"] = {key: place for key, place in row["check"]["spans"].items() if key in ids[2:]}
        row["status"] = "accepted"

    told = write_report(changed(rows, tmp_path / "x.jsonl", change), tmp_path / "r.html").figures["facts"]
    assert (told["missed"], told["contradicted"]) == (30, 30)
    assert told["by_kind"]["diagnosis"]["missed"] == 30


def test_of_a_fact_between_two_others_the_symptom_and_the_drug_are_covered(rows: Path, tmp_path: Path) -> None:
    def change(_: int, row: dict[str, Any]) -> None:
        for number, fact in enumerate(row["facts"]):
            ends = {"symptom": [f"DOID:{number}", "T:only"], "drug": ["D:only", f"DOID:{number}"]}
            fact["term_ids"] = ends.get(fact["kind"], fact["term_ids"])

    told = write_report(changed(rows, tmp_path / "x.jsonl", change), tmp_path / "r.html").figures["coverage"]
    assert (told["symptoms"]["told"], told["drugs"]["told"]) == (1, 1)


def test_the_graph_says_how_much_there_is(rows: Path, tmp_path: Path) -> None:
    there = {"Disease": 1000, "IcdCode": 2000, "Symptom": 300, "Drug": 40}
    told = write_report(rows, tmp_path / "r.html", there=there).figures["coverage"]
    assert {name: each["there"] for name, each in told.items()} == {
        "diseases": 1000, "codes": 2000, "symptoms": 300, "drugs": 40,
    }  # fmt: skip
    assert f"{told['diseases']['told']}/1000" in (tmp_path / "r.html").read_text("utf-8")


def test_copies_of_examples_are_counted_and_shown(rows: Path, tmp_path: Path) -> None:
    def change(number: int, row: dict[str, Any]) -> None:
        if number in (3, 4):
            shown = next(turn["content"] for turn in row["prompt"] if turn["role"] == "assistant")
            row["text"] += f" {shown}"
            row.update(status="accepted")
            row["check"].update(passed=True)

    told = write_report(changed(rows, tmp_path / "x.jsonl", change), tmp_path / "r.html", samples=100).figures["copied"]
    assert told["notes"] == 2
    assert len(told["first"]) == 2
    page = Page((tmp_path / "r.html").read_text("utf-8"))
    assert sum("copied" in (mark.get("class") or "") for mark in page.all("mark")) >= 3


def test_the_same_rows_give_the_same_bytes_and_the_seed_draws_the_notes_shown(rows: Path, tmp_path: Path) -> None:
    for name, seed in (("1", 7), ("2", 7), ("3", 8)):
        write_report(rows, tmp_path / name / "r.html", seed=seed, samples=5)
    pages = [(tmp_path / name / "r.html").read_bytes() for name in "123"]
    assert pages[0] == pages[1] != pages[2]
    assert (tmp_path / "1" / "r.json").read_bytes() == (tmp_path / "2" / "r.json").read_bytes()


def test_each_told_place_leads_to_its_fact_edge_and_evidence(rows: Path, tmp_path: Path) -> None:
    def change(_: int, row: dict[str, Any]) -> None:
        for fact in row["facts"]:
            fact["evidence_ids"] = [f"EV:{fact['id']}"]

    mine = changed(rows, tmp_path / "x.jsonl", change)
    write_report(mine, tmp_path / "r.html", samples=100)
    text = (tmp_path / "r.html").read_text("utf-8")
    page = Page(text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    places = [link for link in page.all("a") if "told" in (link.get("class") or "")]
    notes = [*read_notes(mine)]
    shown = [note for note in notes if not note.rejected]
    assert len(places) >= sum(len(note.check.told) for note in shown)
    assert all((link["href"] or "")[1:] in ids for link in page.all("a"))
    for note in shown:
        for fact in note.facts:
            assert f"<code>{fact.edge_id}</code>" in text
            assert f"<code>{fact.evidence_ids[0]}</code>" in text


def test_pieces_joined_are_the_text_and_overlapping_marks_are_both_shown(rows: Path) -> None:
    for note in read_notes(rows):
        assert "".join(piece.text for piece in pieces(note.text, marks_of(note))) == note.text
    marks = [Mark(0, 9, "told symptom", "dry cough", "F1"), Mark(4, 14, "invented", "made up")]
    assert [(piece.text, piece.looks, piece.fact) for piece in pieces("dry cough at night", marks)] == [
        ("dry ", ("told", "symptom"), "F1"),
        ("cough", ("told", "symptom", "invented"), "F1"),
        (" at n", ("invented",), None),
        ("ight", (), None),
    ]
    assert list(pieces("", [])) == []


def test_nothing_that_stands_in_a_row_becomes_mark_up(rows: Path, tmp_path: Path) -> None:
    write_report(spoilt(rows, tmp_path / "<img src=x>.jsonl"), tmp_path / "r.html", samples=100)
    page = Page((tmp_path / "r.html").read_text("utf-8"))
    assert page.open == []
    assert not {"script", "img", "iframe", "object", "base", "form", "b"} & {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset")], tag
        for name in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,"))
    assert "alert(1)" in "".join(page.said)
    assert "{{ 7 * 7 }}" in "".join(page.said)


def test_the_page_loads_nothing_and_forbids_it(rows: Path, tmp_path: Path) -> None:
    write_report(rows, tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "default-src 'none'" in text
    assert re.findall(r"(?:https?:)?//[a-z]", text) == []
    assert "@import" not in text
    assert "url(" not in text


def test_the_page_can_be_read_aloud_and_by_keyboard(rows: Path, tmp_path: Path) -> None:
    write_report(rows, tmp_path / "r.html")
    page = Page((tmp_path / "r.html").read_text("utf-8"))
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("table")) == sum(tag == "caption" for tag, _ in page.elements)
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
    titles = {title.get("id") for title in page.all("title")}
    for picture in page.all("svg"):
        assert picture["role"] == "img"
        assert picture["aria-labelledby"] in titles
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    first = page.all("a")[0]
    assert (first["class"], first["href"]) == ("skip", "#main")


def test_a_set_without_a_good_note_is_told_of_too(rows: Path, tmp_path: Path) -> None:
    def change(_: int, row: dict[str, Any]) -> None:
        row.update(status="rejected", reason=None)

    told = write_report(changed(rows, tmp_path / "x.jsonl", change), tmp_path / "r.html").figures
    assert told["facts"]["told_share"] is None
    assert told["length"]["words"] is None
    assert told["diversity"]["all"]["self_bleu_4"] is None
    assert told["duplicates"]["share"] is None
    (tmp_path / "empty.jsonl").touch()
    assert write_report(tmp_path / "empty.jsonl", tmp_path / "e.html").figures["rows"]["all"] == 0


def test_what_cannot_be_is_refused_and_a_dry_run_writes_nothing(rows: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputRefused, match="is a page"):
        write_report(rows, tmp_path / "r.json")
    assert write_report(rows, tmp_path / "r.html", dry=True).figures["rows"]["all"] == 30
    assert list(tmp_path.iterdir()) == []
    bad = changed(rows, tmp_path / "bad.jsonl", lambda number, row: row.pop("text") if number == 9 else None)
    with pytest.raises(RowsInvalid, match="line 10"):
        write_report(bad, tmp_path / "r.html")
    (tmp_path / "r.json").write_text("mine")
    with pytest.raises(OutputRefused, match="something at this path"):
        write_report(rows, tmp_path / "r.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.jsonl", "r.json"]
