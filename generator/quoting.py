"""Text of the graph as data: nothing in it can be read as an instruction, a special token or a question."""

from __future__ import annotations

import re
from typing import Final

MAX_NAME: Final = 200

# Markers by which chat templates of the LLaMA family tell who speaks: <|im_end|>, <s>, [INST], <<SYS>>.
_MARKERS = re.compile(r"<\|[^|>]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<[a-z_]{1,20}_of_turn>", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def as_data(text: str) -> str:
    """Return the text in one line of at most 200 characters, without markers and characters that cannot be seen."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    # Taking one marker out can bring another together, as in `<<s>s>`.
    while _MARKERS.search(line):
        line = " ".join(_MARKERS.sub(" ", line).split())
    return line if len(line) <= MAX_NAME else line[: MAX_NAME - 1].rstrip() + "…"
