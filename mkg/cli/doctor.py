"""`mkg doctor`: what is there, what is not, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Literal

import typer

import mkg
from generator.settings import load_generator_settings
from kg.connect import address_of
from kg.embedded import control
from kg.errors import KgError
from kg.graph import Graph
from kg.settings import Settings
from kg.store import Store
from mkg.cli.console import out, show_json
from mkg.cli.session import JsonOption, run, settings

_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: fine, worth knowing, or in the way."""

    what: str
    state: Literal["ok", "note", "bad"]
    told: str
    hint: str | None = None


def doctor(json: JsonOption = False) -> None:
    """Check the machine, the database and the model; nothing is started or changed."""
    chosen = settings()
    looks: tuple[Callable[[Settings], Finding], ...] = (
        _python,
        _data_dir,
        _cache_dir,
        _space,
        _database,
        _graph,
        _model,
    )
    findings = [look(chosen) for look in looks]
    if json:
        show_json([{"what": f.what, "state": f.state, "told": f.told, "hint": f.hint} for f in findings])
    else:
        marks = {"ok": "[green]ok  [/]", "note": "[yellow]note[/]", "bad": "[red]bad [/]"}
        for finding in findings:
            out.print(f"{marks[finding.state]} {finding.what}: {finding.told}")
            if finding.hint:
                out.print(f"     {finding.hint}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def _python(_: Settings) -> Finding:
    return Finding("Program", "ok", f"mkg {mkg.__version__} on Python {platform.python_version()}")


def _data_dir(chosen: Settings) -> Finding:
    return _folder("Data directory", chosen.data_dir, "MKG_DATA_DIR")


def _cache_dir(chosen: Settings) -> Finding:
    return _folder("Cache directory", chosen.cache_dir, "MKG_CACHE_DIR")


def _folder(what: str, path: Path, setting: str) -> Finding:
    there = next(part for part in (path, *path.parents) if part.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return Finding(what, "bad", f"{path} cannot be written", f"Set {setting} to a folder of yours.")
    return Finding(what, "ok", str(path))


def _space(chosen: Settings) -> Finding:
    there = next(part for part in (chosen.data_dir, *chosen.data_dir.parents) if part.exists())
    free = shutil.disk_usage(there).free / _GIB
    if free < 1:
        return Finding("Disk", "bad", f"{free:.1f} GiB free", "Neo4j stops itself on a full disk: free at least 1 GiB.")
    return Finding("Disk", "ok", f"{free:.0f} GiB free")


def _database(chosen: Settings) -> Finding:
    if chosen.neo4j_uri is not None:
        return Finding("Database", "ok", f"the server at {chosen.neo4j_uri} (NEO4J_URI)")
    try:
        status = control.status(chosen)
    except KgError as error:
        return Finding("Database", "bad", error.message, error.hint)
    if status.state == "running":
        return Finding("Database", "ok", f"embedded Neo4j {status.version} at {status.uri} (pid {status.pid})")
    state: Literal["note", "bad"] = "bad" if status.state == "crashed" else "note"
    return Finding("Database", state, f"embedded Neo4j {status.version} is {status.state}", "Start it: mkg db start")


def _graph(chosen: Settings) -> Finding:
    async def look() -> Finding:
        async with Store.at(address_of(chosen, start=False), deadline=min(chosen.deadline, 5.0)) as store:
            graph = Graph(store)
            position = await graph.ledger.position()
            counts = await graph.counts()
        nodes, edges = sum(counts["node"].values()), sum(counts["edge"].values())
        if not nodes:
            return Finding("Graph", "note", "empty", "Load the shipped one: mkg load core")
        return Finding(
            "Graph", "ok", f"{nodes} nodes, {edges} edges, {position['seq']} change sets, at {position['head']}"
        )

    try:
        return run(look)
    except KgError as error:
        return Finding("Graph", "note" if "not running" in error.message else "bad", error.message, error.hint)


def _model(_: Settings) -> Finding:
    chosen = load_generator_settings()
    if chosen.model_url is not None:
        return Finding("Model", "ok", f"{chosen.model} at {chosen.model_url} (not asked)")
    missing = [name for name in ("torch", "transformers") if util.find_spec(name) is None]
    if missing:
        return Finding(
            "Model", "note", f"{', '.join(missing)} not installed", "Install the extra: pip install 'mkg[llm]'."
        )
    return Finding("Model", "ok", chosen.model)
