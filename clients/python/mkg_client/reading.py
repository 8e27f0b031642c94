"""What a program reads: diseases page by page, suggestions while somebody types, and why something is believed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from .generated.client import MkgClient
from .generated.diseases import DiseasesDiseasesNodes
from .generated.enums import Kind
from .generated.evidence import EvidenceDisease
from .generated.input_types import DiseaseFilter
from .generated.search import SearchSearch


async def diseases(
    client: MkgClient, where: DiseaseFilter | None = None, page_size: int = 50
) -> AsyncIterator[DiseasesDiseasesNodes]:
    """Yield the diseases that `where` means with their strongest symptoms, a page at a time as the caller goes on."""
    after: str | None = None
    while True:
        page = (await client.diseases(first=page_size, after=after, where=where)).diseases
        for disease in page.nodes:
            yield disease
        if not page.page_info.has_next_page:
            return
        after = page.page_info.end_cursor


class Typeahead:
    """Suggestions for a field that somebody types into."""

    def __init__(self, client: MkgClient, kinds: Sequence[Kind], pause: float = 0.08) -> None:
        """`pause` is how many seconds without a key have to pass before the service is asked."""
        self._client = client
        self._kinds = list(kinds)
        self._pause = pause
        self._asking: asyncio.Task[list[SearchSearch]] | None = None

    async def typed(self, text: str) -> list[SearchSearch] | None:
        """Return what `text` may mean, or None when more was typed meanwhile: the question is then taken back."""
        if self._asking is not None:
            self._asking.cancel()
        asking = self._asking = asyncio.create_task(self._ask(text))
        await asyncio.wait((asking,))
        return None if asking.cancelled() else asking.result()

    async def _ask(self, text: str) -> list[SearchSearch]:
        await asyncio.sleep(self._pause)
        return (await self._client.search(text=text, kinds=self._kinds)).search


async def evidence(client: MkgClient, icd10: str) -> EvidenceDisease | None:
    """Return a disease and the evidence of its strongest symptoms; None when the code is not in the graph."""
    return (await client.evidence(icd_10=icd10)).disease
