"""What the service expects of whoever writes notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

# Hears each piece of a note while it is written, with the number of the attempt. Called in the model's thread.
Hear = Callable[[int, str], None]


class NoteWriter(Protocol):
    """Writes one note about a disease: row `index` of those about it, row `place` of the whole job.

    A code of several diseases is refused, unless the rows are to be `share_out` among them, as a plan means it. Raises
    KgError when it cannot. A task that is cancelled stops the model within one token.
    """

    async def __call__(
        self, disease: str, seed: int, recipe: str | None, *, index: int, place: int, share_out: bool, hear: Hear
    ) -> Mapping[str, Any]: ...
