"""Results as server-sent events: graphql-sse, distinct connections mode."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from graphql_api.access.keys import Principal, Role, new_key
from graphql_api.settings import load_api_settings

from .conftest import Serving, Site

EVENTS = {"accept": "text/event-stream"}
KEY, VIEWER = new_key("vera", Role.VIEWER)


def quiet(**overrides: Any) -> Any:
    return load_api_settings(log_level="error", **overrides)


async def streamed(served: Site, query: str, **more: Any) -> list[tuple[str, Any]]:
    """Every event of a stream, by name and what it holds."""
    headers = {**EVENTS, **more.pop("headers", {})}
    response = await served.http.post("/graphql", json={"query": query, **more}, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    events: list[tuple[str, Any]] = []
    for block in response.text.strip().split("\n\n"):
        if not block.startswith(":"):
            name, data = block.split("\n")
            events.append((name.removeprefix("event: "), json.loads(data[5:] or "null")))
    return events


async def test_a_subscription_brings_each_result_and_its_end(site: Serving) -> None:
    async with site() as served:
        assert await streamed(served, "subscription { count(to: 2) }") == [
            ("next", {"data": {"count": 0}}),
            ("next", {"data": {"count": 1}}),
            ("complete", None),
        ]
        assert served.streams.open == 0


async def test_queries_and_mutations_go_over_it_too(site: Serving) -> None:
    async with site() as served:
        (_, answer), (end, _) = await streamed(served, "{ ping }")
    assert answer["data"] == {"ping": "pong"}
    assert end == "complete"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { " + "count " * 60 + "}", "QUERY_TOO_LARGE"),
        ("mutation { write }", "FORBIDDEN"),
    ],
)
async def test_a_refusal_is_a_result_and_then_the_end(site: Serving, query: str, code: str) -> None:
    async with site() as served:
        (_, answer), (end, _) = await streamed(served, query)
        assert answer["errors"][0]["extensions"]["code"] == code
        assert end == "complete"
        assert served.ran.begun == []


async def test_without_a_key_there_is_no_stream(site: Serving) -> None:
    async with site(quiet(api_keys=VIEWER)) as served:
        refused = await served.http.post("/graphql", json={"query": "subscription { count }"}, headers=EVENTS)
        assert refused.status_code == 401
        headers = {"authorization": f"Bearer {KEY}"}
        assert len(await streamed(served, "subscription { count }", headers=headers)) == 4


async def test_without_the_right_accept_a_subscription_is_told_where_to_go(site: Serving) -> None:
    async with site() as served:
        answer = (await served.post("subscription { count }")).json()
    assert "text/event-stream" in answer["errors"][0]["extensions"]["hint"]


async def test_silence_is_filled_with_comments(site: Serving) -> None:
    async with site(keep_alive=0.1) as served:
        response = await served.http.post(
            "/graphql", json={"query": "subscription { count(to: 1, pause: 0.5) }"}, headers=EVENTS
        )
    assert response.text.count(":\n\n") >= 2


async def test_a_client_that_leaves_stops_the_work(site: Serving) -> None:
    async with site() as served:
        query = {"query": "subscription { count(to: 1000, pause: 0.05) }"}
        async with served.http.stream("POST", "/graphql", json=query, headers=EVENTS) as response:
            await anext(response.aiter_bytes())
        await asyncio.sleep(0.3)
        assert served.ran.cancelled == ["count"]
        assert served.streams.open == 0


async def test_streams_are_limited(site: Serving) -> None:
    async with site(quiet(max_streams=1)) as served:
        query = {"query": "subscription { count(to: 1000, pause: 0.05) }"}
        async with served.http.stream("POST", "/graphql", json=query, headers=EVENTS) as response:
            await anext(response.aiter_bytes())
            second = await served.http.post("/graphql", json=query, headers=EVENTS)
    assert (second.status_code, second.headers["retry-after"]) == (503, "5")
    assert "MKG_MAX_STREAMS" in second.text


async def test_a_key_that_ends_ends_the_stream(site: Serving) -> None:
    class Brief:
        async def principal(self, token: str) -> Principal:
            return Principal("tora", Role.VIEWER, until=time.time() + 0.5)

    async with site(tokens=Brief(), keep_alive=0.2) as served:
        events = await streamed(
            served, "subscription { count(to: 1, pause: 60) }", headers={"authorization": "Bearer x"}
        )
    assert events[0][1]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert events[1][0] == "complete"


async def test_a_service_that_stops_ends_the_stream(site: Serving) -> None:
    async with site() as served:
        asked = asyncio.create_task(streamed(served, "subscription { count(to: 1, pause: 60) }"))
        await asyncio.sleep(0.2)
        served.streams.stopping.set()
        events = await asked
    assert events[0][1]["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


async def test_an_error_inside_is_masked(site: Serving) -> None:
    async with site() as served:
        events = await streamed(served, "subscription { breaking }")
    assert "secret" not in json.dumps(events)
    assert events[1][1]["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert events[-1][0] == "complete"


async def test_a_list_is_no_stream(site: Serving) -> None:
    async with site() as served:
        answer: httpx.Response = await served.http.post("/graphql", json=[{"query": "{ ping }"}], headers=EVENTS)
    assert answer.status_code == 400
