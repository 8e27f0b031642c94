"""The HTTP model against a real server in this process."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from generator.errors import GeneratorError, ModelAnswerInvalid, ModelRefused, ModelStopped, ModelUnavailable
from generator.models.http import HttpModel
from generator.prompt import Message, Prompt, Sampling

PROMPT = Prompt((Message("system", "Rules."), Message("user", "Patient: 45-year-old woman")), blocked=("aspirin",))


class Server:
    """Answers as told: `script` has the status or the body of each answer to come, then it behaves."""

    def __init__(self) -> None:
        self.script: list[Any] = []
        self.seen: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        # Answers wait until so many requests are there at once.
        self.gathered = 1
        self.most_at_once = self._at_once = 0
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["POST", "GET"])])
        self.port = _free_port()
        self._server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < until
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    async def _answer(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        asked = json.loads(await request.body() or b"{}")
        self.seen.append(asked)
        self.headers.append(dict(request.headers))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if self.most_at_once < self.gathered:
            await asyncio.sleep(0.5)
        self._at_once -= 1
        step = self.script.pop(0) if self.script else None
        if step is None:
            return JSONResponse(completion(f"A note with seed {asked['seed']}."))
        if isinstance(step, Response):
            return step
        if isinstance(step, int):
            return JSONResponse({"error": "no"}, step)
        return Response(step if isinstance(step, bytes) else json.dumps(step), media_type="application/json")


def completion(text: object) -> dict[str, Any]:
    return {"id": "1", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(running: Server) -> Server:
    for kept in (running.script, running.seen, running.headers, running.paths):
        kept.clear()
    running.gathered, running.most_at_once = 1, 0
    return running


def model(server: Server, **also: Any) -> HttpModel:
    return HttpModel(server.url, "llama-8b", **{"timeout": 5.0, "sleep": lambda seconds: None, **also})


def test_one_text_comes_back_for_each_prompt_in_order(server: Server) -> None:
    texts = model(server).generate([PROMPT, PROMPT], [1, 2], Sampling())
    assert texts == ["A note with seed 1.", "A note with seed 2."]


def test_the_request_has_the_openai_form_and_nothing_else(server: Server) -> None:
    model(server).generate([PROMPT], [7], Sampling(50, 0.3, 0.8))
    assert server.paths == ["/v1/chat/completions"]
    assert server.seen == [
        {
            "model": "llama-8b",
            "messages": [
                {"role": "system", "content": "Rules."},
                {"role": "user", "content": "Patient: 45-year-old woman"},
            ],
            "max_tokens": 50,
            "temperature": 0.3,
            "top_p": 0.8,
            "seed": 7,
            "stream": False,
        }
    ]
    model(server).generate([PROMPT], [7], Sampling(50, 1.4, 0.8, 0.05))
    assert server.seen[1] == {**server.seen[0], "temperature": 1.0, "min_p": 0.05}


def test_the_key_is_sent_and_never_shown(server: Server) -> None:
    server.script = [401]
    keyed = model(server, api_key="s3cret")
    with pytest.raises(ModelUnavailable) as caught:
        keyed.generate([PROMPT], [1], Sampling())
    assert server.headers[0]["authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(caught.value)
    assert "MKG_MODEL_API_KEY" in (caught.value.hint or "")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server: Server, status: int) -> None:
    server.script = [status, status]
    assert model(server).generate([PROMPT], [1], Sampling()) == ["A note with seed 1."]
    assert len(server.seen) == 3


def test_a_wait_that_the_server_asks_for_is_kept(server: Server) -> None:
    waited: list[float] = []
    server.script = [JSONResponse({}, 429, {"Retry-After": "3"})]
    model(server, sleep=waited.append).generate([PROMPT], [1], Sampling())
    assert waited == [3.0]


def test_a_server_that_never_recovers_is_given_up_at_the_deadline(server: Server) -> None:
    server.script = [500] * 1000
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match=r"within 0.8 seconds: it answered 500"):
        model(server, timeout=0.8, sleep=time.sleep).generate([PROMPT], [1], Sampling())
    assert time.monotonic() - started < 2


def test_a_server_that_drips_is_cut_off_at_the_deadline(server: Server) -> None:
    async def drip() -> Any:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.1)

    server.script = [StreamingResponse(drip())]
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="too slow"):
        model(server, timeout=0.7).generate([PROMPT], [1], Sampling())
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_not_tried_again(server: Server, status: int) -> None:
    server.script = [status]
    with pytest.raises(ModelUnavailable, match=str(status)):
        model(server).generate([PROMPT], [1], Sampling())
    assert len(server.seen) == 1


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.script = [Response(status_code=307, headers={"Location": f"{server.url}/elsewhere"})]
    with pytest.raises(ModelUnavailable, match="307"):
        model(server).generate([PROMPT], [1], Sampling())
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"\xff",
        {},
        {"choices": []},
        {"choices": [{}]},
        completion(None),
        completion(5),
        b"[" * 9999,
    ],
    ids=str,
)
def test_an_answer_that_is_no_chat_completion_is_named(server: Server, answer: object) -> None:
    server.script = [answer]
    with pytest.raises(ModelAnswerInvalid, match="something else than a chat completion"):
        model(server).generate([PROMPT], [1], Sampling())


def test_an_answer_without_end_is_cut_off(server: Server) -> None:
    server.script = [b" " * 5_000_000]
    with pytest.raises(ModelAnswerInvalid, match="more than 4 MB"):
        model(server).generate([PROMPT], [1], Sampling())


def test_nobody_at_the_address_is_said_within_the_deadline() -> None:
    nobody = HttpModel(f"http://127.0.0.1:{_free_port()}", "llama", timeout=0.5)
    with pytest.raises(ModelUnavailable, match="ConnectError"):
        nobody.generate([PROMPT], [1], Sampling())


def test_a_proxy_of_the_environment_is_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{_free_port()}")
    assert model(server).generate([PROMPT], [1], Sampling()) == ["A note with seed 1."]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "/v1/chat/completions"),
        ("/v1", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("/api/chat/completions", "/api/chat/completions"),
    ],
)
def test_an_address_may_end_at_the_host_at_v1_or_at_the_call(server: Server, url: str, path: str) -> None:
    HttpModel(server.url + url, "llama").generate([PROMPT], [1], Sampling())
    assert server.paths == [path]


@pytest.mark.parametrize(
    "url", ["", "llama", "ftp://host/v1", "file:///etc/passwd", "http://", "http://u:pw@host/v1", "http://h/?a=1"]
)
def test_what_is_no_plain_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ModelRefused) as caught:
        HttpModel(url, "llama")
    assert "pw" not in str(caught.value)


def test_several_requests_are_in_flight_and_answers_keep_their_order(server: Server) -> None:
    server.gathered = 3
    texts = model(server, width=3).generate([PROMPT] * 7, list(range(7)), Sampling())
    assert texts == [f"A note with seed {seed}." for seed in range(7)]
    assert server.most_at_once == 3


def test_after_a_refusal_nothing_more_is_asked_for(server: Server) -> None:
    server.script = [401]
    with pytest.raises(ModelUnavailable):
        model(server).generate([PROMPT] * 50, list(range(50)), Sampling())
    assert len(server.seen) < 10


SCHEMA = {"type": "object", "properties": {"days": {"type": "integer"}}, "required": ["days"]}
FORMED = Prompt(PROMPT.messages, schema=SCHEMA)


def test_a_schema_is_sent_in_openais_form(server: Server) -> None:
    server.script = [completion('{"days": 3}')]
    assert model(server).generate([FORMED], [7], Sampling()) == ['{"days": 3}']
    assert server.seen[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }


def test_json_that_does_not_fit_is_asked_for_again_with_another_seed(server: Server) -> None:
    server.script = [completion('{"days": "three"}'), completion('{"days": 3}')]
    assert model(server).generate([FORMED], [7], Sampling()) == ['{"days": 3}']
    first, second = (asked["seed"] for asked in server.seen)
    assert first == 7 != second


def test_a_server_that_does_not_keep_to_the_schema_is_named(server: Server) -> None:
    server.script = [completion("A note.")] * 3
    with pytest.raises(ModelAnswerInvalid, match="not JSON") as caught:
        model(server).generate([FORMED], [7], Sampling())
    assert len(server.seen) == 3
    assert server.url in (caught.value.place or "")


def events(*chunks: object, end: bool = True) -> Response:
    """Return a stream of chunks as a server sends it."""
    lines = [f"data: {chunk if isinstance(chunk, str) else json.dumps(chunk)}\n\n" for chunk in chunks]
    return Response(": hello\n\n" + "".join(lines) + "data: [DONE]\n\n" * end, media_type="text/event-stream")


def delta(text: str | None, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}]}


def streamed(server: Server, stop: Callable[[], bool] = lambda: False, **also: Any) -> tuple[str, list[str]]:
    heard: list[str] = []
    return model(server, **also).stream(PROMPT, 3, Sampling(), heard.append, stop), heard


def test_a_streamed_text_is_told_as_it_comes_and_is_stripped(server: Server) -> None:
    server.script = [events(delta(None), delta(" A co"), delta("ugh"), delta(" "), {"choices": [], "usage": {}})]
    assert streamed(server) == ("A cough", ["A co", "ugh"])
    assert server.seen[0]["stream"] is True


def test_bytes_may_be_cut_anywhere(server: Server) -> None:
    content = events(delta("Кашель"), delta(" и жар.", "stop"), end=False).body

    async def drip() -> Any:
        for at in range(len(content)):
            yield bytes(content[at : at + 1])

    server.script = [StreamingResponse(drip(), media_type="text/event-stream")]
    assert streamed(server) == ("Кашель и жар.", ["Кашель", " и жар."])


def test_a_server_that_does_not_stream_tells_it_in_one_piece(server: Server) -> None:
    assert streamed(server) == ("A note with seed 3.", ["A note with seed 3."])


def test_a_refused_stream_is_tried_again_as_long_as_nothing_was_told(server: Server) -> None:
    server.script = [503, events(delta("A cough."))]
    assert streamed(server) == ("A cough.", ["A cough."])


def test_a_stream_that_breaks_off_is_not_begun_anew(server: Server) -> None:
    async def broken() -> Any:
        yield events(delta("A co"), end=False).body
        raise ConnectionResetError

    server.script = [StreamingResponse(broken(), media_type="text/event-stream")]
    with pytest.raises(ModelUnavailable, match="broke off"):
        streamed(server)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [events(end=False), events(delta("A co"), end=False), events("{"), events({"error": {"message": "no"}})],
    ids=["nothing", "no end", "no json", "error"],
)
def test_a_stream_that_is_no_chat_completion_is_named(server: Server, answer: Response) -> None:
    server.script = [answer]
    with pytest.raises(ModelAnswerInvalid, match="something else than a stream"):
        streamed(server)


def test_a_stream_that_nobody_wants_any_more_is_left(server: Server) -> None:
    async def endless() -> Any:
        for number in range(1000):
            yield events(delta(f"{number} "), end=False).body
            await asyncio.sleep(0.01)

    server.script = [StreamingResponse(endless(), media_type="text/event-stream")]
    heard: list[str] = []
    with pytest.raises(ModelStopped):
        model(server).stream(PROMPT, 3, Sampling(), heard.append, lambda: len(heard) > 3)
    assert len(heard) == 4
    with pytest.raises(ModelStopped):
        model(server).stream(PROMPT, 3, Sampling(), heard.append, lambda: True)
    assert len(server.seen) == 1


def test_the_fingerprint_follows_address_and_name() -> None:
    one, same, other = (HttpModel("http://h/v1", name).fingerprint for name in ("a", "a", "b"))
    assert one == same != other


def test_every_failure_is_one_of_the_generators() -> None:
    for kind in (ModelAnswerInvalid, ModelRefused, ModelUnavailable):
        assert issubclass(kind, GeneratorError)
        assert kind("x").exit_code == 5
