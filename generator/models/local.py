"""A LLaMA in this process."""

from __future__ import annotations

import hashlib
import importlib.metadata
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from generator.errors import ModelError
from generator.model import EngineName, Stop, Tell
from generator.models.adapters import Adapter, check_base
from generator.models.blocklist import Blocklist, Spelled
from generator.models.conversion import convert, is_whole
from generator.models.engine import Engine
from generator.models.fitting import check_fits, check_schema
from generator.models.forms import Forms
from generator.models.libraries import LOCAL, LOCAL_HINT, check_installed
from generator.models.listener import Listener
from generator.models.litter import no_looking_for_garbage
from generator.models.loading import load_fast, load_transformers
from generator.models.rows import Form, Row, write
from generator.models.telling import Telling
from generator.models.turns import Turns
from generator.models.weights import Weights, check_folder
from generator.prompt import Prompt, Sampling

# What has a say in how a product is rounded.
_VERSIONS: Final = {"transformers": ("torch", "transformers"), "fast": ("openvino",)}

# One at a time in a process: the number of threads is global to torch, and the cores are the same ones.
_LOCK = threading.Lock()


def _say_nothing(_: str) -> None:
    pass


class LocalModel:
    """Writes up to `width` rows side by side; a row's text depends neither on the width nor on the rows beside it.

    Weights are loaded at the first text, so that `name` and `fingerprint` cost nothing. The fingerprint takes in the
    digests of weights and adapter, the engine and its version, and the number of threads: each may change how a
    product is rounded. `generate` raises what goes wrong with one prompt before anything is written.
    """

    def __init__(
        self,
        weights: Weights,
        cache_dir: Path,
        *,
        threads: int = 2,
        width: int = 1,
        engine: EngineName = "transformers",
        adapter: Adapter | None = None,
        notify: Callable[[str], None] = _say_nothing,
    ) -> None:
        check_installed(LOCAL, "a local model", LOCAL_HINT)
        if engine == "fast":
            check_installed(
                ("openvino",), "the fast engine", "Install mkg[fast], or set MKG_MODEL_ENGINE=transformers."
            )
        if adapter is not None:
            check_base(adapter, weights)
        self._weights = weights
        self._cache = cache_dir / "models"
        self._threads = threads
        self._width = width
        self._engine: EngineName = engine
        self._adapter = adapter
        self._notify = notify
        self._loaded: _Loaded | None = None

    @property
    def name(self) -> str:
        """What people call the model."""
        return self._weights.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of everything that has a say in the text."""
        versions = [f"{package} {importlib.metadata.version(package)}" for package in _VERSIONS[self._engine]]
        parts = [self._weights.digest, f"{self._engine} 8", f"threads {self._threads}", *versions]
        adapter = [f"adapter {self._adapter.digest}"] if self._adapter else []
        return hashlib.sha256("\n".join([*parts, *adapter]).encode()).hexdigest()

    @property
    def width(self) -> int:
        """How many texts are written side by side; it changes none of them."""
        return self._width

    def generate(self, prompts: Sequence[Prompt], seeds: Sequence[int], options: Sampling) -> list[str]:
        """Return one text for each prompt; the first call loads the weights and may convert them.

        Raises ModelError for a prompt that is too long, and ModelAnswerInvalid for JSON that was cut off.
        """
        if len(prompts) != len(seeds):
            raise ValueError(f"{len(prompts)} prompts and {len(seeds)} seeds")
        with _LOCK:
            loaded = self._ready()
            rows = [loaded.row(*asked, options) for asked in zip(prompts, seeds, strict=True)]
            # Rows of like length go together, since a batch holds room for its longest.
            order = sorted(range(len(rows)), key=lambda place: rows[place].length)
            for start in range(0, len(order), self._width):
                loaded.write([rows[place] for place in order[start : start + self._width]])
            return [loaded.text(row, prompt) for row, prompt in zip(rows, prompts, strict=True)]

    def stream(self, prompt: Prompt, seed: int, options: Sampling, tell: Tell, stop: Stop) -> str:
        """Return the text that `generate` would write, telling it token by token; raises ModelStopped when told so."""
        with _LOCK:
            loaded = self._ready()
            listener = Listener(loaded.turns.decoded, tell, stop)
            listener.check()
            row = loaded.row(prompt, seed, options, listener)
            loaded.write([row])
            text = loaded.text(row, prompt)
            listener.end(text)
            return text

    def _ready(self) -> _Loaded:
        if self._loaded is None:
            with no_looking_for_garbage():
                self._loaded = self._load()
        return self._loaded

    def _load(self) -> _Loaded:
        folder = self._weights.path
        if self._weights.is_gguf:
            folder = self._cache / self._weights.digest
            if not is_whole(folder):
                self._notify(f"converting {self.name} once; this takes about a minute")
                convert(self._weights.path, folder)
        check_folder(folder)
        self._notify(f"loading {self.name}")
        if self._engine == "fast":
            # The form of the converted weights has a version of its own.
            key = "-".join(["fast1", self._weights.digest, *([self._adapter.digest] if self._adapter else [])])
            return _Loaded(*load_fast(folder, self._adapter, self._cache / key, self._threads), folder)
        return _Loaded(*load_transformers(folder, self._adapter, self._threads), folder)


class _Loaded:
    """Engine and tokenizer in memory, and what is known of the names they were asked to block."""

    def __init__(self, tokenizer: Any, engine: Engine[Any], folder: Path) -> None:
        self.turns = Turns(tokenizer, folder)
        self._engine = engine
        self._place = f"file {folder}"
        self._spelled = Spelled(self.turns.many, self.turns.joined())
        self._stops, self._joins = self.turns.beginning_with("."), self.turns.joining()
        self._forms: Forms | None = None

    def row(self, prompt: Prompt, seed: int, options: Sampling, listener: Listener | None = None) -> Row:
        """Return a row that is ready to be written; raises ModelError for one that cannot be."""
        turns = self.turns.encode(prompt.messages)
        check_schema(prompt)
        needed = self.turns.data(prompt.messages[-1].content) if prompt.blocked else ()
        row = Row(
            turns,
            seed,
            options,
            block=Blocklist(self._spelled, prompt.blocked, needed) if prompt.blocked else None,
            telling=Telling(prompt.given, self._spelled, self.turns.many, self.turns.decoded) if prompt.given else None,
            stops=self._stops,
            joins=self._joins,
            form=self._form(prompt),
            heard=listener.hear if listener else None,
        )
        if row.length + options.max_new_tokens > self._engine.limit:
            raise ModelError(
                f"{row.length} tokens of prompt and {options.max_new_tokens} of text "
                f"are above the model's {self._engine.limit}",
                place=self._place,
                hint="Lower token_budget, examples or max_new_tokens in the recipe.",
            )
        return row

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows to their ends, side by side."""
        write(self._engine, rows, self._place)

    def text(self, row: Row, prompt: Prompt) -> str:
        """Return what was written; raises ModelAnswerInvalid when it does not fit the prompt's schema."""
        text = self.turns.decoded(row.written)
        check_fits(text, prompt, self._place)
        return text

    def _form(self, prompt: Prompt) -> Callable[[], Form] | None:
        if prompt.schema is None:
            return None
        if self._forms is None:
            self._forms = Forms(self.turns.tokenizer, self._engine.vocabulary, self._engine.ends)
        return partial(self._forms.of, prompt.schema)
