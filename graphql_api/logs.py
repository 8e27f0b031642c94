"""The log of the service: JSON lines on stderr, so that what a command prints on stdout stays clean."""

from __future__ import annotations

import sys
from typing import Literal

import structlog


class _Stderr:
    """Looks stderr up at each line, because tests and servers exchange it."""

    def write(self, text: str) -> int:
        """Write a line."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Send what was written."""
        sys.stderr.flush()


def configure(level: Literal["debug", "info", "warning", "error"]) -> None:
    """Write the log of this process from that level on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=_Stderr()),  # pyright: ignore[reportArgumentType]
        cache_logger_on_first_use=False,
    )
