"""GraphiQL in a real browser: it comes up under its policy, reads the schema, and runs an example."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.settings import load_api_settings
from kg.graph import Graph

pytestmark = pytest.mark.neo4j

# What a person does: wait for the button, and press it.
PRESS = b"""
const wait = setInterval(() => {
  const button = document.querySelector("button.graphiql-execute-button");
  if (button) { clearInterval(wait); setTimeout(() => button.click(), 500); }
}, 50);
"""


def pressing(app: ASGIApp) -> ASGIApp:
    """Serve the page with one more script of the same origin, so that the page's own policy stays in force."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def changed(message: Message) -> None:
            if message["type"] == "http.response.body" and b"graphiql/page.js" in message.get("body", b""):
                body = message["body"].replace(b"</body>", b'<script src="graphiql/press.js"></script></body>')
                message = {**message, "body": body}
            if message["type"] == "http.response.start":
                message["headers"] = [pair for pair in message["headers"] if pair[0] != b"content-length"]
            await send(message)

        if scope["type"] == "http" and scope["path"] == "/graphiql/press.js":
            await Response(PRESS, media_type="text/javascript")(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/graphql" and scope["method"] == "GET":
            await app(scope, receive, changed)
        else:
            await app(scope, receive, send)

    return served


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[int]:
    """Serve on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        yield listening.getsockname()[1]
        server.should_exit = True
        await task


async def test_graphiql_reads_the_schema_and_runs_an_example(graph: Graph, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert browser, "this test needs Chromium: apt-get install chromium"
    app = pressing(create_app(graph, settings=load_api_settings(log_level="warning")))
    async with running(app) as port:
        process = await asyncio.create_subprocess_exec(
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            # Every name but this machine fails, so a file from elsewhere would be noticed.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={tmp_path}",
            "--virtual-time-budget=10000",
            "--dump-dom",
            f"http://127.0.0.1:{port}/graphql",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), 120)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    page, said = out.decode(), err.decode()
    # The first example was run, and its answer stands in the result pane.
    assert "острый бронхит" in page
    assert "HP:0012735" in page
    # The editor knows the schema: without it nothing would be an error of type.
    assert "Question" in page
    assert [line for line in said.splitlines() if "CONSOLE" in line] == []
