"""The commands of the page on data sets are run, one after another, as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from mkg.cli.main import main
from tests.unit.generator.sample_rows import write_rows

PAGE = Path(__file__).resolve().parents[2] / "docs" / "datasets.md"
COMMANDS = re.findall(r"^mkg (dataset .*)$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "notes.jsonl", slips=("N30",))
    assert len(COMMANDS) == 10
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(command))
        assert not ended.value.code, command
    made = "alpaca.json bundle.json chat.jsonl clean.jsonl clean.jsonl.dropped.csv clean.jsonl.manifest.json medsyn.csv"
    made += " my-notes notes.csv notes.jsonl notes.jsonl.manifest.json report.html report.json"
    assert " ".join(sorted(path.name for path in tmp_path.iterdir())) == made
    assert "license: cc-by-4.0" in (tmp_path / "my-notes" / "README.md").read_text("utf-8")
    figures = json.loads((tmp_path / "report.json").read_text("utf-8"))
    named = {"facts", "coverage", "length", "diversity", "duplicates", "copied", "time"}
    assert named <= figures.keys()
