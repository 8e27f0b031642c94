"""A finding: something in the graph that a person should look at, under an id that stays the same from run to run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""From the gravest to the mildest."""

_ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: the rule it breaks, what it is about, what is wrong and what to do.

    `subject` are the ids it is about, in the order the message names them. An `error` makes the check fail; a
    `warning` asks for a decision; a `note` is good to know, and nothing has to be done.
    """

    id: str
    rule: str
    severity: Severity
    subject: tuple[str, ...]
    message: str
    fix: str


def finding(rule: str, severity: Severity, subject: str | Iterable[str], message: str, fix: str) -> Finding:
    """Return a finding under the id of its rule and subjects; neither their order nor the message changes the id."""
    subjects = (subject,) if isinstance(subject, str) else tuple(subject)
    return Finding(finding_id(rule, subjects), rule, severity, subjects, message, fix)


def finding_id(rule: str, subjects: Iterable[str]) -> str:
    """Return the id of a finding, for instance `F:3b0c44298fc1`: `F:` and 12 hex digits of the SHA-256 of both."""
    told = "\x1f".join((rule, *sorted(subjects)))
    return f"F:{hashlib.sha256(told.encode()).hexdigest()[:_ID_LENGTH]}"


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings each once, the gravest first, then by rule and subject."""
    each = {item.id: item for item in findings}
    return tuple(sorted(each.values(), key=lambda item: (SEVERITIES.index(item.severity), item.rule, item.subject)))
