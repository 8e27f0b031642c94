"""The OpenAI form of a text that a server sends piece by piece: server-sent events, each with what is new."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field, ValidationError

from generator.errors import ModelAnswerInvalid, ModelStopped
from generator.model import Stop, Tell
from generator.pieces import Pieces

MEDIA_TYPE: Final = "text/event-stream"
_END: Final = b"[DONE]"


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(BaseModel):
    # The last chunk of some servers tells of the tokens used and has no choice.
    choices: list[_Choice] = Field(max_length=1)


class Streamed:
    """Reads the events as their bytes come, in whatever portions, and tells what they add to the text."""

    def __init__(self, url: str, tell: Tell, stop: Stop) -> None:
        self._url = url
        self._pieces = Pieces(tell)
        self._stop = stop
        self._line = b""
        self._text = ""
        self._ended = False

    @property
    def begun(self) -> bool:
        """Say whether any text came; then nothing may be asked a second time."""
        return bool(self._text)

    def check(self) -> None:
        """Raise ModelStopped when nobody wants the text any more."""
        if self._stop():
            raise ModelStopped("the text is not wanted any more")

    def fed(self, content: bytes) -> None:
        """Take some bytes; raises ModelAnswerInvalid when they are no such events."""
        *lines, self._line = (self._line + content).split(b"\n")
        for line in lines:
            field, _, value = line.strip().partition(b":")
            # Other fields, and comments that keep a connection open, say nothing about the text.
            if field == b"data":
                self._event(value.strip())

    def text(self) -> str:
        """Return the whole text; raises ModelAnswerInvalid when the server broke off."""
        if not self._ended:
            raise self._invalid("the answer ended before the text did")
        text = self._text.strip()
        self._pieces.whole(text)
        return text

    def whole(self, text: str) -> str:
        """Tell a text that came in one piece after all, and return it."""
        self._pieces.whole(text)
        return text

    def _event(self, data: bytes) -> None:
        self.check()
        if data == _END:
            self._ended = True
            return
        try:
            chunk = _Chunk.model_validate_json(data)
        except ValidationError as error:
            raise self._invalid(error.errors()[0]["msg"]) from error
        for choice in chunk.choices:
            self._text += choice.delta.content or ""
            self._ended = self._ended or choice.finish_reason is not None
        self._pieces.grown(self._text)

    def _invalid(self, why: str) -> ModelAnswerInvalid:
        return ModelAnswerInvalid(
            f"the model's server answered something else than a stream of a chat completion: {why}",
            place=self._url,
            hint="Check that MKG_MODEL_URL is a server of chat completions, and its log.",
        )
