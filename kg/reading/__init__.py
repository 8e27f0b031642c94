"""The reading side of the graph: single nodes, pages, neighbours of many nodes at once, search and evidence."""

from kg.reading.condition import Condition
from kg.reading.lists import NodeList, Step, Window
from kg.reading.lucene import MAX_SEARCH
from kg.reading.order import Key, Order, Place
from kg.reading.reader import Reader
from kg.reading.records import EvidenceRecord, Found, Moment, Neighbour, Page, Spread, Summary

__all__ = [
    "MAX_SEARCH",
    "Condition",
    "EvidenceRecord",
    "Found",
    "Key",
    "Moment",
    "Neighbour",
    "NodeList",
    "Order",
    "Page",
    "Place",
    "Reader",
    "Spread",
    "Step",
    "Summary",
    "Window",
]
