"""What every command needs: the settings with the command line's options on top, and an event loop."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio
import typer

from kg.settings import Settings, load_settings

T = TypeVar("T")

# Options given before the command, for instance `mkg --data-dir D ask …`; one process runs one command.
_given: dict[str, Any] = {}

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataDirOption = Annotated[
    Path | None, typer.Option(help="Where the database lives (MKG_DATA_DIR).", show_default=False)
]
PortOption = Annotated[
    int | None, typer.Option(help="Bolt port; 0 takes a free one (MKG_BOLT_PORT).", show_default=False)
]

ByOption = Annotated[str, typer.Option(help="Who you are.", default_factory=getpass.getuser, show_default="login name")]


def remember(**options: Any) -> None:
    """Keep the options that stand before the command."""
    _given.clear()
    _given.update({name: value for name, value in options.items() if value is not None})


def settings(**options: Any) -> Settings:
    """Return the settings of this run; options of the command itself come last."""
    told = {name: value for name, value in options.items() if value is not None}
    return load_settings(**{**_given, **told})


def run(work: Callable[[], Awaitable[T]], *, quick: bool = False) -> T:
    """Run asynchronous work to its end; `quick` takes the faster event loop, which starts slower."""

    async def main() -> T:
        return await work()

    return anyio.run(main, backend_options={"use_uvloop": quick})
