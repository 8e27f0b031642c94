"""`mkg serve`: the GraphQL service."""

from __future__ import annotations

import errno
import socket
from typing import Annotated

import typer

from kg.connect import address_of, connected
from kg.errors import SettingsError
from kg.store import Address
from mkg.cli.console import progress, say
from mkg.cli.session import run, settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that answer; as many as there are cores to spare.")
    ] = 1,
) -> None:
    """Serve GraphQL at /graphql, with GraphiQL for a browser, until Ctrl+C."""
    # Brought in here: they take a second or two, which every other command would wait for.
    from graphql_api.settings import access_notice, load_api_settings
    from mkg import serving

    api = load_api_settings(host=host)
    listening = _bound(host, port)
    chosen = settings()
    with progress() as shown:

        async def prepared() -> Address:
            async with connected(chosen, progress=shown):
                return address_of(chosen, start=False)

        address = run(prepared)
    say(access_notice(api))
    at = f"http://{host}:{listening.getsockname()[1]}"
    say(f"GraphQL and GraphiQL at {at}/graphql, health at {at}/healthz and /readyz")
    serving.serve(serving.Site(chosen, api, address), listening, workers)


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raise SettingsError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio turns Nagle's delay off only for sockets that say TCP: 40 ms an answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        cause = (
            "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        )
        raise SettingsError(
            f"port {port} on {host} {cause}", place="option --port", hint="Choose another: mkg serve --port 8001."
        ) from error
    return listening
