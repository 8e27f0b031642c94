"""Counters of one service for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from kg.store import Store


class Metrics:
    """Counters of one application; each has its own registry, so that tests do not share numbers."""

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self.operations = Counter(
            "mkg_graphql_operations_total",
            "GraphQL operations by type and outcome.",
            ("type", "outcome"),
            registry=self._registry,
        )
        self.errors = Counter("mkg_graphql_errors_total", "Errors by code.", ("code",), registry=self._registry)
        self.seconds = Histogram(
            "mkg_graphql_operation_seconds",
            "Time of GraphQL operations in seconds.",
            ("type",),
            registry=self._registry,
        )
        self.notes = Gauge("mkg_notes_inside", "Notes being written or waiting.", registry=self._registry)
        statements = Gauge("mkg_store_statements", "Statements sent to the database.", registry=self._registry)
        statements.set_function(lambda: float(store.statements_run))

    def text(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)
