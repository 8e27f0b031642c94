"""Which programs wrote a run."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Final

# Those that have a say in what is written; one that is not installed is left out.
_PACKAGES: Final = (
    "mkg",
    "torch",
    "transformers",
    "peft",
    "openvino",
    "xgrammar",
    "pyarrow",
    "snowballstemmer",
    "rapidfuzz",
    "wordfreq",
    "jinja2",
    "orjson",
)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
