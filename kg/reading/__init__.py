"""The reading side of the graph: single nodes, pages, neighbours of many nodes at once, search and evidence."""

from kg.reading.ask import Condition, Order, Place
from kg.reading.lucene import MAX_SEARCH
from kg.reading.reader import Reader
from kg.reading.records import EvidenceRecord, Found, Neighbour, Page

__all__ = ["MAX_SEARCH", "Condition", "EvidenceRecord", "Found", "Neighbour", "Order", "Page", "Place", "Reader"]
