"""mkg: a medical knowledge graph that writes clinical text in which every fact points back to the graph."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any, Literal, overload

from kg.clients import driver, py2neo_graph
from kg.connect import address_of
from kg.errors import SettingsError
from kg.settings import load_settings

if TYPE_CHECKING:
    import neo4j

__all__ = ["__version__", "connect"]

__version__ = metadata.version("mkg")


@overload
def connect(client: Literal["neo4j"] = "neo4j", **settings: Any) -> neo4j.Driver: ...
@overload
def connect(client: Literal["py2neo"], **settings: Any) -> Any: ...
def connect(client: str = "neo4j", **settings: Any) -> Any:
    """Return a client of the graph for a notebook or a loader, on the same settings as the command.

    `client` is "neo4j" (a synchronous `neo4j.Driver`) or "py2neo" (a real `py2neo.Graph`). Settings such as
    `data_dir` may be given by name; the embedded server is started when it is not running.
    Raises SettingsError, EmbeddedError or StoreUnavailable.
    """
    makers = {"neo4j": driver, "py2neo": py2neo_graph}
    if client not in makers:
        raise SettingsError(f"there is no client {client!r}", hint=f"Clients: {', '.join(makers)}.")
    return makers[client](address_of(load_settings(**settings)))
