"""Which model writes, and where recipes lie; the only place in `generator` that reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.settings import read_settings


class GeneratorSettings(BaseSettings):
    """Settings of the generator, read from `MKG_*` variables and a `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix="MKG_", env_file=".env", extra="ignore", frozen=True, protected_namespaces=()
    )

    model: str = Field(
        "smollm2",
        min_length=1,
        description="Model that writes: smollm2, a LLaMA folder, a GGUF file, or the name that a server knows.",
    )
    model_url: str | None = Field(None, description="OpenAI-compatible server, for instance http://127.0.0.1:8080/v1.")
    model_api_key: SecretStr | None = Field(None, description="Key that the server at MKG_MODEL_URL asks for.")
    model_timeout: float = Field(
        120.0, gt=0, le=3600, description="Seconds that one text may take at the server, retries included."
    )
    model_threads: int = Field(
        2,
        ge=1,
        le=256,
        description="Threads of a local model; part of what makes a note repeatable, so not taken from the machine.",
    )
    model_batch: int = Field(
        8, ge=1, le=256, description="Texts written side by side, or requests in flight; changes no local model's text."
    )
    model_engine: Literal["transformers", "fast"] = Field(
        "transformers", description="What runs a local model: transformers, or the fast engine of mkg[fast]."
    )
    model_adapter: str = Field(
        "", description="Folder of a LoRA adapter; `none` for the bare model; if not set, the one shipped for it."
    )
    recipes: Path | None = Field(
        None, description="Folder with recipes of your own; they come before those that are shipped."
    )


def load_generator_settings(**overrides: object) -> GeneratorSettings:
    """Return the settings, with options of a command line on top.

    Raises SettingsError naming the variable when a value makes no sense.
    """
    return read_settings(GeneratorSettings, overrides)
