"""The evidence that stands behind what an expert says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.changes import AUTHORITY, CURATION
from kg.errors import CurationError
from kg.values import NOTHING, Evidence

# There is one way to curate so far; a later one that means something else will have another number.
_VERSION: Final = "1"

# What evidence says; two people who say the same from the same place say it once.
SAYING: Final = ("source", "reference", "snippet", "direction", "claims")


def curated(
    reference: str,
    *,
    by: str,
    claims: Mapping[str, Any] = NOTHING,
    snippet: str | None = None,
    against: bool = False,
    licence: str = "Apache-2.0",
) -> Evidence:
    """Return a curator's evidence: `reference` says where it can be read, for instance `PMID:123`."""
    direction = "against" if against else "for"
    return Evidence(CURATION, _VERSION, licence, reference, by, snippet, direction, claims)


def check_spoken(evidence: Evidence) -> None:
    """Raise CurationError when a person cannot bring this evidence."""
    reserved = sorted(source for source in AUTHORITY if source != CURATION)
    if evidence.source in reserved:
        raise CurationError(
            f"{evidence.source!r} is not a person's to speak for",
            hint=f"Name {CURATION!r} as the source, and say in the reference where it can be read.",
        )
    if evidence.direction == "against" and evidence.claims:
        raise CurationError(
            f"evidence against an edge cannot claim {', '.join(sorted(evidence.claims))}",
            hint="Leave the properties out, or bring evidence for the edge with the value you believe.",
        )


def as_json(evidence: Evidence) -> dict[str, Any]:
    """Return the evidence as a proposal keeps it."""
    return {
        "source": evidence.source,
        "version": evidence.version,
        "licence": evidence.licence,
        "reference": evidence.reference,
        "asserted_by": evidence.asserted_by,
        "snippet": evidence.snippet,
        "direction": evidence.direction,
        "claims": dict(sorted(evidence.claims.items())),
    }


def of_json(row: Mapping[str, Any]) -> Evidence:
    """Read the evidence of a proposal back."""
    return Evidence(**row)
