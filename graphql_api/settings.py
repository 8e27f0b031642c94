"""Who may use the service, from where and how much; the only place in `graphql_api` that reads the environment."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graphql_api.access.keys import ApiKey, read_keys
from graphql_api.access.oidc import Issuer, read_algorithms, read_roles
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
        "Roles: viewer, curator, editor, admin. Without any, everybody on this machine may read and generate.",
    )
    oidc_issuer: str | None = Field(
        None, description="Accept tokens of this OIDC issuer beside the keys: the `iss` that they carry."
    )
    oidc_audience: str | None = Field(None, description="The `aud` that a token of the issuer must carry.")
    oidc_jwks: str | None = Field(
        None, description="Where the issuer's public keys are: a file with a JWK set, or its https address."
    )
    oidc_algorithms: Listed = Field(
        ("RS256", "ES256"), description="Signatures that are accepted, separated by commas; no symmetric ones."
    )
    oidc_name_claim: str = Field("sub", description="The claim that names its holder, for good and nobody else.")
    oidc_roles_claim: str = Field(
        "roles", description="The claim that holds the roles: one word or a list; a dot leads inward (`realm.roles`)."
    )
    oidc_roles: Listed = Field(
        ("viewer=viewer", "curator=curator", "editor=editor", "admin=admin"),
        description="What the words of that claim mean here, as `word=role` separated by commas; the highest counts.",
    )
    cors_origins: Listed = Field((), description="Origins of web pages that may call the service, separated by commas.")
    allowed_hosts: Listed = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        description="Names in the Host header that are answered, separated by commas.",
    )
    graphiql: bool = Field(True, description="Serve GraphiQL to browsers at /graphql.")
    introspection: bool = Field(True, description="Answer questions about the schema itself.")
    trusted_documents: Path | None = Field(
        None,
        description="Answer these documents alone: a folder of .graphql files, or a JSON file of ids and texts.",
    )
    persisted_documents: int = Field(
        1000, ge=0, description="Documents kept for clients that send hashes (APQ); 0 switches that off."
    )
    rate_requests: int = Field(0, ge=0, description="Operations that one key may send in a minute; 0 for no limit.")
    rate_cost: int = Field(0, ge=0, description="Cost that one key may spend in a minute; 0 for no limit.")
    max_running: int = Field(256, ge=1, description="Operations at the same time; more are told to come again.")
    max_batch: int = Field(1, ge=1, le=100, description="Operations in one request, as a list; 1 refuses lists.")
    max_streams: int = Field(200, ge=0, description="WebSockets and event streams that may be open at the same time.")
    max_subscriptions: int = Field(10, ge=1, description="Operations that may run on one WebSocket at the same time.")
    stream_idle: float = Field(
        300.0, gt=0, description="Seconds after which a WebSocket without an operation is closed."
    )
    max_exports: int = Field(2, ge=0, description="Exports over HTTP at the same time; 0 switches them off.")
    max_body: int = Field(1024 * 1024, ge=1024, description="Bytes that a request may have.")
    max_tokens: int = Field(2000, ge=100, description="Words and signs that a GraphQL document may have.")
    max_depth: int = Field(14, ge=1, description="Levels that a GraphQL document may have.")
    max_aliases: int = Field(15, ge=0, description="Aliases that an operation may have, fragments unfolded.")
    max_directives: int = Field(50, ge=0, description="Directives that an operation may have, fragments unfolded.")
    max_roots: int = Field(10, ge=1, description="Fields that an operation may have at its top.")
    max_nodes: int = Field(
        20_000, ge=1, description="List items that an operation may ask for, by its `first` arguments."
    )
    max_cost: int = Field(
        50_000,
        ge=1,
        description="Cost that an operation may have: objects and leaves, times the sizes of their lists.",
    )
    max_repeats: int = Field(50, ge=0, description="Fields that may stand once more in the same place of an operation.")
    max_fragments: int = Field(50, ge=0, description="Named fragments that a GraphQL document may have.")
    answer_cache: int = Field(
        64 * 1024 * 1024,
        ge=0,
        description="Bytes of answers that are kept until the graph changes; 0 keeps none.",
    )
    request_deadline: float = Field(
        20.0, gt=0, le=600, description="Seconds that an operation without generation may take."
    )
    unavailable_after: float = Field(
        2.0, gt=0, le=600, description="Seconds for which a database that cannot be reached is tried by one request."
    )
    note_deadline: float = Field(
        600.0, gt=0, le=7200, description="Seconds that one note may take; of `generateNote`, waiting included."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="From which level on the service writes its log, as JSON lines to stderr."
    )
    note_queue: int = Field(4, ge=0, le=100, description="Notes that may wait while one is being written.")
    job_queue: int = Field(8, ge=0, le=1000, description="Jobs that may wait while one is being written.")
    job_notes: int = Field(1000, ge=1, le=100_000, description="Notes that one job may have.")
    jobs_kept: int = Field(100, ge=0, le=10_000, description="Finished jobs that are kept, the newest.")
    job_days: float = Field(30.0, gt=0, le=3650, description="Days for which a finished job is kept.")

    @field_validator("cors_origins", "allowed_hosts", "oidc_algorithms", "oidc_roles", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def keys(self) -> tuple[ApiKey, ...]:
        """The configured keys; raises SettingsError when one is not written as it should be."""
        return read_keys(self.api_keys)

    @property
    def issuer(self) -> Issuer | None:
        """The OIDC issuer, or None; raises SettingsError when only a part of it is told or a part makes no sense."""
        told = {"issuer": self.oidc_issuer, "audience": self.oidc_audience, "jwks": self.oidc_jwks}
        if not any(told.values()):
            return None
        for name, value in told.items():
            if not value:
                raise SettingsError(
                    f"MKG_OIDC_{name.upper()} is not set",
                    place=f"setting MKG_OIDC_{name.upper()}",
                    hint="Tokens need an issuer, an audience and the issuer's keys; docs/graphql.md, Keys.",
                )
        return Issuer(
            issuer=self.oidc_issuer or "",
            audience=self.oidc_audience or "",
            jwks=self.oidc_jwks or "",
            algorithms=read_algorithms(self.oidc_algorithms),
            name_claim=self.oidc_name_claim,
            roles_claim=self.oidc_roles_claim,
            roles=read_roles(self.oidc_roles),
        )


def load_api_settings(*, host: str | None = None, **overrides: object) -> ApiSettings:
    """Return the settings, with options of a command line on top; `host` is where the service will listen.

    Raises SettingsError naming the variable when a value makes no sense, or when the host needs keys and has none.
    """
    settings = read_settings(ApiSettings, overrides)
    # Read once here, so that a badly written key stops the start and not the first request.
    _ = settings.keys, settings.issuer
    if host is None:
        return settings
    check_host(host, settings)
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return settings
    here = f"[{host}]" if ":" in host else host
    return settings.model_copy(update={"allowed_hosts": (*settings.allowed_hosts, here)})


def check_host(host: str, settings: ApiSettings) -> None:
    """Raise SettingsError when the service would be open to a network without a key."""
    if not settings.keys and settings.issuer is None and not is_loopback(host):
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
    issuer = f" Tokens of {settings.oidc_issuer} are accepted." if settings.issuer else ""
    if settings.keys:
        names = ", ".join(f"{key.name} ({key.role.name.lower()})" for key in settings.keys)
        return f"API keys: {names}. Every request needs one.{issuer}"
    if issuer:
        return f"No API keys are configured.{issuer} Every request needs one."
    return (
        "No API keys are configured: reading and generation only, from this machine only. Set MKG_API_KEYS to curate."
    )
