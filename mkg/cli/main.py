"""Puts the commands together, and turns every failure into one screen and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

import mkg
from kg.errors import KgError
from mkg.cli import dataset, db, generate, job, recipe, review
from mkg.cli.ask import ask
from mkg.cli.check import check
from mkg.cli.console import err, show_error
from mkg.cli.demo import demo
from mkg.cli.doctor import doctor
from mkg.cli.embed import embed_command
from mkg.cli.export import export_command
from mkg.cli.finetune import finetune_command
from mkg.cli.load import load_command
from mkg.cli.serve import serve
from mkg.cli.session import remember
from mkg.cli.weights import weights

# The other exit codes belong to the errors; docs/errors.md lists them all.
UNFORESEEN = 1
INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A medical knowledge graph in Neo4j that writes clinical text in which every fact points back to the graph.",
    epilog="Exit codes: 0 done, 1 rejected or unforeseen, 2 usage or question, 3 data, 4 database, 5 model, 6 refused.",
)
app.add_typer(db.app, name="db")
app.command("load")(load_command)
app.command("ask")(ask)
app.command("embed")(embed_command)
app.command("check")(check)
app.command("export")(export_command)
app.command("weights")(weights)
app.add_typer(generate.app, name="generate")
app.command("finetune")(finetune_command)
app.add_typer(recipe.app, name="recipe")
app.add_typer(dataset.app, name="dataset")
app.add_typer(job.app, name="job")
app.add_typer(review.app, name="review")
app.command("serve")(serve)
app.command("demo")(demo)
app.command("doctor")(doctor)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"mkg {mkg.__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the database lives (MKG_DATA_DIR).", show_default=False)
    ] = None,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Where jars and models are kept (MKG_CACHE_DIR).", show_default=False)
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before the command."""
    del version
    remember(data_dir=data_dir, cache_dir=cache_dir)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(_code(given))


def _code(arguments: list[str]) -> int:
    try:
        app(arguments, prog_name="mkg")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KgError as error:
        show_error(error, as_json="--json" in arguments)
        return error.exit_code
    except KeyboardInterrupt:
        err.print("Stopped.")
        return INTERRUPTED
    except Exception:
        return _unforeseen()
    return 0


def _unforeseen() -> int:
    """Keep the traceback in a file and say where: it serves who mends it, not who runs the command."""
    if os.environ.get("MKG_TRACEBACK"):
        raise
    with tempfile.NamedTemporaryFile("w", prefix="mkg-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exc(file=log)
    cause = traceback.format_exception_only(*sys.exc_info()[:2])[-1].strip()
    show_error(
        KgError(
            f"mkg failed in a way that was not foreseen: {cause}",
            place=log.name,
            hint="Please report it with that file.",
        ),
        as_json=False,
    )
    return UNFORESEEN
