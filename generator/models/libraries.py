"""The doorway to torch and transformers: brought in at the last moment, kept off the network, and kept quiet."""

from __future__ import annotations

import importlib.util
import io
import os
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any, Final

from generator.errors import ModelError, ModelMissing, ModelRefused

_LOCK: Final = threading.Lock()
_known: list[Libraries] = []

LOCAL: Final = ("accelerate", "gguf", "numpy", "torch", "transformers")
"""What a model in this process takes, and the next step when one of them is not there."""
LOCAL_HINT: Final = "Run `uv sync --group model` or install mkg[llm]; or set MKG_MODEL_URL to a server."


class Libraries:
    """torch and transformers, told to stay off the network."""

    def __init__(self) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        # Threads that wait for one another sleep instead of spinning: beside Neo4j and requests on the same cores, a
        # text cost seven times the CPU otherwise. It changes no product, so no byte.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        with quiet():
            import torch
            import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        self.torch: Any = torch
        self.transformers: Any = transformers


def libraries() -> Libraries:
    """Return the two libraries; the first call takes seconds."""
    # Only the first import is made quiet, and nobody else is in here meanwhile: what `quiet` changes belongs to the
    # whole process, and two threads inside it could leave the one's silence behind for good.
    with _LOCK:
        if not _known:
            _known.append(Libraries())
        return _known[0]


def check_installed(packages: tuple[str, ...], what: str, hint: str) -> None:
    """Raise ModelMissing for the first of these packages that is not installed; `what` needs it."""
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise ModelMissing(f"{what} needs the package {package}, which is not installed", hint=hint)


@contextmanager
def as_refusal(path: Path) -> Generator[None]:
    """Turn whatever the model library raises about a file into one error that names it."""
    try:
        yield
    except (ModelError, MemoryError):
        raise
    except Exception as error:
        said = (str(error).splitlines() or [""])[0][:200]
        raise ModelRefused(
            f"the model cannot be loaded: {type(error).__name__}: {said}",
            place=f"file {path}",
            hint="The file may be damaged or cut short; fetch it again.",
        ) from error


@contextmanager
def quiet() -> Generator[None]:
    """Keep the model library's warnings and progress bars off the screen; what matters is raised."""
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
