"""Where things live and which database is meant; the only place in `kg` that reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import SettingsError


class Settings(BaseSettings):
    """Settings of the graph, read from `MKG_*` and `NEO4J_*` variables and a `.env` file."""

    model_config = SettingsConfigDict(env_prefix="MKG_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("mkg"),
        description="Everything that must not be lost: the database, its password, its logs.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("mkg"),
        description="Everything that can be made again: the server's jars, the converted model.",
    )
    bolt_port: int = Field(
        7687, ge=0, le=65535, description="Port of the embedded Neo4j on loopback; 0 takes a free one."
    )
    heap: str = Field("1g", pattern=r"^\d+[mg]$", description="Java heap of the embedded Neo4j.")
    page_cache: str = Field("256m", pattern=r"^\d+[mg]$", description="Page cache of the embedded Neo4j.")
    deadline: float = Field(
        10.0, gt=0, le=3600, description="Seconds that one database request may take, retries included."
    )
    question_cost: int = Field(
        1_000_000, ge=1_000, description="Edges that one question may read, by the estimate made before it is asked."
    )

    neo4j_uri: str | None = Field(
        None, validation_alias="NEO4J_URI", description="Use this server instead of the embedded one."
    )
    neo4j_user: str = Field("neo4j", validation_alias="NEO4J_USER", description="User of that server.")
    neo4j_password: SecretStr | None = Field(
        None, validation_alias="NEO4J_PASSWORD", description="Password of that server."
    )
    neo4j_database: str = Field("neo4j", validation_alias="NEO4J_DATABASE", description="Database on that server.")


Kind = TypeVar("Kind", bound=BaseSettings)


def load_settings(**overrides: object) -> Settings:
    """Return the settings, with options of a command line on top.

    Raises SettingsError naming the variable when a value makes no sense.
    """
    return read_settings(Settings, overrides)


def read_settings(kind: type[Kind], overrides: Mapping[str, object]) -> Kind:
    """Return one package's settings from its variables, with what is given (and not None) on top.

    Raises SettingsError naming the variable when a value makes no sense; a secret is never repeated in it.
    """
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "?"
        name = field if field.isupper() else f"MKG_{field.upper()}"
        secret = "PASSWORD" in name or "KEY" in name
        value = "what it is set to" if secret else repr(first.get("input"))
        raise SettingsError(
            f"{name} cannot be {value}: {first['msg'].lower()}",
            place=f"setting {name}",
            hint="docs/settings.md lists every setting with its meaning and default.",
        ) from error
