"""A body is one GraphQL request or it is refused with a reason."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.operations.asked import Asked, RequestError, read_body
from graphql_api.transport.guard import host_of

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["query", "variables", "operationName", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        asked = read_body(body)
    except RequestError:
        return
    assert isinstance(asked, Asked)
    assert asked.document or (asked.query or "").strip()


@given(ANYTHING)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        body = orjson.dumps(value)
    except TypeError:
        return
    try:
        asked = read_body(body)
    except RequestError:
        return
    assert isinstance(asked, Asked)
    assert isinstance(asked.variables, dict)
    assert asked.operation is None or isinstance(asked.operation, str)


def test_a_whole_request_is_read() -> None:
    asked = read_body(b'{"query": "{ a }", "variables": {"b": 1}, "operationName": "c", "other": 2}')
    assert isinstance(asked, Asked)
    assert (asked.query, asked.variables, asked.operation) == ("{ a }", {"b": 1}, "c")


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost:8000", "localhost"),
        ("LOCALHOST", "localhost"),
        ("[::1]:80", "[::1]"),
        ("", ""),
        ("a:b:c", "a"),
        ("[::1", "[::1]"),
    ],
)
def test_the_host_is_told_without_its_port(header: str, host: str) -> None:
    assert host_of(header) == host
