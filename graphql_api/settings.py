"""Who may use the service, from where and how much; the only place in `graphql_api` that reads the environment."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graphql_api.keys import ApiKey, read_keys
from kg.errors import SettingsError
from kg.settings import read_settings

Listed = Annotated[tuple[str, ...], NoDecode]


class ApiSettings(BaseSettings):
    """Settings of the service, read from `MKG_*` variables and a `.env` file."""

    model_config = SettingsConfigDict(env_prefix="MKG_", env_file=".env", extra="ignore", frozen=True)

    api_keys: str = Field(
        "",
        repr=False,
        description="Keys as `name:role:sha256` with an optional `:YYYY-MM-DD` (last day), by spaces or commas. "
        "Roles: viewer, curator, editor. Without any, everybody on this machine may read and generate.",
    )
    cors_origins: Listed = Field((), description="Origins of web pages that may call the service, separated by commas.")
    allowed_hosts: Listed = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        description="Names in the Host header that are answered, separated by commas.",
    )
    graphiql: bool = Field(True, description="Serve GraphiQL to browsers at /graphql.")
    introspection: bool = Field(True, description="Answer questions about the schema itself.")
    max_body: int = Field(1024 * 1024, ge=1024, description="Bytes that a request may have.")
    max_tokens: int = Field(2000, ge=100, description="Words and signs that a GraphQL document may have.")
    max_depth: int = Field(14, ge=1, description="Levels that a GraphQL document may have.")
    max_aliases: int = Field(15, ge=0, description="Aliases that an operation may have, fragments unfolded.")
    max_directives: int = Field(50, ge=0, description="Directives that an operation may have, fragments unfolded.")
    max_roots: int = Field(10, ge=1, description="Fields that an operation may have at its top.")
    max_nodes: int = Field(
        20_000, ge=1, description="List items that an operation may ask for, by its `first` arguments."
    )
    request_deadline: float = Field(
        20.0, gt=0, le=600, description="Seconds that an operation without generation may take."
    )
    note_deadline: float = Field(
        600.0, gt=0, le=7200, description="Seconds that `generateNote` may take, waiting included."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="From which level on the service writes its log, as JSON lines to stderr."
    )
    note_queue: int = Field(4, ge=0, le=100, description="Notes that may wait while one is being written.")

    @field_validator("cors_origins", "allowed_hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def keys(self) -> tuple[ApiKey, ...]:
        """The configured keys; raises SettingsError when one is not written as it should be."""
        return read_keys(self.api_keys)


def load_api_settings(*, host: str | None = None, **overrides: object) -> ApiSettings:
    """Return the settings, with options of a command line on top; `host` is where the service will listen.

    Raises SettingsError naming the variable when a value makes no sense, or when the host needs keys and has none.
    """
    settings = read_settings(ApiSettings, overrides)
    # Read once here, so that a badly written key stops the start and not the first request.
    _ = settings.keys
    if host is None:
        return settings
    check_host(host, settings)
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return settings
    here = f"[{host}]" if ":" in host else host
    return settings.model_copy(update={"allowed_hosts": (*settings.allowed_hosts, here)})


def check_host(host: str, settings: ApiSettings) -> None:
    """Raise SettingsError when the service would be open to a network without a key."""
    if not settings.keys and not is_loopback(host):
        raise SettingsError(
            f"without API keys the service may not listen on {host}",
            place="setting MKG_API_KEYS",
            hint="Make a key (docs/graphql.md, Keys), or listen on 127.0.0.1.",
        )


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach that host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def access_notice(settings: ApiSettings) -> str:
    """Return the sentence about access that is said at the start of the service."""
    if settings.keys:
        names = ", ".join(f"{key.name} ({key.role.name.lower()})" for key in settings.keys)
        return f"API keys: {names}. Every request needs one."
    return (
        "No API keys are configured: reading and generation only, from this machine only. Set MKG_API_KEYS to curate."
    )
