"""Where things live and which database is meant; the only place in `kg` that reads the environment."""

from __future__ import annotations

from pathlib import Path

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

    neo4j_uri: str | None = Field(
        None, validation_alias="NEO4J_URI", description="Use this server instead of the embedded one."
    )
    neo4j_user: str = Field("neo4j", validation_alias="NEO4J_USER", description="User of that server.")
    neo4j_password: SecretStr | None = Field(
        None, validation_alias="NEO4J_PASSWORD", description="Password of that server."
    )
    neo4j_database: str = Field("neo4j", validation_alias="NEO4J_DATABASE", description="Database on that server.")


def load_settings(**overrides: object) -> Settings:
    """Return the settings, with options of a command line on top.

    Raises SettingsError naming the variable when a value makes no sense.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "?"
        name = field if field.isupper() else f"MKG_{field.upper()}"
        raise SettingsError(
            f"{name} cannot be {first.get('input')!r}: {first['msg'].lower()}",
            place=f"setting {name}",
            hint="docs/settings.md lists every setting with its meaning and default.",
        ) from error
