"""A key may spend so much in a minute, and is told how long to wait."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphql_api.access.rates import Rates
from graphql_api.problems import ApiError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(rates: Rates, name: str = "vera", cost: int = 1) -> ApiError | None:
    try:
        rates.spend(name, cost)
    except ApiError as error:
        return error
    return None


def test_without_a_limit_nobody_is_refused() -> None:
    rates = Rates(0, 0)
    assert all(refused(rates, cost=10**9) is None for _ in range(1000))


def test_operations_come_back_with_time() -> None:
    clock = Clock()
    rates = Rates(60, 0, clock)
    assert all(refused(rates) is None for _ in range(60))
    error = refused(rates)
    assert error is not None
    assert (error.code, error.retry_after) == ("RATE_LIMITED", 1)
    assert error.more == {"limit": "MKG_RATE_REQUESTS", "allowed": 60}
    clock.now += 1
    assert refused(rates) is None
    assert refused(rates) is not None


def test_each_key_has_its_own() -> None:
    rates = Rates(1, 0, Clock())
    assert refused(rates, "vera") is None
    assert refused(rates, "carl") is None
    assert refused(rates, "vera") is not None


def test_cost_is_counted_beside_operations() -> None:
    clock = Clock()
    rates = Rates(0, 600, clock)
    assert refused(rates, cost=500) is None
    error = refused(rates, cost=200)
    assert error is not None
    assert (error.retry_after, error.more["limit"]) == (10, "MKG_RATE_COST")
    # What is refused costs nothing.
    assert refused(rates, cost=100) is None


def test_one_operation_larger_than_the_limit_goes_when_nothing_else_did() -> None:
    clock = Clock()
    rates = Rates(0, 100, clock)
    assert refused(rates, cost=1000) is None
    assert refused(rates, cost=1) is not None


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 50)), max_size=60))
def test_never_more_than_a_full_bucket_and_what_came_since(steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    rates = Rates(0, 100, clock)
    spent = 0
    for pause, cost in steps:
        clock.now += pause
        if refused(rates, cost=cost) is None:
            spent += cost
    assert spent <= 100 + clock.now * 100 / 60 + 1e-6
