"""The client of a measurement: what it sends, and how it counts answers, errors and times."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.graphql.loader import UNIQUE, Job, Told

Send = Callable[..., Told]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((body, self.headers.get("Authorization")))  # type: ignore[attr-defined]
        answer = b'{"errors":[{"message":"no"}]}' if body.get("wrong") else b'{"data":{"errors":[]}}'
        self.send_response(503 if body.get("busy") else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    serving = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    serving.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def send(server: ThreadingHTTPServer, tmp_path: Path) -> Send:
    """A function that sends these bodies, each once, and returns what came of it."""

    def sending(*bodies: dict[str, object], connections: int = 2) -> Told:
        path = tmp_path / "bodies"
        path.write_bytes(b"\n".join(json.dumps(body).encode() for body in bodies))
        headers = {"Authorization": "Bearer key"}
        job = Job(server.server_port, "/graphql", headers, str(path), connections, 20.0, first=7, once=True)
        command = [sys.executable, "-m", "bench.graphql.loader"]
        ran = subprocess.run(command, input=json.dumps(asdict(job)).encode(), capture_output=True, check=True)
        return Told(**json.loads(ran.stdout))

    return sending


def test_every_body_is_sent_with_the_headers_and_its_answer_timed(server: ThreadingHTTPServer, send: Send) -> None:
    told = send(*({"n": number} for number in range(9)))
    assert (told.inside, told.errors, len(told.times)) == (9, 0, 9)
    assert sorted(body["n"] for body, _ in server.seen) == list(range(9))  # type: ignore[attr-defined]
    assert {key for _, key in server.seen} == {"Bearer key"}  # type: ignore[attr-defined]
    assert 0 < told.seconds < 20
    assert told.bytes == 9 * len(b'{"data":{"errors":[]}}')


def test_an_error_is_counted_wherever_it_is_told(send: Send) -> None:
    told = send({"wrong": True}, {"busy": True}, {})
    assert told.errors == 2
    assert told.failed.startswith(("200", "503"))


def test_a_mark_becomes_a_number_that_no_other_request_has(server: ThreadingHTTPServer, send: Send) -> None:
    send(*({"id": f"x{UNIQUE.decode()}"} for _ in range(5)))
    assert {body["id"] for body, _ in server.seen} == {f"x{number:012d}" for number in range(7, 12)}  # type: ignore[attr-defined]
