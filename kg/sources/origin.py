"""What every evidence of one source has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kg.sources.format import Part
from kg.sources.records import Record
from kg.values import NOTHING, Evidence


@dataclass(frozen=True, slots=True)
class Origin:
    """What every evidence of one source has in common."""

    source: str
    version: str
    licence: str
    asserted_by: str

    def evidence(
        self, reference: str, claims: Mapping[str, str | float] = NOTHING, snippet: str | None = None
    ) -> Evidence:
        """Return the evidence for one statement of this source."""
        return Evidence(
            self.source, self.version, self.licence, reference, self.asserted_by, snippet=snippet, claims=claims
        )

    def part(self, records: Callable[[], Iterator[Record]]) -> Part:
        """Return the part that these records make."""
        return Part(self.source, self.version, self.licence, records)
