"""The log of the service: JSON lines on stderr, so that what a command prints on stdout stays clean."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import orjson
import structlog

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class _Stderr:
    """Looks stderr up at each line, because tests and servers exchange it."""

    # From which level on lines are written.
    level = logging.INFO

    def write(self, text: str) -> int:
        """Write a line."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Send what was written."""
        sys.stderr.flush()


_STDERR: Final = _Stderr()


def configure(level: Literal["debug", "info", "warning", "error"]) -> None:
    """Write the log of this process from that level on."""
    _STDERR.level = _LEVELS[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=_STDERR),  # pyright: ignore[reportArgumentType]
        cache_logger_on_first_use=False,
    )


def operation(request_id: str, kind: str, by: str, seconds: float, codes: Sequence[str]) -> None:
    """Write the line of one operation.

    Written here and not by structlog's chain, which would cost a small read a tenth of its time.
    """
    if _STDERR.level > logging.INFO:
        return
    line = {
        "event": "operation",
        "request_id": request_id,
        "type": kind,
        "by": by,
        "milliseconds": round(seconds * 1000, 1),
        "errors": list(codes),
        "level": "info",
        "timestamp": datetime.now(UTC),
    }
    _STDERR.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z).decode())
