"""Rows of the real writer, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.generator.sample_rows import write_rows


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 30 English notes, three of them rejected."""
    return write_rows(tmp_path_factory.mktemp("rows") / "en.jsonl", slips=("N30",))


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory, rows: Path) -> Path:
    """A folder with English and Russian notes."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "en.jsonl").write_bytes(rows.read_bytes())
    write_rows(folder / "ru.jsonl", 1, recipe="outpatient-ru")
    return folder
