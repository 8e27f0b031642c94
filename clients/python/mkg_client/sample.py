"""Shows each part of the client once. Words: diseases, search, evidence, notes; without any, all four."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import httpx
from websockets.exceptions import WebSocketException

from .connection import Refusal, connected, refusal
from .generated.client import MkgClient
from .generated.enums import Kind
from .generated.exceptions import GraphQLClientGraphQLMultiError, GraphQLClientHttpError
from .generated.input_types import (
    DiseaseFilter,
    DiseaseSymptomsFilter,
    DiseaseSymptomsMatch,
    NameFilter,
    StartNotesInput,
    SymptomFilter,
)
from .notes import Ended, NoteDone, Progressed, Token, start_notes, watch_notes
from .reading import Typeahead, diseases, evidence


async def show_diseases(client: MkgClient) -> None:
    """Print the diseases with a cough."""
    cough = DiseaseSymptomsMatch(node=SymptomFilter(name=NameFilter(eq="cough")))
    where = DiseaseFilter(symptoms=DiseaseSymptomsFilter(some=cough))
    async for disease in diseases(client, where, page_size=2):
        symptoms = [f"{edge.node.name} {_weight(edge.weight)}" for edge in disease.symptoms.edges]
        print(f"{disease.id} {disease.name}: {', '.join(symptoms)}")


async def show_search(client: MkgClient) -> None:
    """Print what is suggested to somebody who types faster than answers come."""
    typeahead = Typeahead(client, [Kind.DISEASE])
    for hits in await asyncio.gather(*(typeahead.typed(text) for text in ("b", "bron", "bronch"))):
        print("typed on" if hits is None else ", ".join(f"{hit.matched} ({hit.node.id})" for hit in hits))


async def show_evidence(client: MkgClient) -> None:
    """Print why acute bronchitis is believed to have its symptoms."""
    disease = await evidence(client, "J20")
    for edge in disease.symptoms.edges if disease else ():
        print(f"{disease.name if disease else ''}: {edge.node.name} {_weight(edge.weight)}")
        for item in edge.evidence:
            print(f"  {item.direction.value} {item.source} {item.version}: {item.reference}")


async def show_notes(client: MkgClient) -> None:
    """Print two notes while they are written."""
    job = await start_notes(client, StartNotesInput(icd10=["J20"], number=2, seed=7))
    preview = False
    async for event in watch_notes(client, job):
        if preview and not isinstance(event, Token):
            print()
        preview = isinstance(event, Token)
        match event:
            case Progressed():
                print(f"{event.job.status.value}, {event.job.progress.done} of {event.job.progress.total}")
            case Token():
                print(event.text, end="", flush=True)
            case NoteDone():
                print(f"note {event.note_index}: {event.note.text}")
                print("  facts: " + ", ".join(f"{fact.edge_id} {fact.told}" for fact in event.note.facts))
            case Ended():
                error = event.job.error.message if event.job.error else ""
                print(f"ended: {event.job.status.value} {error}".rstrip())


def _weight(weight: float | None) -> str:
    return "?" if weight is None else f"{weight:g}"


PARTS: Final[Mapping[str, Callable[[MkgClient], Awaitable[None]]]] = {
    "diseases": show_diseases,
    "search": show_search,
    "evidence": show_evidence,
    "notes": show_notes,
}


async def main(words: Sequence[str]) -> int:
    """Show the named parts; return 0, or 1 when the service said no, or 2 for an unknown word."""
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        print(f'There is no part "{unknown[0]}"; the parts are {", ".join(PARTS)}.', file=sys.stderr)
        return 2
    address = os.environ.get("MKG_URL", "http://127.0.0.1:8000/graphql")
    try:
        async with connected(address, os.environ.get("MKG_KEY")) as client:
            for word in words or PARTS:
                print(f"== {word}")
                await PARTS[word](client)
    except Refusal as error:
        print(error, file=sys.stderr)
        return 1
    except (GraphQLClientGraphQLMultiError, GraphQLClientHttpError) as error:
        print(refusal(error), file=sys.stderr)
        return 1
    except (httpx.HTTPError, WebSocketException, OSError) as error:
        print(f"{address} does not answer: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
