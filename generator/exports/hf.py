"""Notes as a folder of the Hugging Face hub's layout: Parquet shards, and a card that says what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import resources
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import jinja2
import yaml

from generator.exports.columns import FLAT, Column
from generator.exports.parquet import write_parquet
from generator.exports.tally import Tally

# Notes of one shard: about 100 MB.
SHARD: Final = 100_000
# What such a folder holds, for overwriting it without harm.
HOLDS: Final = ("README.md", "data/train-*.parquet")

# What a card says of each kind of rows: the hub's tasks, tags, and the template.
_KINDS: Final = {
    "notes": (
        ("text-generation", "text-classification", "token-classification"),
        ("clinical-notes",),
        "card.md.jinja",
    ),
    "tasks": (("question-answering", "text-generation"), ("instructions",), "tasks.md.jinja"),
}

# The hub's words for how many rows there are: fewer than the number.
_SIZES: Final = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"))


def write_shards(notes: Iterable[Any], folder: Path, shard: int = SHARD, columns: Sequence[Column] = FLAT) -> None:
    """Write `data/train-00000.parquet` and so on; without notes one shard with no rows."""
    data = folder / "data"
    data.mkdir()
    waiting, number, first = iter(notes), 0, 0
    while (head := next(waiting, None)) is not None or number == 0:
        part = chain([head], islice(waiting, shard - 1)) if head is not None else iter(())
        first += write_parquet(part, data / f"train-{number:05}.parquet", columns, first)
        number += 1


def card(
    tally: Tally,
    *,
    title: str,
    licence: str,
    hashes: dict[str, str],
    columns: Sequence[Column] = FLAT,
    kind: str = "notes",
) -> str:
    """Return the text of README.md: front matter for the hub, then what a reader has to know of `notes` or `tasks`."""
    tasks, tags, template = _KINDS[kind]
    front = {
        "pretty_name": title,
        "license": licence,
        "language": sorted(tally.values["language"]),
        "size_categories": [size_of(tally.written)],
        "task_categories": list(tasks),
        "tags": ["synthetic", "medical", *tags, "knowledge-graph"],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": "data/train-*.parquet"}]}],
    }
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=1000)
    values: dict[str, Any] = {
        name: sorted(seen.items(), key=lambda item: (-item[1], item[0])) for name, seen in tally.values.items()
    }
    body = _template(template).render(
        title=title,
        tally=tally,
        values=values,
        columns=columns,
        licence=licence,
        hashes=hashes,
        mean=round(tally.words / tally.written) if tally.written else 0,
    )
    return f"---\n{head}---\n{body}"


def size_of(rows: int) -> str:
    """Return the hub's word for a number of rows."""
    return next((word for limit, word in _SIZES if rows < limit), "n>10M")


def plain(text: str) -> str:
    """Return a text that may stand in a line or a table of Markdown: no mark-up, no HTML, no line break."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&~])", r"\\\1", " ".join(text.split()))


def _template(name: str) -> jinja2.Template:
    text = (resources.files("generator") / "exports" / name).read_text(encoding="utf-8")
    # Markdown, not HTML: what is filled in goes through `plain`.
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    environment.filters["plain"] = plain
    return environment.from_string(text)
