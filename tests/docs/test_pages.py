"""The pages that follow from the code say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from mkg.pages import EXIT_CODES, PAGES, errors

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run: python -m mkg.pages"


def test_every_error_ends_with_an_exit_code_that_is_told() -> None:
    assert {error.exit_code for error in errors()} <= set(EXIT_CODES)


def test_error_codes_are_told_apart() -> None:
    codes = [error.code for error in errors()]
    assert len(codes) == len(set(codes))
