"""Counters of one service for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from kg.store import Store

# Seconds: reads are answered in milliseconds, notes in minutes.
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600)


class Metrics:
    """Counters of one application; each has its own registry, so that tests do not share numbers."""

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self._operations = Counter(
            "mkg_graphql_operations_total",
            "GraphQL operations by type and outcome.",
            ("type", "outcome"),
            registry=self._registry,
        )
        self._errors = Counter("mkg_graphql_errors_total", "Errors by code.", ("code",), registry=self._registry)
        self._seconds = Histogram(
            "mkg_graphql_operation_seconds",
            "Time of GraphQL operations in seconds.",
            ("type",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.left = Counter(
            "mkg_graphql_clients_left_total", "Operations stopped because their client left.", registry=self._registry
        )
        self.gauge("mkg_store_statements", "Statements sent to the database.", lambda: store.statements_run)
        self.gauge("mkg_store_connections_used", "Connections to the database in use.", lambda: store.connections_used)
        # Looked up once for each type, not once for each operation.
        self._of_type = cache(self._children)

    def gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Tell a number that is looked up when somebody asks."""
        Gauge(name, meaning, registry=self._registry).set_function(value)

    def operation(self, kind: str, codes: Sequence[str], seconds: float) -> None:
        """Count one operation of that type, the codes of its errors and its time."""
        ok, failed, times = self._of_type(kind)
        (failed if codes else ok).inc()
        times.observe(seconds)
        for code in codes:
            self._errors.labels(code).inc()

    def _children(self, kind: str) -> tuple[Any, Any, Any]:
        counts = self._operations
        return counts.labels(kind, "ok"), counts.labels(kind, "error"), self._seconds.labels(kind)

    def text(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)
