"""The settings of the server, and how they are compared with what it shows."""

from __future__ import annotations

import pytest

from kg.embedded.conf import Rule, conf_text, differences, rules


def values(heap: str = "1g", deadline: float = 10.0) -> dict[str, str]:
    given = rules(port=7687, heap=heap, page_cache="256m", deadline=deadline)
    return {rule.name: rule.value for rule in given}


def test_the_server_listens_on_loopback_alone_and_asks_who_is_there() -> None:
    conf = values()
    assert conf["server.bolt.listen_address"] == "127.0.0.1:7687"
    assert conf["dbms.security.auth_enabled"] == "true"
    assert conf["server.http.enabled"] == conf["dbms.usage_report.enabled"] == "false"
    assert conf["internal.dbms.cypher_ip_blocklist"] == "0.0.0.0/0,::/0"


@pytest.mark.parametrize(
    ("heap", "one", "together"), [("2g", "256MiB", "512MiB"), ("1g", "256MiB", "512MiB"), ("512m", "128MiB", "256MiB")]
)
def test_transactions_never_take_more_than_half_of_the_heap(heap: str, one: str, together: str) -> None:
    conf = values(heap=heap)
    assert conf["db.memory.transaction.max"] == one
    assert conf["dbms.memory.transaction.total.max"] == together


def test_a_deadline_is_rounded_up_to_whole_seconds() -> None:
    assert values(deadline=0.2)["db.transaction.timeout"] == "1s"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("256MiB", "256.00MiB"), ("1024MiB", "1.00GiB"), ("60s", "1m"), ("3600s", "1h"), ("90s", "1m30s"), ("OFF", "OFF")],
)
def test_the_same_value_in_other_words_is_no_difference(value: str, shown: str) -> None:
    assert differences([Rule("x", value)], {"x": shown}) == []


@pytest.mark.parametrize(
    ("value", "shown"), [("256MiB", "0B"), ("10s", "0s"), ("1s", "1m"), ("true", "false"), ("127.0.0.1:1", ":1")]
)
def test_another_value_is_told(value: str, shown: str) -> None:
    assert differences([Rule("x", value)], {"x": shown}) == [f"x is {shown!r}, not {value!r}"]


def test_a_setting_that_is_not_shown_is_a_difference_unless_it_cannot_be() -> None:
    assert differences([Rule("x", "1"), Rule("internal.y", "1", asserted=False)], {}) == ["x is None, not '1'"]


def test_the_file_has_one_line_for_each_setting() -> None:
    text = conf_text([Rule("a", "1"), Rule("b.c", "x y")])
    assert text.splitlines()[1:] == ["a=1", "b.c=x y"]
