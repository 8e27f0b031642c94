"""The server's jars: pinned by version and SHA-256 in `jars.lock`, fetched once, verified always."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from kg.embedded.state import locked
from kg.errors import EmbeddedError

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

Fetch = Callable[[str, str, str, str, Path], Path]
"""Brings group, artifact, version, classifier into a folder; raises OSError or RuntimeError."""

_LINE = re.compile(r"^([\w.\-]+):([\w.\-]+):([\w.\-]+)(?::([\w.\-]+))? ([0-9a-f]{64})$")
_AT_ONCE = 8
_PAUSES: Final = (1.0, 4.0)  # Seconds before the second and the third try of one jar.
_WAIT_FOR_OTHER = 900.0  # Seconds that a second starter waits for the first one's download.


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of the lock file."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def coordinate(self) -> str:
        """`group:artifact:version[:classifier]`, as in the lock file."""
        return ":".join(part for part in (self.group, self.artifact, self.version, self.classifier) if part)

    @property
    def file_name(self) -> str:
        """A name that no other jar of the lock file has."""
        tail = "-".join(part for part in (self.artifact, self.version, self.classifier) if part)
        return f"{self.group}.{tail}.jar"


def read_lock(text: str) -> tuple[Jar, ...]:
    """Return the jars of a lock file's text; lines that start with `#` are remarks.

    Raises EmbeddedError with the line that is not `group:artifact:version[:classifier] sha256`.
    """
    jars: list[Jar] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        parts = _LINE.match(line)
        if parts is None:
            raise EmbeddedError(
                f"{line!r} is not a jar with its SHA-256",
                place=f"kg/embedded/jars.lock, line {number}",
                hint="Install mkg again, or make the file again with python -m kg.embedded.relock.",
            )
        group, artifact, version, classifier, digest = parts.groups()
        jars.append(Jar(group, artifact, version, classifier or "", digest))
    return tuple(jars)


def write_lock(jars: Sequence[Jar]) -> str:
    """Return the text of a lock file: one sorted line each."""
    return "".join(f"{line}\n" for line in sorted(f"{jar.coordinate} {jar.sha256}" for jar in jars))


def locked_jars() -> tuple[Jar, ...]:
    """Return the jars that this version of mkg runs on."""
    return read_lock((files("kg.embedded") / "jars.lock").read_text(encoding="utf-8"))


def neo4j_version(jars: Sequence[Jar]) -> str:
    """Return the version of Neo4j among the jars."""
    return next(jar.version for jar in jars if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))


def jars_dir(cache_dir: Path, version: str) -> Path:
    """Return the folder of that version's jars."""
    return cache_dir / "neo4j" / version


def ensure_jars(
    jars: Sequence[Jar],
    folder: Path,
    progress: Progress,
    *,
    fetch: Fetch | None = None,
    pauses: Sequence[float] = _PAUSES,
) -> tuple[Path, ...]:
    """Bring every jar into `folder` and return their paths, each with the SHA-256 of the lock file.

    What is there and verified is kept; a jar that differs is fetched again, several at once. Raises
    EmbeddedError when one cannot be had or its content is not the pinned one; the good ones stay.
    """
    paths = tuple(folder / jar.file_name for jar in jars)
    try:
        seen = _read_stamp(folder)
        if all((look := _look(folder, jar)) and look == seen.get(jar.file_name) for jar in jars):
            return paths
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / ".lock", patience=_WAIT_FOR_OTHER) as ours:
            if not ours:
                raise EmbeddedError(
                    "Another process has been fetching the server's jars for too long",
                    place=str(folder),
                    hint="End it, or use another MKG_CACHE_DIR.",
                )
            _bring(jars, folder, progress, fetch or _from_maven, pauses)
    except OSError as error:
        raise EmbeddedError(
            f"The folder for the server's jars cannot be written: {error.strerror or error}",
            place=str(folder),
            hint="Free 200 MB there, give it back to this user, or set MKG_CACHE_DIR.",
        ) from error
    return paths


def _bring(jars: Sequence[Jar], folder: Path, progress: Progress, fetch: Fetch, pauses: Sequence[float]) -> None:
    staging = folder / ".staging"
    shutil.rmtree(staging, ignore_errors=True)  # Left by a start that was killed.
    seen = _read_stamp(folder)
    missing = [jar for jar in jars if not _is_good(folder, jar, seen)]
    done = len(jars) - len(missing)
    progress("fetching Neo4j", done, len(jars))
    try:
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="jars") as pool:
            tasks = [pool.submit(_bring_one, jar, folder, staging, fetch, pauses) for jar in missing]
            try:
                for task in as_completed(tasks):
                    task.result()
                    done += 1
                    progress("fetching Neo4j", done, len(jars))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _write_stamp(folder, {jar.file_name: look for jar in jars if (look := _look(folder, jar)) is not None})


def _bring_one(jar: Jar, folder: Path, staging: Path, fetch: Fetch, pauses: Sequence[float]) -> None:
    for pause in (*pauses, None):
        try:
            fetched = fetch(jar.group, jar.artifact, jar.version, jar.classifier, staging)
            if _sha256(fetched) == jar.sha256:
                fetched.replace(folder / jar.file_name)
                return
            fetched.unlink()
            problem = EmbeddedError(
                f"{jar.coordinate} is not the jar that mkg was tested with: its SHA-256 differs",
                place="kg/embedded/jars.lock",
                hint="Something between here and Maven Central changes files. Try another network, or no mirror.",
            )
        except (OSError, RuntimeError) as error:
            problem = EmbeddedError(
                f"{jar.coordinate} could not be fetched: {_root(error)}",
                place=str(folder),
                hint="The first start needs Maven Central (140 MB, once). Check the network and start again;"
                " what is there is kept. A mirror can be named in jgo's configuration file.",
            )
            problem.__cause__ = error
        if pause is None:
            raise problem
        time.sleep(pause)


def _from_maven(group: str, artifact: str, version: str, classifier: str, folder: Path) -> Path:
    # Imported here: a start that finds its jars needs no client for Maven.
    from kg.embedded.maven import fetch

    return fetch(group, artifact, version, classifier, folder)


def _is_good(folder: Path, jar: Jar, seen: Mapping[str, tuple[int, int, str]]) -> bool:
    look = _look(folder, jar)
    return look is not None and (seen.get(jar.file_name) == look or _sha256(folder / jar.file_name) == jar.sha256)


def _look(folder: Path, jar: Jar) -> tuple[int, int, str] | None:
    """Size, time of change (ns) and pinned hash: while these stay, the verified content does."""
    try:
        found = (folder / jar.file_name).stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns, jar.sha256


def _read_stamp(folder: Path) -> dict[str, tuple[int, int, str]]:
    try:
        told: object = json.loads((folder / "verified.json").read_text(encoding="utf-8"))
        return {str(name): (int(size), int(time), str(digest)) for name, (size, time, digest) in dict(told).items()}  # type: ignore[call-overload]
    except (FileNotFoundError, ValueError, TypeError):
        return {}  # Only a shortcut: without it everything is hashed again.


def _write_stamp(folder: Path, seen: Mapping[str, tuple[int, int, str]]) -> None:
    draft = folder / f"verified.json.{os.getpid()}"
    draft.write_text(json.dumps(seen), encoding="utf-8")
    draft.replace(folder / "verified.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _root(error: BaseException) -> str:
    """Return what lies under an error of a network library, in one line."""
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    return next(iter(str(error).splitlines()), type(error).__name__)
