"""Keys are read, compared and refused; a key itself appears nowhere but with its holder."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.access.keys import VISITOR, Role, bearer, hashed, new_key, principal_for, read_keys
from graphql_api.settings import access_notice, check_host, load_api_settings
from kg.errors import SettingsError

HASH = "0" * 64


def test_a_new_key_opens_what_its_entry_says() -> None:
    key, entry = new_key("cora", Role.CURATOR)
    keys = read_keys(entry)
    found = principal_for(key, keys)
    assert found is not None
    assert (found.name, found.role) == ("cora", Role.CURATOR)
    assert key not in entry
    assert len(key) > 40


def test_keys_are_separated_by_spaces_commas_or_lines() -> None:
    text = f"a:viewer:{HASH}, b:curator:{HASH}\n c:editor:{HASH}:2030-01-31"
    assert [(key.name, key.role, key.until) for key in read_keys(text)] == [
        ("a", Role.VIEWER, None),
        ("b", Role.CURATOR, None),
        ("c", Role.EDITOR, date(2030, 1, 31)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a:viewer",
        f"a:owner:{HASH}",
        f"a:viewer:{HASH}0",
        f"a:viewer:{HASH.replace('0', 'G')}",
        f"a:viewer:{HASH}:31-01-2030",
        f"a:viewer:{HASH}:2030-02-31",
        f":viewer:{HASH}",
        f"a:viewer:{HASH} A:editor:{HASH}",
        "a:viewer:the-key-itself",
    ],
)
def test_an_entry_that_makes_no_sense_stops_the_start_and_is_not_repeated(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_api_settings(api_keys=text)
    assert "MKG_API_KEYS" in str(caught.value)
    assert "the-key-itself" not in str(caught.value)
    assert HASH not in str(caught.value)


def test_a_key_works_until_its_last_day() -> None:
    key, entry = new_key("olga", Role.EDITOR)
    keys = read_keys(f"{entry}:2030-01-31")
    assert principal_for(key, keys, date(2030, 1, 31)) is not None
    assert principal_for(key, keys, date(2030, 2, 1)) is None


def test_without_keys_everybody_is_the_visitor() -> None:
    assert principal_for(None, ()) is VISITOR
    assert principal_for("anything", ()) is VISITOR
    assert VISITOR.role is Role.VIEWER


@given(st.text())
def test_no_other_text_is_a_key(text: str) -> None:
    _, entry = new_key("a", Role.VIEWER)
    assert principal_for(text, read_keys(entry)) is None


@given(st.text())
def test_every_text_has_a_hash(text: str) -> None:
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert len(hashed(text)) == 64


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer  ", None),
        ("", None),
        (None, None),
    ],
)
def test_the_key_is_read_from_the_header(header: str | None, key: str | None) -> None:
    assert bearer(header) == key


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_this_machine_alone_needs_no_key(host: str) -> None:
    check_host(host, load_api_settings())
    assert "reading and generation only" in access_notice(load_api_settings())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_a_network_needs_a_key(host: str) -> None:
    with pytest.raises(SettingsError, match="without API keys"):
        load_api_settings(host=host)
    settings = load_api_settings(host=host, api_keys=f"vera:viewer:{HASH}")
    assert "vera (viewer)" in access_notice(settings)


def test_the_host_that_is_listened_on_is_answered() -> None:
    settings = load_api_settings(host="192.168.1.5", api_keys=f"vera:viewer:{HASH}")
    assert "192.168.1.5" in settings.allowed_hosts
    assert "[::1]" in load_api_settings(host="::1").allowed_hosts


def test_settings_never_show_the_keys() -> None:
    assert HASH not in repr(load_api_settings(api_keys=f"vera:viewer:{HASH}"))


def test_a_setting_that_makes_no_sense_is_named() -> None:
    with pytest.raises(SettingsError, match="MKG_MAX_DEPTH"):
        load_api_settings(max_depth="deep")


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKG_CORS_ORIGINS", "https://a.example, https://b.example")
    assert load_api_settings().cors_origins == ("https://a.example", "https://b.example")
