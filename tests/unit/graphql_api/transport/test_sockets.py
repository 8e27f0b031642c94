"""Operations over graphql-transport-ws: the protocol, who may, limits, and how a connection ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from graphql_api.access.keys import Principal, Role, new_key
from graphql_api.settings import load_api_settings

from .conftest import Serving

KEY, ENTRY = new_key("edda", Role.EDITOR)
VERA, VIEWER = new_key("vera", Role.VIEWER)


def quiet(**overrides: Any) -> Any:
    return load_api_settings(log_level="error", **overrides)


async def told(wire: ClientConnection) -> dict[str, Any]:
    """The next message that is no ping."""
    while True:
        message = json.loads(await asyncio.wait_for(wire.recv(), 5))
        if message["type"] != "ping":
            return message


async def ask(wire: ClientConnection, query: str, name: str = "1", **more: Any) -> None:
    await wire.send(json.dumps({"id": name, "type": "subscribe", "payload": {"query": query, **more}}))


async def closed(wire: ClientConnection) -> int:
    """How the service ended the connection."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(wire.recv(), 5)
    assert wire.close_code is not None
    return wire.close_code


async def test_a_subscription_brings_each_result_and_its_end(site: Serving) -> None:
    async with site() as served, served.visiting() as wire:
        await ask(wire, "subscription S($n: Int!) { count(to: $n) }", variables={"n": 2}, operationName="S")
        assert [await told(wire) for _ in range(3)] == [
            {"id": "1", "type": "next", "payload": {"data": {"count": 0}}},
            {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
            {"id": "1", "type": "complete"},
        ]


async def test_queries_and_mutations_go_over_it_too(site: Serving) -> None:
    async with site(quiet(api_keys=ENTRY)) as served, served.visiting({"Authorization": f"Bearer {KEY}"}) as wire:
        await ask(wire, "mutation { write }")
        answer = await told(wire)
        assert answer["payload"]["data"] == {"write": "write"}
        assert (await told(wire))["type"] == "complete"


async def test_a_key_comes_in_the_first_message_or_in_a_header(site: Serving) -> None:
    async with site(quiet(api_keys=ENTRY)) as served:
        async with served.visiting({"authorization": f"Bearer {KEY}"}) as wire:
            await ask(wire, "{ secret }")
            assert (await told(wire))["payload"]["data"] == {"secret": "pong"}
        async with served.visiting(additional_headers={"authorization": f"Bearer {KEY}"}) as wire:
            await ask(wire, "{ secret }")
            assert (await told(wire))["payload"]["data"] == {"secret": "pong"}


@pytest.mark.parametrize("payload", [{}, {"authorization": "Bearer nope"}, {"authorization": 7}, {"key": KEY}])
async def test_without_a_good_key_nobody_is_let_in(site: Serving, payload: Any) -> None:
    async with site(quiet(api_keys=ENTRY)) as served, served.socket() as wire:
        await wire.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert await closed(wire) == 4403


async def test_nothing_is_done_before_the_first_message(site: Serving) -> None:
    async with site(quiet(api_keys=ENTRY)) as served, served.socket() as wire:
        await ask(wire, "mutation { write }")
        assert await closed(wire) == 4401
        assert served.ran.begun == []


async def test_a_role_that_is_too_low_is_refused_here_as_well(site: Serving) -> None:
    async with site(quiet(api_keys=VIEWER)) as served, served.visiting({"authorization": f"Bearer {VERA}"}) as wire:
        await ask(wire, "mutation { write }")
        error = (await told(wire))["payload"]["errors"][0]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert served.ran.begun == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ " + " ".join(f"a{n}: ping" for n in range(16)) + " }", "QUERY_TOO_LARGE"),
        ("subscription { " + "count " * 60 + "}", "QUERY_TOO_LARGE"),
    ],
)
async def test_the_same_limits_hold_and_an_error_ends_the_operation_alone(site: Serving, query: str, code: str) -> None:
    async with site() as served, served.visiting() as wire:
        await ask(wire, query)
        answer = await told(wire)
        assert (answer["type"], answer["payload"][0]["extensions"]["code"]) == ("error", code)
        await ask(wire, "{ ping }")
        assert (await told(wire))["payload"]["data"] == {"ping": "pong"}


async def test_an_error_inside_is_masked_and_ends_the_operation(site: Serving) -> None:
    async with site() as served, served.visiting() as wire:
        await ask(wire, "subscription { breaking }")
        assert (await told(wire))["payload"] == {"data": {"breaking": 1}}
        failed = await told(wire)
        assert "secret" not in json.dumps(failed)
        assert failed["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        assert (await told(wire))["type"] == "complete"


async def test_a_client_that_completes_or_leaves_stops_the_work(site: Serving) -> None:
    async with site() as served:
        async with served.visiting() as wire:
            await ask(wire, "subscription { count(to: 1000, pause: 0.05) }")
            await told(wire)
            await wire.send(json.dumps({"id": "1", "type": "complete"}))
            await asyncio.sleep(0.2)
            assert served.ran.cancelled == ["count"]
            await ask(wire, "subscription { count(to: 1000, pause: 0.05) }")
            await told(wire)
        await asyncio.sleep(0.3)
        assert served.ran.cancelled == ["count", "count"]
        assert served.streams.open == 0


async def test_operations_on_one_connection_are_limited(site: Serving) -> None:
    async with site(quiet(max_subscriptions=2)) as served, served.visiting() as wire:
        for name in "ab":
            await ask(wire, "subscription { count(pause: 5) }", name)
        await ask(wire, "{ ping }", "c")
        answer = await told(wire)
        assert (answer["id"], answer["type"]) == ("c", "error")
        assert answer["payload"][0]["extensions"]["code"] == "BUSY"


async def test_connections_are_limited(site: Serving) -> None:
    async with site(quiet(max_streams=1)) as served, served.visiting(), served.socket() as second:
        assert await closed(second) == 1013


async def test_what_a_key_may_spend_is_counted_over_all_ways(site: Serving) -> None:
    async with site(quiet(rate_requests=2)) as served, served.visiting() as wire:
        await served.post("{ ping }")
        await ask(wire, "{ ping }")
        assert [(await told(wire))["type"] for _ in range(2)] == ["next", "complete"]
        await ask(wire, "{ ping }")
        assert (await told(wire))["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert (await served.post("{ ping }")).status_code == 429


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", 4400),
        ("1", 4400),
        ("{", 4400),
        ("{}", 4400),
        ('{"type": 1}', 4400),
        ('{"type": "what"}', 4400),
        ('{"type": "subscribe"}', 4400),
        ('{"type": "subscribe", "id": 1}', 4400),
        ('{"type": "complete"}', 4400),
        ('{"type": "connection_init"}', 4429),
        ('{"type": "connection_init", "payload": 1}', 4400),
        (b"\xff", 4400),
        ("[" * 100_000, 4400),
        ('{"type": "ping", "payload": "' + "a" * 1_100_000 + '"}', 1009),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_client_that_breaks_the_protocol_is_shown_out(site: Serving, text: str | bytes, code: int) -> None:
    async with site() as served, served.visiting() as wire:
        await wire.send(text)
        assert await closed(wire) == code


@pytest.mark.parametrize("payload", [None, 1, [], {}, {"query": 1}, {"query": "{ ping }", "variables": 1}])
async def test_an_operation_that_makes_no_sense_is_an_error_of_its_own(site: Serving, payload: Any) -> None:
    async with site() as served, served.visiting() as wire:
        await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        answer = await told(wire)
        assert (answer["type"], answer["payload"][0]["extensions"]["code"]) == ("error", "BAD_USER_INPUT")


async def test_an_id_that_is_in_use_ends_the_connection(site: Serving) -> None:
    async with site() as served, served.visiting() as wire:
        await ask(wire, "subscription { count(pause: 5) }")
        await ask(wire, "{ ping }")
        assert await closed(wire) == 4409


async def test_pings_are_answered(site: Serving) -> None:
    async with site() as served, served.visiting() as wire:
        await wire.send('{"type": "ping"}')
        assert json.loads(await wire.recv()) == {"type": "pong"}


async def test_other_protocols_are_not_spoken(site: Serving) -> None:
    async with site() as served:
        async with connect(f"ws://127.0.0.1:{served.port}/graphql", subprotocols=["graphql-ws"]) as wire:  # type: ignore[list-item]
            assert await closed(wire) == 4406
        with pytest.raises(InvalidStatus):
            async with connect(f"ws://127.0.0.1:{served.port}/other"):
                pass


@pytest.mark.parametrize(
    ("headers", "opened"),
    [
        ({}, True),
        ({"Origin": "http://127.0.0.1:{port}"}, True),
        ({"Origin": "https://app.example"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://app.example.evil.example"}, False),
    ],
)
async def test_pages_of_other_origins_may_open_one_only_when_listed(
    site: Serving, headers: dict[str, str], opened: bool
) -> None:
    async with site(quiet(cors_origins="https://app.example")) as served:
        sent = {name: value.format(port=served.port) for name, value in headers.items()}
        try:
            async with served.visiting(additional_headers=sent):
                found = True
        except InvalidStatus as refused:
            found = refused.response.status_code != 403
    assert found is opened


async def test_an_unknown_host_is_refused(site: Serving) -> None:
    async with site(quiet(allowed_hosts="other.example")) as served:
        with pytest.raises(InvalidStatus):
            async with served.socket():
                pass


async def test_an_idle_connection_is_closed(site: Serving) -> None:
    async with site(quiet(stream_idle=0.3)) as served, served.visiting() as wire:
        await ask(wire, "subscription { count(to: 2, pause: 0.3) }")
        # As long as something runs it is not idle.
        assert [(await told(wire))["type"] for _ in range(3)] == ["next", "next", "complete"]
        assert await closed(wire) == 1000


async def test_a_key_that_ends_ends_the_connection(site: Serving) -> None:
    class Brief:
        async def principal(self, token: str) -> Principal:
            return Principal("tora", Role.VIEWER, until=time.time() + 0.5)

    async with (
        site(quiet(stream_idle=1), tokens=Brief()) as served,
        served.visiting({"authorization": "Bearer x"}) as wire,
    ):
        await ask(wire, "subscription { count(to: 1000, pause: 0.1) }")
        assert await closed(wire) == 4403
        await asyncio.sleep(0.1)
        assert served.ran.cancelled == ["count"]


async def test_a_service_that_stops_says_so(site: Serving) -> None:
    async with site() as served, served.visiting() as wire:
        await ask(wire, "subscription { count(to: 1000, pause: 0.1) }")
        await told(wire)
        served.streams.stopping.set()
        assert await closed(wire) == 1012


async def test_documents_can_be_named_by_their_hash(site: Serving) -> None:
    async with site() as served, served.visiting() as wire:
        message = {"id": "1", "type": "subscribe", "payload": {"documentId": "a" * 64}}
        await wire.send(json.dumps(message))
        assert (await told(wire))["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
