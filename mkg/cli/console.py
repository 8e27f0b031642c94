"""What the command shows: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import sys
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


class Shown:
    """Shows progress told as (what, done, total): a bar on a terminal, a line for each new kind of work elsewhere."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell that `done` of `total` is done; a total of 0 means that nobody knows."""
        if self._progress is None:
            if what not in self._tasks:
                self._tasks[what] = TaskID(len(self._tasks))
                err.print(f"{escape(what)} …")
            return
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(escape(what), total=total or None)
        self._progress.update(self._tasks[what], completed=done, total=total or None)


class _Rate(ProgressColumn):
    """How much is done in a second: bytes read, records compared, things written."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


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
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as shown:
        yield Shown(shown)


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "items"):
        return dict(value)
    return str(value)
