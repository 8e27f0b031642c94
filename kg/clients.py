"""The doorway for notebooks: ready clients of the official driver and of py2neo on the same settings."""

from __future__ import annotations

import warnings
from typing import Any

import neo4j

from kg.errors import SettingsError
from kg.store import Address


def driver(address: Address) -> neo4j.Driver:
    """Return a synchronous official driver, signed in; the caller closes it."""
    return neo4j.GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), user_agent="mkg", telemetry_disabled=True
    )


def py2neo_graph(address: Address) -> Any:
    """Return a real `py2neo.Graph`, signed in.

    Raises SettingsError when the extra is not installed, or when the address is a routed one that needs certificates
    py2neo cannot check.
    """
    try:
        import py2neo
    except ImportError as error:
        raise SettingsError("py2neo is not installed", hint="Install the extra: pip install 'mkg[py2neo]'.") from error
    warnings.warn(
        "py2neo is at end of life and does not retry; use it in notebooks and loaders, not in a service",
        FutureWarning,
        stacklevel=3,
    )
    return py2neo.Graph(address.uri, auth=(address.user, address.password), name=address.database)
