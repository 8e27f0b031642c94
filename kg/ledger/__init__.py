"""The only way to write: every change to the graph is part of a change set, kept with what was there before."""

from kg.ledger.book import Ledger, Recorded
from kg.ledger.bulk import Bulk
from kg.ledger.draft import Draft, Place

__all__ = ["Bulk", "Draft", "Ledger", "Place", "Recorded"]
