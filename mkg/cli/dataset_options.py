"""The arguments that the commands of `mkg dataset` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Rows = Annotated[Path, typer.Argument(help="A JSONL file of `mkg generate notes`, or a folder of them.")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Read and check everything; write nothing.")]
