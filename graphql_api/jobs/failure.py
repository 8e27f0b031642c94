"""Why a job failed, as it is kept and told: never the inside of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql_api.problems import ApiError, code_of, extensions_of, masked
from kg.errors import KgError


class NoteFailed(ApiError):
    """A note was not written; `told` has the reason as a job keeps it."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told["code"], told["message"], hint=told.get("hint"), retry_after=told.get("retryAfter"))
        self.told = told


def told(error: Exception, job_id: str) -> dict[str, Any]:
    """Return what is kept of a failure; one that nobody expected is logged under a short id."""
    code = code_of(error)
    if code is None:
        hidden = masked(error, job_id)
        return {"message": hidden["message"], **hidden["extensions"]}
    found = {"message": getattr(error, "message", str(error)), **extensions_of(error, code)}
    return {**found, "place": error.place} if isinstance(error, KgError) and error.place else found
