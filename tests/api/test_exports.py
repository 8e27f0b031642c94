"""The graph as files over HTTP: whole, filtered, packed, and never a part that looks whole."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import httpx
import pytest

from graphql_api.settings import load_api_settings
from kg.export import export
from kg.graph import Graph

from .conftest import KEYS, Serve, keyed

pytestmark = pytest.mark.neo4j


def read(path: Path) -> bytes:
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "format", "file"),
    [
        ("graph.jsonl", "jsonl", "."),
        ("nodes.tsv", "kgx", "nodes.tsv"),
        ("edges.tsv", "kgx", "edges.tsv"),
        ("nodes.jsonl", "kgx-jsonl", "nodes.jsonl"),
        ("edges.jsonl", "kgx-jsonl", "edges.jsonl"),
    ],
)
async def test_a_file_is_what_the_command_writes(
    graph: Graph, serve: Serve, tmp_path: Path, name: str, format: str, file: str
) -> None:
    whole = tmp_path / "whole"
    written = await export(graph.store, format, whole)
    client = serve(graph)
    answer = await client.http.get(f"/exports/{name}")
    packed = await client.http.get(f"/exports/{name}.gz")
    assert answer.status_code == 200
    assert answer.headers["x-graph-release"] == written.release
    assert answer.content == read(whole / file if file != "." else whole)
    assert gzip.decompress(packed.content) == answer.content
    assert name in answer.headers["content-disposition"]


async def test_kinds_and_licences_are_chosen_as_by_the_command(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    whole = tmp_path / "some.jsonl"
    await export(graph.store, "jsonl", whole, only=("Drug", "TREATS", "Disease"), without=("PublicDomain",))
    chosen = {"kind": ["Drug", "TREATS", "Disease"], "without": "PublicDomain"}
    answer = await serve(graph).http.get("/exports/graph.jsonl", params=chosen)
    assert answer.content == read(whole)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("graph.jsonl?kind=Nothing", 400),
        ("graph.jsonl?without=Nothing", 400),
        ("graph.jsonl?what=1", 400),
        ("graph.jsonl?" + "kind=Drug&" * 200, 400),
        ("graph.parquet", 404),
        ("..%2f..%2fetc%2fpasswd", 404),
    ],
)
async def test_what_cannot_be_chosen_is_refused(graph: Graph, serve: Serve, address: str, status: int) -> None:
    answer = await serve(graph).http.get(f"/exports/{address}")
    assert answer.status_code == status
    if "errors" in answer.text:
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_exports_need_a_key_when_the_service_does(graph: Graph, serve: Serve) -> None:
    client = serve(graph, settings=keyed())
    assert (await client.http.get("/exports/graph.jsonl")).status_code == 401
    allowed = {"authorization": f"Bearer {KEYS['vera'][0]}"}
    assert (await client.http.get("/exports/graph.jsonl", headers=allowed)).status_code == 200
    assert (await client.http.post("/exports/graph.jsonl", headers=allowed)).status_code == 405


async def test_exports_can_be_switched_off(graph: Graph, serve: Serve) -> None:
    client = serve(graph, settings=load_api_settings(max_exports=0))
    assert (await client.http.get("/exports/graph.jsonl")).status_code == 404


async def test_the_files_are_listed(graph: Graph, serve: Serve) -> None:
    assert "graph.jsonl.gz" in (await serve(graph).http.get("/exports")).json()["exports"]


async def test_a_graph_that_changes_meanwhile_breaks_the_transfer_off(
    own_graph: Graph, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["kg.export.export"]
    first = module.node_rows

    async def changing(store, chosen):  # type: ignore[no-untyped-def]
        async for row in first(store, chosen):
            yield row
        by = {"by": "edda"}
        proposal = await own_graph.desk.propose_name("DOID:552", "en", "lung fever", reference="r", **by)
        await own_graph.desk.accept(proposal.id, by="egon")

    monkeypatch.setattr(module, "node_rows", changing)
    with pytest.raises((httpx.HTTPError, AssertionError)):
        await serve(own_graph).http.get("/exports/graph.jsonl")


async def test_sources_that_are_left_out_take_their_nodes_out_of_the_edges_too(graph: Graph, serve: Serve) -> None:
    answer = await serve(graph).http.get("/exports/edges.jsonl", params={"without": "PublicDomain"})
    assert answer.status_code == 200
    assert [json.loads(line) for line in answer.text.splitlines()] == []
