"""The OpenAI form of chat completions: where they are asked for, what is sent, and what an answer says."""

from __future__ import annotations

from typing import Any, Final

import httpx
from pydantic import BaseModel, Field, ValidationError

from generator.errors import ModelAnswerInvalid, ModelRefused, ModelUnavailable
from generator.prompt import Prompt, Sampling

_PATH: Final = "/chat/completions"
# The temperature that a server is asked for at most when it should also keep to `min_p`.
_MOST_HEAT: Final = 1.0


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Answer(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


def endpoint(url: str) -> str:
    """Return where completions are asked for, of an address that ends at the host, at v1 or at the call.

    Raises ModelRefused for what is no plain address.
    """
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


def text_of(content: bytes, url: str) -> str:
    """Return the text of an answer; raises ModelAnswerInvalid."""
    try:
        return _Answer.model_validate_json(content).choices[0].message.content.strip()
    except ValidationError as error:
        raise ModelAnswerInvalid(
            f"the model's server answered something else than a chat completion: {error.errors()[0]['msg']}",
            place=url,
            hint="Check that MKG_MODEL_URL is a server of chat completions.",
        ) from error


def body_of(name: str, prompt: Prompt, seed: int, options: Sampling, *, stream: bool) -> dict[str, Any]:
    """Return what is sent to have a prompt answered by the model that the server calls `name`."""
    body: dict[str, Any] = {
        "model": name,
        "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
        "max_tokens": options.max_new_tokens,
        "temperature": options.temperature,
        "top_p": options.top_p,
        "seed": seed,
        "stream": stream,
    }
    if options.min_p > 0:
        # vLLM and llama.cpp know it; what a server that passes it over writes at a high temperature is no text.
        body |= {"min_p": options.min_p, "temperature": min(options.temperature, _MOST_HEAT)}
    if prompt.schema is not None:
        form = {"name": "answer", "strict": True, "schema": dict(prompt.schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    return body


def refusal(url: str, status: int, content: bytes) -> ModelUnavailable:
    """Return the error for a status that no other try would change."""
    said = " ".join(content[:200].decode(errors="replace").split())
    hints = {
        401: "Set MKG_MODEL_API_KEY.",
        403: "Check MKG_MODEL_API_KEY.",
        404: "Check the path of MKG_MODEL_URL, and MKG_MODEL, which must be a name that the server knows.",
    }
    hint = hints.get(
        status, "The address may be that of another service." if 300 <= status < 400 else "See the server's log."
    )
    return ModelUnavailable(f"the model's server answered {status}: {said}", place=url, hint=hint)
