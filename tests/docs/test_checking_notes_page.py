"""The examples of the page about checking notes print what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checking-notes.md"


def test_the_examples_print_what_stands_below_them(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, names)
        printed = capsys.readouterr().out.splitlines()
        assert printed == re.findall(r"^# (.*)$", block, re.MULTILINE)
