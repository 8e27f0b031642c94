"""No looking for garbage while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def no_looking_for_garbage() -> Generator[None]:
    """Keep Python from looking for garbage while hundreds of thousands of objects are made that all stay.

    It would look through them again and again, and through the graph's names as well: a quarter of the time in which
    a tokenizer is loaded and names are spelled. What is garbage waits until afterwards.
    """
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()
