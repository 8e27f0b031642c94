"""The data directory before a start: made, seen to be ours and writable, with a password for its owner alone."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from kg.embedded.places import Places
from kg.errors import EmbeddedError

_NEEDED: Final = 200 << 20  # Bytes: two databases with their logs, and room to recover.
_ANOTHER: Final = "or choose another with MKG_DATA_DIR."


def prepare(places: Places) -> None:
    """Make the data directory and its log folder; raises EmbeddedError when it cannot be written or is full."""
    try:
        places.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(places.data_dir.iterdir()):
            places.data_dir.chmod(0o700)
        for folder in (places.logs.parent, places.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        trial = places.data_dir / f".write-{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
        free = shutil.disk_usage(places.data_dir).free
    except OSError as error:
        raise _unwritable(places, error) from error
    if free < _NEEDED:
        raise EmbeddedError(
            f"The disk is full: {free >> 20} MB are left, a start needs {_NEEDED >> 20} MB",
            place=str(places.data_dir),
            hint=f"Free some space there, {_ANOTHER}",
        )


def prepare_store(places: Places, version: str) -> None:
    """Make the folder and the password of a new store, or see that an old one can be opened by that version."""
    if places.home.exists() and any(places.home.iterdir()):
        require_ours(places)
        last = places.mark.read_text(encoding="utf-8").strip()
        if _parts(last) > _parts(version):
            raise EmbeddedError(
                f"The store was last opened by Neo4j {last}; this mkg brings {version}",
                place=str(places.home),
                hint=f"Update mkg, {_ANOTHER}",
            )
    try:
        places.home.mkdir(mode=0o700, exist_ok=True)
        places.mark.write_text(f"{version}\n", encoding="utf-8")
        if not places.password.exists():
            draft = places.password.with_name(f"{places.password.name}.{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32) + "\n")
            draft.replace(places.password)
    except OSError as error:
        raise _unwritable(places, error) from error
    read_password(places.password)


def require_ours(places: Places) -> None:
    """Raise EmbeddedError when the store's folder was not made by mkg."""
    if not places.mark.exists():
        raise EmbeddedError(
            "The folder holds files that mkg did not write",
            place=str(places.home),
            hint=f"Move it away, {_ANOTHER}",
        )


def remove_store(places: Places) -> None:
    """Remove what `Places` names, and nothing else; raises EmbeddedError when a part cannot be removed."""
    if places.home.exists():
        require_ours(places)
    try:
        for folder in (places.home, places.logs):
            if folder.exists():
                shutil.rmtree(folder)
        for file in (places.password, places.run, places.lock):
            file.unlink(missing_ok=True)
        with suppress(OSError):
            places.logs.parent.rmdir()  # Stays when somebody else logs there.
    except OSError as error:
        raise _unwritable(places, error) from error


def read_password(path: Path) -> str:
    """Return the password; raises EmbeddedError when there is none or others may read it."""
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise EmbeddedError(
                "The password of the embedded Neo4j may be read by other users",
                place=str(path),
                hint=f"Run: chmod 600 '{path}'",
            )
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise EmbeddedError(
            "There is no embedded Neo4j yet", place=str(path), hint="Start it first: mkg db start."
        ) from error
    except (OSError, ValueError) as error:
        raise EmbeddedError(
            f"The password of the embedded Neo4j cannot be read: {getattr(error, 'strerror', None) or error}",
            place=str(path),
            hint="Give the file back to this user; or remove it: the next start makes a new password.",
        ) from error
    if len(text) < 8:
        raise EmbeddedError(
            "The file of the embedded Neo4j's password holds none",
            place=str(path),
            hint="Remove it: the next start makes a new password.",
        )
    return text


def _unwritable(places: Places, error: OSError) -> EmbeddedError:
    return EmbeddedError(
        f"The data directory cannot be written: {error.strerror or error}",
        place=str(error.filename or places.data_dir),
        hint=f"Give it to this user, free space there, {_ANOTHER}",
    )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
