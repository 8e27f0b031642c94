"""XML as it streams by: elements that open and close, with their text and line; no entities, nothing from outside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from kg.sources.checked import fault
from kg.sources.format import Text
from kg.sources.records import Place, Problem

MAX_DEPTH: Final = 100
# Longer text than any name; what follows is not kept, so that one element cannot fill the memory.
_MAX_TEXT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An element begins at this line."""

    name: str
    attributes: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Closed:
    """An element ends at this line; `text` is its own text with single spaces."""

    name: str
    text: str
    line: int


class _TooDeepError(Exception):
    """Elements lie in one another beyond any sense."""


class _Handler(ContentHandler):
    def __init__(self, whole: Collection[str]) -> None:
        super().__init__()
        self.events: list[Opened | Closed] = []
        self.line = lambda: 0
        self._whole = whole
        self._open: list[list[str]] = []
        self._size = 0
        self._inside = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name that SAX calls
        if len(self._open) == MAX_DEPTH:
            raise _TooDeepError
        self._open.append([])
        self._size = 0
        self._inside += name in self._whole
        self.events.append(Opened(name, dict(attrs.items()), self.line()))

    def characters(self, content: str) -> None:
        if self._open and self._size < _MAX_TEXT:
            self._size += len(content)
            self._open[-1].append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        text = "".join(self._open.pop())
        self._inside -= name in self._whole
        if self._inside:
            self._open[-1].append(text)
        self.events.append(Closed(name, " ".join(text.split()), self.line()))


def xml_events(text: Text, whole: Collection[str] = ()) -> Iterator[Opened | Closed | Problem]:
    """Yield the elements in order; damage is a problem and ends it, and so is an entity that the file declares.

    The text of an element named in `whole` holds the text of the elements inside it as well.
    """
    handler = _Handler(whole)
    parser: Any = create_parser(forbid_dtd=False, forbid_entities=True, forbid_external=False)
    # A DTD that is only named, as ClaML does, is not fetched; without entities nothing else can lie outside.
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(handler)
    handler.line = parser.getLineNumber
    problem: Problem | None = None
    try:
        # A file of nothing would not be found wanting else.
        parser.feed("")
        for piece in text.pieces():
            parser.feed(piece)
            yield from handler.events
            handler.events.clear()
        parser.close()
    except SAXParseException as error:
        line = error.getLineNumber() or 1
        problem = _damaged(Place(text.name, line), error.getMessage())
    except SAXException as error:
        problem = _damaged(Place(text.name, 1), error.getMessage())
    except DefusedXmlException:
        place = Place(text.name, parser.getLineNumber() or 1)
        why = "the file declares entities"
        problem = fault(place, "xml-entity", "", why, "Write the text out; entities are never expanded here.")
    except _TooDeepError:
        place = Place(text.name, parser.getLineNumber())
        why = f"elements lie in one another {MAX_DEPTH} deep"
        problem = fault(place, "xml-depth", "", why, "Is this the right file?")
    yield from handler.events
    if problem:
        yield problem


def _damaged(place: Place, why: str) -> Problem:
    return fault(place, "xml-damaged", "", f"the file is not whole XML: {why}", "Fetch the file again.")
