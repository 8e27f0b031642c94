"""A page in a real browser, over the browser's own debugging protocol."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

# Seconds; a busy machine takes long to start a browser.
START = 90
STEP = 60


class Page:
    """One page: runs scripts in it, and keeps what it loaded and what it complained about."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.addresses: set[str] = set()
        self.complaints: list[str] = []

    async def listen(self) -> None:
        """Take in what the browser tells, until the connection ends."""
        async for text in self._wire:
            told: dict[str, Any] = json.loads(text)
            if told.get("id") in self._waiting:
                self._waiting.pop(told["id"]).set_result(told)
            elif told.get("method") == "Network.requestWillBeSent":
                self.addresses.add(told["params"]["request"]["url"].partition(",")[0])
            elif told.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                self.complaints.append(json.dumps(told["params"]))

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the result of a command; raise RuntimeError when the browser refuses it."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._wire.send(json.dumps({"id": number, "method": method, "params": params}))
        told = await asyncio.wait_for(answer, STEP)
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']}")
        return told["result"]

    async def value(self, script: str) -> Any:
        """Return the value of an expression, awaited; raise RuntimeError when it throws."""
        told = await self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(json.dumps(told["exceptionDetails"]))
        return told["result"].get("value")

    async def until(self, script: str) -> Any:
        """Return the value of an expression as soon as it is true."""
        async with asyncio.timeout(STEP):
            while not (value := await self.value(script)):  # noqa: ASYNC110  # the page has no event for it
                await asyncio.sleep(0.1)
        return value

    async def picture(self) -> bytes:
        """Return what is seen, as PNG."""
        return base64.b64decode((await self.send("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def opened(address: str, folder: Path, size: tuple[int, int]) -> AsyncIterator[Page]:
    """Open an address in a window of that size; `folder` is for what the browser keeps."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert browser, "this test needs Chromium: apt-get install chromium"
    words = (
        browser,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        # Every name but this machine fails, so a file from elsewhere would be noticed.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--window-size={size[0]},{size[1]}",
        f"--user-data-dir={folder}",
        "--remote-debugging-port=0",
        "about:blank",
    )
    async with _running(words, folder) as process:
        port = await asyncio.wait_for(_port(process), START)
        # The rest of what it says has to be read, or it would block.
        draining = asyncio.create_task(_drained(process))
        async with connect(await _target(port), max_size=None, open_timeout=START) as wire:
            page = Page(wire)
            listening = asyncio.create_task(page.listen())
            try:
                for domain in ("Page", "Network", "Log", "Runtime"):
                    await page.send(f"{domain}.enable")
                await page.send("Page.navigate", url=address)
                yield page
            finally:
                listening.cancel()
                draining.cancel()


@asynccontextmanager
async def _running(words: Sequence[str], folder: Path) -> AsyncIterator[Process]:
    # A session of its own, so that the processes that it starts end with it.
    process = await asyncio.create_subprocess_exec(
        *words,
        stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "HOME": str(folder)},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        await process.wait()


async def _port(process: Process) -> int:
    assert process.stdout
    said = b""
    while line := await process.stdout.readline():
        if found := re.search(rb"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line):
            return int(found[1])
        said += line
    raise AssertionError(f"the browser did not start: {said.decode()}")


async def _drained(process: Process) -> None:
    assert process.stdout
    while await process.stdout.read(4096):
        pass


async def _target(port: int) -> str:
    async with httpx.AsyncClient(timeout=START) as http:
        pages = (await http.get(f"http://127.0.0.1:{port}/json/list")).json()
    return next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
