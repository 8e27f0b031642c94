"""How large a question may be; a larger one is refused before anything is asked."""

from __future__ import annotations

from typing import Final

MAX_TEXT: Final = 4_000  # characters of a question
MAX_NESTING: Final = 32  # brackets inside brackets
MAX_PARTS: Final = 32  # roots, steps and set operators together
MAX_HOPS: Final = 8  # strides on one path, repeats counted
MAX_CONDITIONS: Final = 100  # conditions in one question
MAX_NAMES: Final = 100  # ids, codes or names at one root
MAX_ROWS: Final = 1_000  # nodes that one step may keep
MAX_LABEL: Final = 64  # characters of a label
MAX_PATHS: Final = 1_000  # paths that an answer spells out
MAX_ENDS: Final = 10  # names on either side of `between`
MAX_WAYS: Final = 100  # shortest ways that `between` gives
MAX_WITHOUT: Final = 8  # roles after one `without`
MAX_EDGES: Final = 50_000  # edges by which one step may lead to what it keeps
MAX_PASSED: Final = 10_000  # nodes kept on the way by one repeat of a step
TEMPERATURES: Final = (0.01, 100.0)  # coldest and hottest draw
