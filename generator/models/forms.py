"""Tokens that may come next in a text that is to fit a JSON schema."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from generator.errors import ModelRefused
from generator.models.drawing import Scores
from generator.models.fitting import HINT
from generator.models.libraries import check_installed


class Forms:
    """Grammars of JSON schemas over the tokens of one model, each worked out once."""

    def __init__(self, tokenizer: Any, vocabulary: int, ends: frozenset[int]) -> None:
        """`vocabulary` is how many tokens the model has scores for, `ends` are those that end a text."""
        check_installed(("xgrammar",), "text by a JSON schema", HINT)
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
