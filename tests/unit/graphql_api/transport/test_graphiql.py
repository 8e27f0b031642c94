"""GraphiQL comes from local files whose content is known."""

from __future__ import annotations

import hashlib
import re

import pytest
from graphql import parse, validate

from graphql_api.schema import schema
from graphql_api.transport.graphiql import FOLDER, POLICY, page

SUMS = dict(reversed(line.split(maxsplit=1)) for line in (FOLDER / "SHA256SUMS").read_text().splitlines())


@pytest.mark.parametrize("name", sorted(SUMS))
def test_a_file_is_the_one_that_was_checked(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == SUMS[name]


def test_everything_served_is_listed() -> None:
    served = {path.name for path in FOLDER.iterdir() if path.suffix in (".js", ".css", ".html")}
    assert served == set(SUMS)


def test_the_page_refers_to_local_files_alone() -> None:
    text = bytes(page(needs_key=False).body).decode()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert len(addresses) >= 6
    for address in addresses:
        assert address == "data:," or (FOLDER / address.removeprefix("graphiql/")).is_file()
    assert "//" not in text.replace("<!", "")


def test_no_style_sheet_loads_anything_from_elsewhere() -> None:
    for name in SUMS:
        text = (FOLDER / name).read_text("utf-8")
        assert "sourceMappingURL" not in text
        if name.endswith(".css"):
            assert re.findall(r"url\((?!['\"]?data:)[^)]*\)|@import", text) == []


def test_the_policy_allows_this_service_alone() -> None:
    assert page(needs_key=False).headers["content-security-policy"] == POLICY
    assert "default-src 'none'" in POLICY
    assert "script-src 'self';" in POLICY
    assert "http" not in POLICY


def test_a_key_is_asked_for_when_one_is_needed() -> None:
    assert b'data-needs-key="yes"' in page(needs_key=True).body
    assert b'data-needs-key="no"' in page(needs_key=False).body


def test_the_examples_fit_the_schema() -> None:
    examples = re.findall(r"`(#.*?)`", (FOLDER / "page.js").read_text("utf-8"), flags=re.DOTALL)
    assert len(examples) == 10
    for example in examples:
        assert validate(schema()._schema, parse(example.replace('\\\\"', '\\"'))) == []
