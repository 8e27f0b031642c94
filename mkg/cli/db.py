"""`mkg db`: the embedded Neo4j."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kg.connect import connected
from kg.embedded import Status, control
from kg.errors import EmbeddedError
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import DataDirOption, JsonOption, PortOption, run, settings

app = typer.Typer(no_args_is_help=True, help="Start, stop and look at the embedded Neo4j.")


@app.command()
def start(data_dir: DataDirOption = None, port: PortOption = None, json: JsonOption = False) -> None:
    """Start the embedded Neo4j and prepare its schema; it goes on running in the background."""
    chosen = settings(data_dir=data_dir, bolt_port=port)

    async def prepare() -> None:
        async with connected(chosen, progress=shown):
            pass

    with progress() as shown:
        status = control.start(chosen, progress=shown)
        if port and status.uri != f"bolt://127.0.0.1:{port}":
            raise EmbeddedError(
                f"this data directory is in use already: its Neo4j runs at {status.uri} (pid {status.pid})",
                place=str(chosen.data_dir),
                hint="Go on with that one, stop it first (mkg db stop), or take another --data-dir.",
            )
        run(prepare)
    _show(status, json)


@app.command()
def stop(data_dir: DataDirOption = None, json: JsonOption = False) -> None:
    """Stop the embedded Neo4j cleanly."""
    _show(control.stop(settings(data_dir=data_dir)), json)


@app.command()
def status(data_dir: DataDirOption = None, json: JsonOption = False) -> None:
    """Say whether the embedded Neo4j runs, and where."""
    _show(control.status(settings(data_dir=data_dir)), json)


@app.command()
def wipe(
    data_dir: DataDirOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Delete the embedded database with all that was loaded and curated. There is no way back."""
    chosen = settings(data_dir=data_dir)
    if not yes:
        typer.confirm(f"Delete the database in {chosen.data_dir}?", abort=True, err=True)
    control.wipe(chosen)
    _show(control.status(chosen), json)


def _show(status: Status, json: bool) -> None:
    told: dict[str, Any] = {
        "state": status.state,
        "uri": status.uri,
        "pid": status.pid,
        "version": status.version,
        "data_dir": str(status.data_dir),
    }
    if json:
        show_json(told)
        return
    if status.state == "running":
        out.print(f"Neo4j {status.version} is running at {status.uri} (pid {status.pid}), data in {status.data_dir}")
    else:
        out.print(f"Neo4j {status.version} is {status.state}, data in {status.data_dir}")
        say("Start it with: mkg db start")
