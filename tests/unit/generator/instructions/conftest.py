"""The shipped graph read into memory, and one mix of every builder, once for all tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from generator.instructions.net import Net
from generator.instructions.reading import read_net
from generator.instructions.run import Order, Ready
from generator.instructions.shares import Share, Shares, read_shares
from tests.unit.generator.patients import core_asks


@pytest.fixture(scope="session")
def net() -> Net:
    return asyncio.run(read_net(core_asks.core()))


@pytest.fixture(scope="session")
def shipped(net: Net) -> Ready:
    """What makes six hundred rows of the shipped shares."""
    return Ready(net, Order(read_shares(), 600, 7))


@pytest.fixture(scope="session")
def mixed(shipped: Ready) -> list[dict[str, Any]]:
    """These rows."""
    planner = shipped.planner()
    return [shipped.row(planner, planned, index) for index, planned in enumerate(planner.plan().rows)]


@pytest.fixture(scope="session")
def ready_for(net: Net) -> Callable[..., Ready]:
    """Return what makes rows of some builders: `ready_for("yes_no", count=10, seed=1, wordings_per_case=2)`."""

    def make(*names: str, count: int = 20, seed: int = 7, named: bool = False, **limits: Any) -> Ready:
        shares = Shares(builders={name: Share() for name in names}, **limits)
        return Ready(net, Order(shares, count, seed, named=named))

    return make
