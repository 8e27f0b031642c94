"""A model behind a server that speaks the OpenAI form of chat completions: vLLM, llama.cpp, Ollama."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Final

import httpx
from pydantic import BaseModel, Field, ValidationError

from generator.errors import ModelAnswerInvalid, ModelRefused, ModelUnavailable
from generator.model import Stop, Tell
from generator.models.http_stream import MEDIA_TYPE, Streamed
from generator.prompt import Prompt, Sampling

_PATH: Final = "/chat/completions"
_MAX_ANSWER: Final = 4 * 1024 * 1024
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
_WORTH_ANOTHER_TRY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Answer(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


class HttpModel:
    """Asks one URL and nothing else: no proxy of the environment, no redirect, no telemetry.

    `timeout` is the number of seconds that one text may take, with all tries and waits. The server's weights cannot
    be seen from here, so the fingerprint knows its address and the model's name alone; whether a seed is repeatable
    is up to the server. Blocked names are not sent: the form has no place for them.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        api_key: str | None = None,
        timeout: float = 120.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = _endpoint(url)
        self._name = name
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._sleep = sleep

    @property
    def name(self) -> str:
        """What the server calls the model."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of address and name."""
        return hashlib.sha256(f"{self._url}\n{self._name}".encode()).hexdigest()

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        """Return one text for each prompt; raises ModelUnavailable and ModelAnswerInvalid."""
        with self._client() as client:
            return [self._write(client, prompt, seed, options) for prompt, seed in zip(prompts, seeds, strict=True)]

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        """Return the text, telling what the server sends as it comes; raises ModelStopped as well.

        It is tried again only as long as nothing was told. A server that does not stream tells it in one piece.
        """
        heard = Streamed(self._url, tell, stop)
        heard.check()
        with self._client() as client:
            return self._write(client, prompt, seed, options, heard)

    def _client(self) -> httpx.Client:
        return httpx.Client(headers=self._headers, trust_env=False, follow_redirects=False)

    def _write(
        self, client: httpx.Client, prompt: Prompt, seed: int, options: Sampling, heard: Streamed | None = None
    ) -> str:
        body = {
            "model": self._name,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "max_tokens": options.max_new_tokens,
            "temperature": options.temperature,
            "top_p": options.top_p,
            "seed": seed,
            "stream": heard is not None,
        }
        deadline = time.monotonic() + self._timeout
        wait = _FIRST_WAIT
        while True:
            try:
                status, headers, content = self._post(client, body, deadline, heard)
            except httpx.TransportError as error:
                trouble, asked = f"{type(error).__name__}: {error}".rstrip(": "), 0.0
                if heard and heard.begun:
                    raise ModelUnavailable(
                        f"the model's server broke off in the middle of a text: {trouble}",
                        place=self._url,
                        hint="See the server's log; MKG_MODEL_TIMEOUT gives it more time.",
                    ) from error
            else:
                if status == 200 and heard:
                    return heard.text() if _streams(headers) else heard.whole(_text(content, self._url))
                if status == 200:
                    return _text(content, self._url)
                if status not in _WORTH_ANOTHER_TRY:
                    raise self._refusal(status, content)
                trouble, asked = f"it answered {status}", _seconds(headers.get("retry-after"))
            pause = max(wait, asked)
            if time.monotonic() + pause >= deadline:
                raise ModelUnavailable(
                    f"the model's server did not write a text within {self._timeout:g} seconds: {trouble}",
                    place=self._url,
                    hint="Check MKG_MODEL_URL and that the server runs; MKG_MODEL_TIMEOUT gives it more time.",
                )
            self._sleep(pause)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _post(
        self, client: httpx.Client, body: object, deadline: float, heard: Streamed | None
    ) -> tuple[int, httpx.Headers, bytes]:
        """Send one request; the deadline holds for the whole answer, not for each piece of it."""
        left = max(0.01, deadline - time.monotonic())
        content = bytearray()
        with client.stream(
            "POST", self._url, json=body, timeout=httpx.Timeout(left, connect=min(left, 5.0))
        ) as response:
            listening = heard if response.status_code == 200 and _streams(response.headers) else None
            for piece in response.iter_bytes():
                content += piece
                if listening:
                    listening.fed(piece)
                if len(content) > _MAX_ANSWER:
                    raise ModelAnswerInvalid(
                        "the model's server sent more than 4 MB for one text",
                        place=self._url,
                        hint="Check that MKG_MODEL_URL is a server of chat completions.",
                    )
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer came too slowly")
            return response.status_code, response.headers, bytes(content)

    def _refusal(self, status: int, content: bytes) -> ModelUnavailable:
        said = " ".join(content[:200].decode(errors="replace").split())
        hints = {
            401: "Set MKG_MODEL_API_KEY.",
            403: "Check MKG_MODEL_API_KEY.",
            404: "Check the path of MKG_MODEL_URL, and MKG_MODEL, which must be a name that the server knows.",
        }
        hint = hints.get(
            status, "The address may be that of another service." if 300 <= status < 400 else "See the server's log."
        )
        return ModelUnavailable(f"the model's server answered {status}: {said}", place=self._url, hint=hint)


def _endpoint(url: str) -> str:
    try:
        parts = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise _bad_url() from error
    if parts.scheme not in {"http", "https"} or not parts.host or parts.userinfo or parts.query or parts.fragment:
        raise _bad_url()
    base = str(parts).rstrip("/")
    if base.endswith(_PATH):
        return base
    return base + (_PATH if parts.path.rstrip("/") else f"/v1{_PATH}")


def _bad_url() -> ModelRefused:
    # The address is not repeated: it may hold a password.
    return ModelRefused(
        "MKG_MODEL_URL is not the address of a server",
        place="setting MKG_MODEL_URL",
        hint="Write it as http://127.0.0.1:8080, without user, password or query; a key goes into MKG_MODEL_API_KEY.",
    )


def _text(content: bytes, url: str) -> str:
    try:
        return _Answer.model_validate_json(content).choices[0].message.content.strip()
    except ValidationError as error:
        raise ModelAnswerInvalid(
            f"the model's server answered something else than a chat completion: {error.errors()[0]['msg']}",
            place=url,
            hint="Check that MKG_MODEL_URL is a server of chat completions.",
        ) from error


def _streams(headers: httpx.Headers) -> bool:
    return headers.get("content-type", "").startswith(MEDIA_TYPE)


def _seconds(value: str | None) -> float:
    """Return how long a Retry-After asks to wait; its form as a date is not read."""
    return min(float(value), _LONGEST_WAIT) if value and value.isdigit() else 0.0
