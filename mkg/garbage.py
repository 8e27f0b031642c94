"""When Python looks for garbage: seldom, and not among what stays for as long as the service does.

An answer of fifty diseases is some ten thousand lists and dicts, which go by themselves when it is sent. By its own
settings Python looks through them several times while they are made, and now and then through schema and modules as
well: half of the processor time of such an answer, and pauses of a tenth of a second.
"""

from __future__ import annotations

import gc
from typing import Final

# Containers that come to be, and are not gone, before the young are looked through; how often that has to happen before
# the older are, and that before all are. A cycle that is garbage waits that long, so this bounds the memory it takes.
_THRESHOLDS: Final = (20_000, 20, 20)


def settle() -> None:
    """Take all that there is now out of every later look, and make those looks rare; for the whole process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
