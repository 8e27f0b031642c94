"""Every example of docs/graphql.md is run, and its answer holds something."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from graphql_api.settings import ApiSettings
from kg.embedding import embed
from kg.graph import Graph
from mkg.telling import Teller
from tests.unit.kg.embedding.bag import Bag

from .conftest import Serve, keyed
from .test_curating import FakeWriter

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "graphql.md").read_text("utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```", PAGE, flags=re.DOTALL)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if value is None else [value]


def test_there_are_queries_mutations_and_a_subscription() -> None:
    assert len(EXAMPLES) >= 16
    assert [example for example in EXAMPLES if example.startswith("subscription")]


@pytest.mark.neo4j
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("{")[0].split("(")[0].strip())
async def test_an_example_is_answered(graph: Graph, serve: Serve, example: str) -> None:
    if "semanticSearch" in example:
        graph = Graph(graph.store, encoder=Bag)
        await embed(graph.store, Bag(), progress=lambda *_: None)
    client = serve(graph, FakeWriter(), keyed(), Teller(graph, None))
    variables: dict[str, Any] = {}
    if "$id: ID!" in example:
        start = 'mutation { startNotes(input: { icd10: ["J20"], number: 2 }) { job { id } } }'
        variables["id"] = (await client.data(start, by="carl"))["startNotes"]["job"]["id"]
    if example.startswith("subscription"):
        events = [content["data"]["jobProgress"] for content in await client.events(example, variables, by="carl")]
        assert {"JobProgressed", "JobNoteDone", "JobEnded"} <= {event["__typename"] for event in events}
        return
    data = await client.data(example, variables, by="carl")
    assert all(_leaves(part) for name, part in data.items() if name != "proposals")
    assert not any(part.get("errors") for part in data.values() if isinstance(part, dict))


def test_every_setting_on_the_page_exists_with_its_default() -> None:
    told = set(re.findall(r"`MKG_([A-Z_]+)", PAGE))
    assert told == {name.upper() for name in ApiSettings.model_fields}
    for name, text in (("max_nodes", "20,000"), ("max_depth", "14"), ("max_tokens", "2,000"), ("note_queue", "4")):
        assert f"{ApiSettings.model_fields[name].default:,}" == text
        assert re.search(rf"\| {text} \| `MKG_{name.upper()}`", PAGE)
