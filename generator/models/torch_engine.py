"""A LLaMA run by torch, in rows whose numbers do not depend on each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from generator.models.drawing import Scores
from generator.models.engine import Read
from generator.models.libraries import libraries, quiet
from generator.models.turns import Turn

# A product with a single row takes another way through the processor than one with two or more, which all round alike.
_FEWEST_ROWS: Final = 2
# About 1 GB of keys and values for a model of 1 billion parameters, 0.2 GB for the default one.
_TOKENS_KEPT: Final = 8192
_BLOCK: Final = 64
# Scores of attention take memory by the square, so longer stretches are read in pieces of this many tokens.
_LONGEST: Final = 256
ATTENTION: Final = "mkg_rows"

# Keys and values of a stretch of tokens: (layers, 2, heads, tokens, size of a head).
_Stretch: TypeAlias = Any


def attend(module: Any, query: Any, keys: Any, values: Any, mask: Any, scaling: float, **_: Any) -> tuple[Any, None]:
    """Attention in plain products, for transformers to call.

    torch's own rounds one number in ten thousand differently when a row stands at another place of a batch; products
    do not. Heads that share keys and values are taken as more tokens of one head, so nothing is copied.
    """
    torch = libraries().torch
    rows, heads, tokens, size = query.shape
    shared = keys.shape[1]
    scores = query.reshape(rows, shared, -1, size) @ keys.transpose(2, 3) * scaling
    seen = scores.view(rows, shared, heads // shared, tokens, -1).masked_fill(~mask[:, :, None], float("-inf"))
    weights = torch.softmax(seen, -1, dtype=torch.float32).to(values.dtype)
    told = weights.view(rows, shared, -1, weights.shape[-1]) @ values
    return told.view(rows, heads, tokens, size).transpose(1, 2).contiguous(), None


def _rounded(tokens: int) -> int:
    return -(-tokens // _BLOCK) * _BLOCK


class _Reading:
    """Where attention finds the keys and values of one row while it is read: those before, and the new ones."""

    def __init__(self, before: Sequence[_Stretch]) -> None:
        self._before = before
        self.new: list[Any] = []
        self._torch = libraries().torch

    def update(self, keys: Any, values: Any, layer: int, *_: Any) -> tuple[Any, Any]:
        """Return keys and values up to the newest token of a layer; what transformers calls a cache does this."""
        self.new.append(self._torch.cat((keys, values)))
        if not self._before:
            return keys, values
        both = self._torch.cat((*(stretch[layer] for stretch in self._before), self.new[-1]), dim=2)
        return both[:1], both[1:]


class _Rows:
    """Keys and values of many rows in one buffer, each row from its beginning, with room behind it.

    Products copy what does not lie together, so the buffer is as long as the longest row, rounded up, and grows.
    """

    def __init__(self, memories: Sequence[Sequence[_Stretch]]) -> None:
        self._torch = torch = libraries().torch
        lengths = [sum(stretch.shape[3] for stretch in stretches) for stretches in memories]
        layers, both, heads, _, size = memories[0][0].shape
        capacity = _rounded(max(lengths) + 1)
        self.keys_values = torch.zeros(layers, both, len(memories), heads, capacity, size, dtype=memories[0][0].dtype)
        for row, stretches in enumerate(memories):
            at = 0
            for stretch in stretches:
                self.keys_values[:, :, row, :, at : at + stretch.shape[3]] = stretch
                at += stretch.shape[3]
        self.lengths = torch.tensor(lengths)
        self._places = torch.arange(capacity)
        self._count = torch.arange(len(memories))

    def mask(self) -> Any:
        """Return which places each row may look at, its next token among them."""
        more = _rounded(int(self.lengths.max()) + 1) - len(self._places)
        if more > 0:
            # What is behind the end of a row counts for nothing, not even in rounding.
            self.keys_values = self._torch.nn.functional.pad(self.keys_values, (0, 0, 0, more))
            self._places = self._torch.arange(self.keys_values.shape[4])
        return (self._places <= self.lengths[:, None])[:, None, None, :]

    def update(self, keys: Any, values: Any, layer: int, *_: Any) -> tuple[Any, Any]:
        """Write each row's new key and value behind its others, and return all of a layer."""
        held = self.keys_values[layer]
        held[0, self._count, :, self.lengths] = keys[:, :, 0]
        held[1, self._count, :, self.lengths] = values[:, :, 0]
        return held[0], held[1]

    def move(self, row: int, place: int) -> None:
        """Put a row into the place of one that is not needed any more."""
        self.keys_values[:, :, place] = self.keys_values[:, :, row]
        self.lengths[place] = self.lengths[row]

    def cut(self, count: int) -> None:
        """Go on with the first few; the buffer stays as it is, and a layer's part of it still lies together."""
        self.keys_values = self.keys_values[:, :, :count]
        self.lengths = self.lengths[:count]
        self._count = self._count[:count]


class TorchEngine:
    """Runs the weights in a folder, in bfloat16, by transformers' own LLaMA."""

    def __init__(self, model: Any, ends: frozenset[int]) -> None:
        self._torch = libraries().torch
        self._model = model
        self._read: Read[tuple[_Stretch, Scores]] = Read(_TOKENS_KEPT)
        self._ends = ends

    @property
    def limit(self) -> int:
        """How many tokens prompt and text may have together."""
        return int(self._model.config.max_position_embeddings)

    @property
    def ends(self) -> frozenset[int]:
        """The tokens that end a text."""
        return self._ends

    @property
    def vocabulary(self) -> int:
        """How many tokens have a score."""
        return int(self._model.config.vocab_size)

    def read(self, turns: Sequence[Turn]) -> tuple[tuple[_Stretch, ...], Scores]:
        """Return keys and values of a prompt, and the scores of the first token after it.

        A turn is computed by itself after those before it, whether they were known or not, so that knowing them
        saves time and changes nothing.
        """
        stretches: list[_Stretch] = []
        scores = np.empty(0, np.float32)
        pieces = [turn[at : at + _LONGEST] for turn in turns for at in range(0, len(turn), _LONGEST)]
        for number in range(1, len(pieces) + 1):
            known = tuple(pieces[:number])
            stretch, scores = self._read.get(known, lambda: self._stretch(stretches, known[-1]))  # noqa: B023
            stretches.append(stretch)
        return tuple(stretches), scores

    def batch(self, memories: Sequence[Sequence[_Stretch]]) -> _TorchBatch:
        """Return rows that go on from prompts that were read."""
        return _TorchBatch(self, memories)

    def _stretch(self, before: Sequence[_Stretch], tokens: Turn) -> tuple[_Stretch, Scores]:
        torch = self._torch
        begun = sum(stretch.shape[3] for stretch in before)
        reading = _Reading(before)
        places = torch.arange(begun, begun + len(tokens))
        mask = (torch.arange(begun + len(tokens)) <= places[:, None])[None, None]
        scores = self.forward(torch.tensor([tokens]), places[None], mask, reading)
        return torch.stack(reading.new), scores[0]

    def forward(self, tokens: Any, places: Any, mask: Any, cache: Any) -> Scores:
        """Return the scores after the last token of each row; keys and values go into the cache."""
        with quiet(), self._torch.inference_mode():
            hidden = self._model.model(
                input_ids=tokens, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True
            ).last_hidden_state
            return self._model.lm_head(hidden[:, -1:])[:, 0].float().numpy()


class _TorchBatch:
    """Rows beside each other; one that ends leaves its place to the last one, since to copy them all takes as long as
    a step.
    """

    def __init__(self, engine: TorchEngine, memories: Sequence[Sequence[_Stretch]]) -> None:
        self._engine = engine
        # Where each row stands.
        self._places = list(range(len(memories)))
        # A row alone gets a twin.
        self._rows = _Rows([*memories, *[memories[0]] * (_FEWEST_ROWS - len(memories))])
        self._torch = libraries().torch

    def step(self, tokens: Sequence[int]) -> Scores:
        """Take the next token of each row, and return the scores of what may follow."""
        rows = self._rows
        given = [tokens[0]] * max(len(tokens), _FEWEST_ROWS)
        for place, token in zip(self._places, tokens, strict=True):
            given[place] = token
        scores = self._engine.forward(self._torch.tensor(given)[:, None], rows.lengths[:, None], rows.mask(), rows)
        rows.lengths += 1
        return scores[self._places]

    def back(self, place: int, count: int) -> None:
        """Forget the last so many tokens of a row."""
        self._rows.lengths[self._places[place]] -= count

    def keep(self, places: Sequence[int]) -> None:
        """Go on with the rows at these places only."""
        kept = [self._places[place] for place in places]
        count = max(len(kept), _FEWEST_ROWS)
        free = iter(sorted(set(range(count)).difference(kept)))
        for number, place in enumerate(kept):
            if place >= count:
                kept[number] = next(free)
                self._rows.move(place, kept[number])
        self._places = kept
        self._rows.cut(count)
