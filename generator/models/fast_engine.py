"""A LLaMA run by OpenVINO in 8 bits, with keys and values in pages, so that rows of any length go side by side."""

from __future__ import annotations

import importlib
import json
import weakref
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from generator.models.drawing import Scores
from generator.models.engine import Read
from generator.models.turns import Turn

MODEL: Final = "openvino_model.xml"
FACTS: Final = "facts.json"
# Tokens in a page, as the plug-in for processors has it.
_PAGE: Final = 32
_FIRST_PAGES: Final = 64
_TOKENS_KEPT: Final = 8192
_LONGEST: Final = 256
# Numbers that share a scale when a row is turned into 8 bits; fewer are slower, more are coarser.
_GROUP: Final = 64


class _Row:
    """How many tokens of a row are known, and the pages that hold their keys and values."""

    __slots__ = ("__weakref__", "length", "pages")

    def __init__(self) -> None:
        self.length = 0
        self.pages: list[int] = []


class _Pages:
    """Keys and values of all rows; a page that no row holds any more is free again."""

    def __init__(self, openvino: Any, compiled: Any, request: Any) -> None:
        self._ov = openvino
        self._request = request
        self._shapes = {
            name: ([size.get_length() for size in list(port.partial_shape)[1:]], port.element_type)
            for port in compiled.inputs
            if "_cache." in (name := port.any_name)
        }
        self._tensors: dict[str, Any] = {}
        self._count = 0
        self._free: list[int] = []
        self._held: Counter[int] = Counter()

    def fork(self, before: _Row | None = None) -> _Row:
        """Return a row that goes on from another, or one without tokens; what is full of the other is not copied."""
        row = _Row()
        weakref.finalize(row, self._release, row.pages)
        if before is not None:
            full, rest = divmod(before.length, _PAGE)
            row.pages.extend(before.pages[:full])
            self._held.update(row.pages)
            row.length = before.length
            if rest:
                row.pages.append(self._copied(before.pages[full]))
        return row

    def extend(self, row: _Row, tokens: int) -> None:
        """Give a row pages for more tokens."""
        while len(row.pages) * _PAGE < row.length + tokens:
            row.pages.append(self._taken())

    def shorten(self, row: _Row, tokens: int) -> None:
        """Take a row's last tokens from it, and the pages that held nothing else."""
        row.length -= tokens
        needed = -(-row.length // _PAGE)
        self._release(row.pages[needed:])
        del row.pages[needed:]

    def _taken(self) -> int:
        if not self._free:
            self._grow()
        page = self._free.pop()
        self._held[page] = 1
        return page

    def _release(self, pages: Sequence[int]) -> None:
        self._held.subtract(pages)
        self._free.extend(page for page in pages if not self._held[page])

    def _copied(self, page: int) -> int:
        copy = self._taken()
        for name, tensor in self._tensors.items():
            shape = self._shapes[name][0]
            source, target = (self._ov.Tensor(tensor, [at, 0, 0, 0], [at + 1, *shape]) for at in (page, copy))
            source.copy_to(target)
        return copy

    def _grow(self) -> None:
        count = 2 * self._count or _FIRST_PAGES
        for name, (shape, kind) in self._shapes.items():
            tensor = self._ov.Tensor(kind, self._ov.Shape([count, *shape]))
            if self._count:
                old = self._tensors[name]
                old.copy_to(self._ov.Tensor(tensor, [0] * len(old.shape), list(old.shape)))
            self._tensors[name] = tensor
            self._request.set_tensor(name, tensor)
        self._free.extend(range(count - 1, self._count - 1, -1))
        self._count = count


class FastEngine:
    """Runs what `save_fast` wrote."""

    def __init__(self, folder: Path, threads: int) -> None:
        openvino = importlib.import_module("openvino")
        transform = importlib.import_module("openvino._offline_transformations").paged_attention_transformation
        facts = json.loads((folder / FACTS).read_bytes())
        self.limit = int(facts["limit"])
        self.vocabulary = int(facts["vocabulary"])
        self.ends = frozenset[int](facts["ends"])
        model = openvino.Core().read_model(folder / MODEL)
        transform(model)
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "KV_CACHE_PRECISION": "bf16",
            "INFERENCE_PRECISION_HINT": "bf16",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(_GROUP),
        }
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        self._request = compiled.create_infer_request()
        self._pages = _Pages(openvino, compiled, self._request)
        self._read: Read[tuple[_Row, Scores]] = Read(_TOKENS_KEPT)

    def read(self, turns: Sequence[Turn]) -> tuple[_Row, Scores]:
        """Return the row of a prompt, and the scores of the first token after it."""
        pieces = [turn[at : at + _LONGEST] for turn in turns for at in range(0, len(turn), _LONGEST)]
        row: _Row | None = None
        scores = np.empty(0, np.float32)
        for number in range(1, len(pieces) + 1):
            row, scores = self._read.get(tuple(pieces[:number]), partial(self._goes_on, row, pieces[number - 1]))
        return self._pages.fork(row), scores

    def _goes_on(self, before: _Row | None, tokens: Turn) -> tuple[_Row, Scores]:
        row = self._pages.fork(before)
        return row, self.forward([row], [tokens])[0]

    def row(self) -> _Row:
        """Return a row without tokens."""
        return self._pages.fork()

    def shorten(self, row: _Row, tokens: int) -> None:
        """Have a row forget its last tokens."""
        self._pages.shorten(row, tokens)

    def batch(self, memories: Sequence[_Row]) -> _FastBatch:
        """Return rows that go on from prompts that were read."""
        return _FastBatch(self, memories)

    def forward(self, rows: Sequence[_Row], tokens: Sequence[Sequence[int]]) -> Scores:
        """Give each row its new tokens, and return the scores after the last of them, one line for each row."""
        counts = [len(new) for new in tokens]
        for row, count in zip(rows, counts, strict=True):
            self._pages.extend(row, count)
        pages = [(len(row.pages), row) for row in rows]
        places = [np.arange(row.length, row.length + count) for row, count in zip(rows, counts, strict=True)]
        given = {
            "input_ids": np.concatenate([np.array(new, np.int64) for new in tokens]),
            "position_ids": np.concatenate(places).astype(np.int64),
            "last": np.cumsum(counts, dtype=np.int64) - 1,
            "past_lens": np.array([row.length for row in rows], np.int32),
            "subsequence_begins": np.cumsum([0, *counts], dtype=np.int32),
            "block_indices": np.array([page for row in rows for page in row.pages], np.int32),
            "block_indices_begins": np.cumsum([0, *(count for count, _ in pages)], dtype=np.int32),
            "max_context_len": np.array(
                max(row.length + count for row, count in zip(rows, counts, strict=True)), np.int32
            ),
        }
        for row, count in zip(rows, counts, strict=True):
            row.length += count
        self._request.infer(given)
        return self._request.get_output_tensor(0).data.reshape(len(rows), -1).astype(np.float32)


class _FastBatch:
    def __init__(self, engine: FastEngine, rows: Sequence[_Row]) -> None:
        self._engine = engine
        self._rows = list(rows)
        # A row alone is rounded otherwise than two or more, which are all rounded alike, so it gets a companion.
        self._companion = engine.row()

    def step(self, tokens: Sequence[int]) -> Scores:
        """Take the next token of each row, and return the scores of what may follow."""
        new = [[token] for token in tokens]
        if len(new) == 1:
            return self._engine.forward([*self._rows, self._companion], new * 2)[:1]
        return self._engine.forward(self._rows, new)

    def back(self, place: int, count: int) -> None:
        """Forget the last so many tokens of a row."""
        self._engine.shorten(self._rows[place], count)

    def keep(self, places: Sequence[int]) -> None:
        """Go on with the rows at these places only."""
        self._rows = [self._rows[place] for place in places]


def save_fast(graph: Any, folder: Path, *, limit: int, vocabulary: int, ends: frozenset[int]) -> None:
    """Write a graph, and what has to be known of its model, into a folder."""
    importlib.import_module("openvino").save_model(graph, folder / MODEL, compress_to_fp16=False)
    facts = {"limit": limit, "vocabulary": vocabulary, "ends": sorted(ends)}
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")
