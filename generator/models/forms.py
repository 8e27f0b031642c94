"""Texts that fit a JSON schema: which tokens may come next, and whether a text that came from anywhere fits."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from generator.errors import ModelAnswerInvalid, ModelRefused
from generator.models.drawing import Scores
from generator.models.libraries import check_installed
from generator.prompt import Prompt

_HINT: Final = "Run `uv sync --group model` or install mkg[llm]."


def check_fits(text: str, prompt: Prompt, place: str) -> None:
    """Raise ModelAnswerInvalid when the prompt has a schema and the text is not JSON that fits it; `place` is told."""
    if prompt.schema is None:
        return
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ModelAnswerInvalid(
            f"the model's text is not JSON: {error}",
            place=place,
            hint="A text that was cut off needs a higher max_new_tokens.",
        ) from error
    fault = next(_validator(prompt.schema).iter_errors(value), None)
    if fault is not None:
        where = "/".join(str(step) for step in fault.instance_path) or "the whole"
        raise ModelAnswerInvalid(
            f"the model's JSON does not fit its schema: {where}: {fault.message[:200]}",
            place=place,
            hint="Take a server that keeps to json_schema, or a local model.",
        )


def check_schema(prompt: Prompt) -> None:
    """Raise ModelMissing or ModelRefused when the prompt has a schema that cannot be checked."""
    if prompt.schema is not None:
        _validator(prompt.schema)


def _validator(schema: Mapping[str, Any]) -> Any:
    check_installed(("jsonschema_rs",), "text by a JSON schema", _HINT)
    library = importlib.import_module("jsonschema_rs")
    try:
        return library.Draft202012Validator(dict(schema))
    except (library.ValidationError, library.ReferencingError, ValueError) as error:
        raise ModelRefused(
            f"the JSON schema is not one: {str(error).splitlines()[0]}",
            hint="Write it by JSON Schema 2020-12.",
        ) from error


class Forms:
    """Grammars of JSON schemas over the tokens of one model, each worked out once."""

    def __init__(self, tokenizer: Any, vocabulary: int, ends: frozenset[int]) -> None:
        """`vocabulary` is how many tokens the model has scores for, `ends` are those that end a text."""
        check_installed(("xgrammar",), "text by a JSON schema", _HINT)
        self._library = importlib.import_module("xgrammar")
        info = self._library.TokenizerInfo.from_huggingface(
            tokenizer, vocab_size=vocabulary, stop_token_ids=sorted(ends)
        )
        self._compiler = self._library.GrammarCompiler(info, max_threads=1)
        self._vocabulary = vocabulary

    def of(self, schema: Mapping[str, Any]) -> Kept:
        """Return the form of one text; raises ModelRefused for a schema that is no grammar."""
        try:
            # Without free white space, or a model may write spaces until its room is used up.
            grammar = self._compiler.compile_json_schema(json.dumps(dict(schema)), any_whitespace=False)
        except RuntimeError as error:
            raise ModelRefused(
                f"the JSON schema cannot be kept to: {(str(error).splitlines() or [''])[0][:200]}",
                hint="Leave the unusual keywords out.",
            ) from error
        return Kept(self._library.GrammarMatcher(grammar), self._vocabulary)


class Kept:
    """Where one text stands in its grammar."""

    def __init__(self, matcher: Any, vocabulary: int) -> None:
        self._matcher = matcher
        self._bits = np.full((1, -(-vocabulary // 32)), -1, np.int32)
        self._vocabulary = vocabulary

    def bar(self, scores: Scores) -> None:
        """Set the scores of tokens that may not come next to -inf."""
        self._matcher.fill_next_token_bitmask(self._bits)
        allowed = np.unpackbits(self._bits.view(np.uint8), bitorder="little")[: self._vocabulary]
        scores[allowed == 0] = -np.inf

    def take(self, token: int) -> None:
        """Go on behind this token."""
        self._matcher.accept_token(token)
