"""What comes of operations that mean no good: sent to a service, and its answers judged."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

from graphql_api.problems import BUSY, INTERNAL, UNAVAILABLE

CLIENTS: Final = 4
# What takes more seconds is worth a look.
_SLOW: Final = 5.0
# After so many operations it is said how far it went.
_TOLD: Final = 500
_PATIENCE: Final = 60.0
# What a status of 500 and more may say: a generator without a model and a graph without vectors say so.
_AWAY: Final = frozenset((UNAVAILABLE, BUSY))


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one operation: HTTP status, codes, seconds, and what was wrong with the answer, if anything."""

    status: int
    codes: tuple[str, ...]
    seconds: float
    wrong: str


def judged(status: int, body: bytes, seconds: float = 0.0) -> Came:
    """Return what came of an operation that was answered like this."""
    try:
        told = orjson.loads(body)
        codes = tuple(error["extensions"]["code"] for error in told.get("errors", ()))
        silent = [error for error in told.get("errors", ()) if not error["message"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Came(status, (), seconds, f"no answer of GraphQL ({error!r}): {body[:300]!r}")
    wrong = ""
    if INTERNAL in codes or b"Traceback" in body:
        wrong = body[:600].decode(errors="replace")
    elif status >= 500 and not _AWAY & set(codes):
        wrong = f"status {status}: {body[:300]!r}"
    elif silent or ("data" not in told and not codes):
        wrong = f"neither data nor a reason: {body[:300]!r}"
    return Came(status, codes, seconds, wrong)


async def sent(http: httpx.AsyncClient, body: bytes, key: str) -> tuple[Came, bytes]:
    """Send one operation; return what came of it and the answer itself. What is wrong or slow is told at once."""
    begun, content = time.perf_counter(), b""
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {})}
    try:
        answer = await http.post("/graphql", content=body, headers=headers)
        content = answer.content
        came = judged(answer.status_code, content, time.perf_counter() - begun)
    except httpx.TransportError as error:
        came = Came(0, (), time.perf_counter() - begun, f"no answer: {error!r}")
    if came.wrong or came.seconds > _SLOW:
        sys.stderr.write(f"{came.seconds:.1f} s {came.wrong}\n  {body[:2000].decode()}\n")
    return came, content


async def attempted(http: httpx.AsyncClient, mischief: Iterable[tuple[bytes, str]]) -> list[Came]:
    """Send operations (a body and a key each) from several clients at once; return what came of each."""
    waiting = iter(mischief)
    came: list[Came] = []

    async def client() -> None:
        for body, key in waiting:
            came.append((await sent(http, body, key))[0])
            if len(came) % _TOLD == 0:
                sys.stderr.write(f"{len(came)} operations\n")

    async with asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(client())
    return came


def by_library(address: str, key: str, number: int, seed: int) -> list[Came]:
    """Send about so many queries that schemathesis writes, half of them wrong by its own rules; blocks."""
    # Tools of development, which the rest of the package does without.
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from schemathesis import GenerationMode
    from schemathesis.core.result import Ok

    headers = {"authorization": f"Bearer {key}"} if key else {}
    loaded = schemathesis.graphql.from_url(f"{address}/graphql", headers=headers)
    found: list[Any] = [each.ok() for each in loaded.get_all_operations() if isinstance(each, Ok)]
    fields = [each for each in found if each.definition.is_query]
    came: list[Came] = []
    # Of each field some that fit the schema and some that do not; of few, not every field has its turn.
    some = settings(
        max_examples=max(1, number // (2 * len(fields))),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    step = max(1, 2 * len(fields) // number)
    for operation in fields[seed % step :: step]:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seeded(seed)
            @some
            @given(operation.as_strategy(generation_mode=mode))
            def send(case: Any) -> None:
                begun = time.perf_counter()
                answer = case.call(headers=headers, timeout=_PATIENCE)
                came.append(judged(answer.status_code, answer.content, time.perf_counter() - begun))
                if came[-1].wrong or came[-1].seconds > _SLOW:
                    sys.stderr.write(f"{came[-1].seconds:.1f} s {came[-1].wrong}\n  {case.body}\n")

            send()
    return came
