"""What every model promises, tried on each adapter."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from generator.errors import ModelStopped
from generator.model import Model
from generator.models.http import HttpModel
from generator.models.weights import find_weights
from generator.prompt import Message, Prompt, Sampling

pytestmark = pytest.mark.model
SHORT = Sampling(max_new_tokens=12, temperature=0.8)


def prompt(text: str) -> Prompt:
    return Prompt((Message("system", "You are a doctor."), Message("user", text)), blocked=("aspirin",))


@pytest.fixture(scope="session")
def served_model(smollm2: Model) -> Iterator[Model]:
    """The same model behind a server that speaks the OpenAI form."""

    def answer(body: dict[str, object]) -> str:
        turns, form = body["messages"], body.get("response_format")
        formed = form["json_schema"] if isinstance(form, dict) else None
        assert isinstance(turns, list)
        asked = Prompt(tuple(Message(turn["role"], turn["content"]) for turn in turns))
        options = Sampling(int(str(body["max_tokens"])), float(str(body["temperature"])), float(str(body["top_p"])))
        asked = replace(asked, schema=formed["schema"] if formed else None)
        return smollm2.generate([asked], [int(str(body["seed"]))], options)[0]

    async def complete(request: Request) -> Response:
        body = await request.json()
        text = answer(body)
        if body["stream"]:
            chunks = [{"choices": [{"delta": {"content": piece}}]} for piece in re.findall(r"\s*\S+", text)]
            told = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks)
            return Response(f"{told}data: [DONE]\n\n", media_type="text/event-stream")
        return JSONResponse({"choices": [{"message": {"role": "assistant", "content": text}}]})

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    yield HttpModel(f"http://127.0.0.1:{port}", "smollm2", timeout=300)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def llama_cpp(cache: Path) -> Iterator[Model]:
    """llama.cpp's own server with the same weights."""
    import xllamacpp

    given = xllamacpp.CommonParams()
    given.model.path = str(find_weights("smollm2", cache).path)
    given.hostnames, given.port = ["127.0.0.1"], 0
    given.n_ctx, given.n_parallel = 4096, 2
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = 2
    # What is kept of earlier prompts is rounded otherwise than what is read anew.
    given.cache_prompt, given.warmup, given.verbosity = False, False, -1
    server = xllamacpp.Server(given)
    yield HttpModel(server.listening_address, "smollm2", timeout=300, width=2)
    del server


@pytest.fixture(params=["smollm2", "served_model", "llama_cpp"])
def model(request: pytest.FixtureRequest) -> Model:
    found: Model = request.getfixturevalue(request.param)
    return found


def test_one_text_comes_back_for_each_prompt(model: Model) -> None:
    texts = model.generate([prompt("Name a symptom."), prompt("Name a drug.")], [1, 2], SHORT)
    assert len(texts) == 2
    assert all(isinstance(text, str) and text for text in texts)
    assert model.generate([], [], SHORT) == []


def test_the_same_prompt_and_seed_give_the_same_text_in_any_company(model: Model) -> None:
    (alone,) = model.generate([prompt("Describe a cough.")], [5], SHORT)
    together = model.generate([prompt("Name a drug."), prompt("Describe a cough.")], [9, 5], SHORT)
    assert together[1] == alone


def test_a_stream_tells_the_text_that_is_written_otherwise_in_pieces_that_add_up_to_it(model: Model) -> None:
    heard: list[str] = []
    for seed in (5, 6):
        heard.clear()
        text = model.stream(prompt("Describe a cough."), seed, SHORT, heard.append, lambda: False)
        assert [text] == model.generate([prompt("Describe a cough.")], [seed], SHORT)
        assert "".join(heard) == text
        assert len(heard) > 4


def test_a_stream_that_is_not_wanted_any_more_stops_at_the_next_piece(model: Model) -> None:
    heard: list[str] = []
    with pytest.raises(ModelStopped):
        model.stream(prompt("Describe a cough."), 5, SHORT, heard.append, lambda: len(heard) >= 2)
    assert len(heard) < 5


def test_a_text_with_a_schema_is_json_of_that_form(model: Model) -> None:
    schema = {"type": "object", "properties": {"ill": {"type": "boolean"}}, "required": ["ill"]}
    (text,) = model.generate(
        [replace(prompt("Is a cough an illness?"), schema=schema)], [1], replace(SHORT, max_new_tokens=40)
    )
    assert isinstance(json.loads(text)["ill"], bool)


def test_it_says_how_many_it_writes_at_once(model: Model) -> None:
    assert model.width >= 1


def test_as_many_seeds_as_prompts_are_wanted(model: Model) -> None:
    with pytest.raises(ValueError):
        model.generate([prompt("x")], [], SHORT)


def test_name_and_fingerprint_are_told_and_stay(model: Model) -> None:
    assert model.name == "smollm2"
    assert len(model.fingerprint) == 64
    assert model.fingerprint == model.fingerprint


def test_the_two_differ_in_their_fingerprint(smollm2: Model, served_model: Model) -> None:
    assert smollm2.fingerprint != served_model.fingerprint
