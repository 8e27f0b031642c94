"""The official driver and py2neo, opened by the same call on the same settings, answer alike."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import mkg
from kg.errors import SettingsError
from kg.settings import Settings

pytestmark = pytest.mark.neo4j

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture(params=["neo4j", "py2neo"])
def run(request: pytest.FixtureRequest, neo4j_server: Settings) -> Iterator[Run]:
    """Run Cypher through one of the clients and return rows."""
    given = neo4j_server.model_dump(include={"data_dir", "cache_dir", "bolt_port"})
    if request.param == "neo4j":
        with mkg.connect("neo4j", **given) as driver:
            yield lambda text, **values: [row.data() for row in driver.execute_query(text, values).records]
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = mkg.connect("py2neo", **given)
        yield lambda text, **values: graph.run(text, values).data()
        graph.service.connector.close()


def test_values_come_back_as_they_went(run: Run) -> None:
    sent = {"text": 'жар, "кашель"', "number": 7, "share": 0.25, "list": [1, 2], "none": None, "map": {"a": [True]}}
    assert run("RETURN $sent AS sent", sent=sent) == [{"sent": sent}]


def test_rows_keep_their_order(run: Run) -> None:
    assert [row["n"] for row in run("UNWIND range(1, 5) AS n RETURN n ORDER BY n DESC")] == [5, 4, 3, 2, 1]


def test_a_write_is_read_back_and_removed(run: Run) -> None:
    run("CREATE (:ClientTest {name: $name})", name="contract")
    assert run("MATCH (n:ClientTest) RETURN n.name AS name") == [{"name": "contract"}]
    run("MATCH (n:ClientTest) DELETE n")
    assert run("MATCH (n:ClientTest) RETURN count(n) AS left") == [{"left": 0}]


def test_faulty_cypher_is_an_error(run: Run) -> None:
    with pytest.raises(Exception, match=r"(?i)syntax|invalid"):
        run("RETRN 1")


def test_py2neo_warns_that_it_is_at_its_end(neo4j_server: Settings) -> None:
    given = neo4j_server.model_dump(include={"data_dir", "cache_dir", "bolt_port"})
    with pytest.warns(FutureWarning, match="end of life"):
        graph = mkg.connect("py2neo", **given)
    graph.service.connector.close()


def test_another_client_is_refused() -> None:
    with pytest.raises(SettingsError, match="no client"):
        mkg.connect("orm")  # pyright: ignore[reportCallIssue, reportArgumentType]
