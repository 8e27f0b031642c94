"""Jobs on the disk, where every process of the service sees them: one folder each, for its owner's eyes alone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from graphql_api.jobs.record import PREFIX, Record

try:
    import fcntl
except ImportError:  # Windows has no such locks; there the service is one process.
    fcntl = None

_ID: Final = re.compile(rf"{PREFIX}([0-9a-f]{{24}})")
_RECORD, _NOTES, _CANCEL, _LIVE = "job.json", "notes.jsonl", "cancel", "live-"
_QUEUE_LOCK, _WRITER_LOCK = "queue.lock", "writer.lock"


class JobFolder:
    """Keeps jobs: `job.json` says how one stands, `notes.jsonl` has its notes as the generator writes them.

    A file `live-N` holds the pieces of note N while it is written, and `cancel` asks for the end. A record is always
    whole, and a note counts from the moment its line is on the disk. Every call may raise OSError.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Keep others from adding, beginning or removing jobs; to be held for milliseconds."""
        handle = os.open(self.root / _QUEUE_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def claimed(self) -> int | None:
        """Take the right to write notes and return its handle, to be closed; None when another process has it."""
        handle = os.open(self.root / _WRITER_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return None
        return handle

    def stamp(self) -> int:
        """Return a number that changes whenever a job is added."""
        return self.root.stat().st_mtime_ns

    def record(self, job_id: str) -> Record | None:
        """Return how a job stands; None when there is none of that id."""
        found = _ID.fullmatch(job_id)
        return self._read(self.root / found[1]) if found else None

    def records(self) -> list[Record]:
        """Return all jobs, the oldest first."""
        found = (self._read(entry) for entry in self.root.iterdir() if entry.is_dir())
        return sorted((record for record in found if record), key=lambda record: record.seq)

    def save(self, record: Record) -> None:
        """Write down how a job stands, at once or not at all."""
        place = self._place(record.id)
        place.mkdir(mode=0o700, exist_ok=True)
        draft = place / f".{_RECORD}-{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(record.as_json()))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place / _RECORD)

    def remove(self, job_id: str) -> None:
        """Forget a job and its notes."""
        shutil.rmtree(self._place(job_id), ignore_errors=True)

    def append(self, job_id: str, row: Mapping[str, Any]) -> None:
        """Write one note; when this returns it survives a power cut."""
        handle = os.open(self._place(job_id) / _NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(dict(row), option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            os.fsync(file.fileno())

    def whole_notes(self, job_id: str) -> int:
        """Return how many notes there are, and cut off a last line that a power cut left unfinished."""
        path = self._place(job_id) / _NOTES
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return 0
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(path, whole)
        return content.count(b"\n")

    def notes(self, job_id: str, start: int, count: int) -> Sequence[Mapping[str, Any]]:
        """Return up to `count` notes from the one at `start` on."""
        try:
            with (self._place(job_id) / _NOTES).open("rb") as file:
                lines = islice(file, start, start + count)
                return [orjson.loads(line) for line in lines if line.endswith(b"\n")]
        except FileNotFoundError:
            return []

    def live_file(self, job_id: str, place: int) -> Path:
        """Return where the pieces of the note at that place of the job are while it is written."""
        return self._place(job_id) / f"{_LIVE}{place}"

    def ask_to_cancel(self, job_id: str) -> None:
        """Ask whoever writes the job to end it."""
        with suppress(FileNotFoundError):
            (self._place(job_id) / _CANCEL).touch(mode=0o600)

    def cancel_asked(self, job_id: str) -> bool:
        """Say whether somebody asked for the end of the job, or took it away."""
        place = self._place(job_id)
        return (place / _CANCEL).exists() or not place.exists()

    def _place(self, job_id: str) -> Path:
        return self.root / job_id.removeprefix(PREFIX)

    @staticmethod
    def _read(place: Path) -> Record | None:
        try:
            return Record.of_json(orjson.loads((place / _RECORD).read_bytes()))
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
            # Just being made or removed, or of another version of this service: no job of ours.
            return None
