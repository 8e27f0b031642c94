"""A model behind a server that speaks the OpenAI form of chat completions: vLLM, llama.cpp, Ollama."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx

from generator.errors import ModelAnswerInvalid, ModelUnavailable
from generator.model import Stop, Tell
from generator.models.fitting import check_fits, check_schema
from generator.models.http_form import body_of, endpoint, refusal, text_of
from generator.models.http_stream import MEDIA_TYPE, Streamed
from generator.prompt import Prompt, Sampling
from generator.seeds import derive

_MAX_ANSWER: Final = 4 * 1024 * 1024
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 10.0
# A text that does not fit its schema is asked for again, with another seed.
_TRIES_TO_FIT: Final = 3
_WORTH_ANOTHER_TRY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class HttpModel:
    """Asks one URL and nothing else: no proxy of the environment, no redirect, no telemetry.

    `timeout` is the number of seconds that one text may take, with all tries and waits. The server's weights cannot
    be seen from here, so the fingerprint knows its address and the model's name alone; whether a seed is repeatable
    is up to the server. Blocked names are not sent: the form has no place for them. A schema is sent in OpenAI's form,
    and what comes back is checked, since not every server keeps to it.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        api_key: str | None = None,
        timeout: float = 120.0,
        width: int = 1,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = endpoint(url)
        self._name = name
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._width = width
        self._sleep = sleep

    @property
    def name(self) -> str:
        """What the server calls the model."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of address and name."""
        return hashlib.sha256(f"{self._url}\n{self._name}".encode()).hexdigest()

    @property
    def width(self) -> int:
        """How many requests are in flight at once."""
        return self._width

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        """Return one text for each prompt, asked for by `width` requests at once; each has the whole time-out.

        Raises ModelUnavailable and ModelAnswerInvalid; then what is not asked for yet is not asked for any more.
        """
        if len(prompts) != len(seeds):
            raise ValueError(f"{len(prompts)} prompts and {len(seeds)} seeds")
        with self._client() as client, ThreadPoolExecutor(self._width, "mkg-model") as pool:
            asked = [
                pool.submit(self._write, client, prompt, seed, options)
                for prompt, seed in zip(prompts, seeds, strict=True)
            ]
            try:
                return [text.result() for text in asked]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        """Return the text, telling what the server sends as it comes; raises ModelStopped as well.

        It is tried again only as long as nothing was told. A server that does not stream tells it in one piece.
        """
        heard = Streamed(self._url, tell, stop)
        heard.check()
        with self._client() as client:
            return self._write(client, prompt, seed, options, heard)

    def _client(self) -> httpx.Client:
        limits = httpx.Limits(max_connections=self._width, max_keepalive_connections=self._width)
        return httpx.Client(headers=self._headers, trust_env=False, follow_redirects=False, limits=limits)

    def _write(
        self, client: httpx.Client, prompt: Prompt, seed: int, options: Sampling, heard: Streamed | None = None
    ) -> str:
        check_schema(prompt)
        deadline = time.monotonic() + self._timeout
        tries = 1 if heard or prompt.schema is None else _TRIES_TO_FIT
        while True:
            tries -= 1
            text = self._answer(
                client, body_of(self._name, prompt, seed, options, stream=heard is not None), deadline, heard
            )
            try:
                check_fits(text, prompt, self._url)
            except ModelAnswerInvalid:
                if not tries or time.monotonic() > deadline:
                    raise
                seed = derive(seed, "again")
            else:
                return text

    def _answer(self, client: httpx.Client, body: object, deadline: float, heard: Streamed | None) -> str:
        """Return the text of one request, tried again until it is answered or the time is up."""
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
                    return heard.text() if _streams(headers) else heard.whole(text_of(content, self._url))
                if status == 200:
                    return text_of(content, self._url)
                if status not in _WORTH_ANOTHER_TRY:
                    raise refusal(self._url, status, content)
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


def _streams(headers: httpx.Headers) -> bool:
    return headers.get("content-type", "").startswith(MEDIA_TYPE)


def _seconds(value: str | None) -> float:
    """Return how long a Retry-After asks to wait; its form as a date is not read."""
    return min(float(value), _LONGEST_WAIT) if value and value.isdigit() else 0.0
