"""The jobs of the service, as somebody at this machine starts, watches, cancels and reads them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from generator.errors import JobRefused
from graphql_api import logs
from graphql_api.jobs.desk import NoteDesk
from graphql_api.jobs.record import Record
from graphql_api.problems import ApiError
from graphql_api.settings import load_api_settings
from kg.graph import Graph
from kg.settings import Settings
from mkg.writing import NoteWriter

LOCAL: Final = "127.0.0.1"


@contextmanager
def refusals() -> Generator[None]:
    """Tell what the desk refuses as every other error of the command is told."""
    try:
        yield
    except ApiError as error:
        wait = f" (about {error.retry_after} seconds)" if error.retry_after is not None else ""
        raise JobRefused(error.message, hint=f"{error.hint or ''}{wait}" or None) from error


@asynccontextmanager
async def desk_of(settings: Settings, graph: Graph | None = None) -> AsyncGenerator[NoteDesk]:
    """Give the desk over the jobs of this data directory; with a graph it can take jobs in, and write them.

    What is being written when the block ends goes back into the queue. Raises JobRefused for what the desk refuses.
    """
    # Standard output is for what the command prints.
    logs.configure("warning")
    writer = None if graph is None else NoteWriter(graph, settings)
    desk = NoteDesk(writer, load_api_settings(host=LOCAL), settings.data_dir / "jobs")
    try:
        with refusals():
            yield desk
    finally:
        await desk.close()


def known(desk: NoteDesk, job_id: str) -> Record:
    """Return a job of anybody; raises JobRefused when there is none of that id."""
    record = desk.job(job_id, None)
    if record is None:
        raise JobRefused(f"there is no job {job_id[:80]!r}", hint="`mkg job list` lists them.")
    return record
