"""Cells of CSV tables that no spreadsheet takes for a formula."""

from __future__ import annotations

from typing import Final

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet shows it and does not reckon with it: a `'` stands before a formula.

    What has such marks already gets one more, so that taking one away always gives the text back.
    """
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text
