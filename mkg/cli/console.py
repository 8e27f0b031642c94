"""What the command shows: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from kg.errors import KgError

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def show_json(value: Any) -> None:
    """Print a value as JSON on standard output, two spaces deep, keys in the order given."""
    sys.stdout.write(
        orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, default=_plain).decode()
    )


def say(text: str) -> None:
    """Print a line for people on standard error, so that it never mixes with a result."""
    err.print(text)


def show_error(error: KgError, *, as_json: bool) -> None:
    """Print an expected failure: what, where, what next."""
    if as_json:
        told = {"code": error.code, "message": error.message, "place": error.place, "hint": error.hint}
        sys.stderr.write(orjson.dumps({"error": told}, option=orjson.OPT_APPEND_NEWLINE).decode())
        return
    err.print(f"[bold red]Error[/] {escape(error.message)}")
    if error.place:
        err.print(escape(error.place), style="cyan")
    if error.hint:
        err.print(escape(error.hint))


# How often slow work tells where it stands when there is no terminal, in seconds.
_BETWEEN_LINES = 60.0


class Shown:
    """Shows progress told as (what, done, total): a bar on a terminal, a line for each new kind of work elsewhere.

    Slow work may tell its own `pace` in words; elsewhere that is a line each minute.
    """

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._lined = 0.0

    def __call__(self, what: str, done: int, total: int, pace: str = "") -> None:
        """Tell that `done` of `total` is done; a total of 0 means that nobody knows."""
        if self._progress is None:
            self._line(what, done, total, pace)
            return
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(escape(what), total=total or None)
        self._progress.update(self._tasks[what], completed=done, total=total or None, pace=pace)

    def _line(self, what: str, done: int, total: int, pace: str) -> None:
        if what not in self._tasks:
            self._tasks[what] = TaskID(len(self._tasks))
            self._lined = time.monotonic()
            err.print(f"{escape(what)} …")
        elif pace and time.monotonic() - self._lined >= _BETWEEN_LINES:
            self._lined = time.monotonic()
            err.print(f"{escape(what)}: {done:,} of {total:,}, {escape(pace)}")


class _Rate(ProgressColumn):
    """How much is done in a second: bytes read, records compared, things written; or what slow work says itself."""

    def render(self, task: Task) -> Text:
        told = task.fields.get("pace") or (f"{task.speed:,.0f}/s" if task.speed else "")
        return Text(told, style="progress.data.speed")


class _Left(TimeRemainingColumn):
    """The time left, unless the work says so itself."""

    def render(self, task: Task) -> Text:
        return Text() if task.fields.get("pace") else super().render(task)


@contextmanager
def progress() -> Generator[Shown]:
    """Show progress for the length of a `with` block."""
    if not err.is_terminal:
        yield Shown(None)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        _Rate(),
        TimeElapsedColumn(),
        _Left(),
    )
    with Progress(*columns, console=err, transient=True) as shown:
        yield Shown(shown)


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "items"):
        return dict(value)
    return str(value)
