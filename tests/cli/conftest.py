"""The command as a person runs it: its words in, its two streams and exit code out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
import pytest

from kg.settings import Settings
from kg.store import Address, Store
from mkg.cli.main import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Mkg = Callable[..., Ran]


@pytest.fixture
def mkg(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Mkg:
    """Run `mkg` with these words in this process, without the developer's own settings."""
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "MKG_MODEL", "MKG_MODEL_URL", "MKG_API_KEYS"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def served(neo4j_server: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a running server, set as a user sets them."""
    monkeypatch.setenv("MKG_DATA_DIR", str(neo4j_server.data_dir))
    monkeypatch.setenv("MKG_BOLT_PORT", "0")
    return neo4j_server


@pytest.fixture(scope="module")
def empty_graph(neo4j_address: Address, emptied: Callable[[Store], Awaitable[None]]) -> None:
    """Take out what tests of other folders left; the tests of one file share what they load."""

    async def empty() -> None:
        async with Store.at(neo4j_address, deadline=60) as store:
            await emptied(store)

    anyio.run(empty)


@pytest.fixture
def loaded(served: Settings, empty_graph: None, mkg: Mkg) -> Settings:
    """The same with the shipped graph in it; loading it again changes nothing."""
    assert mkg("load", "core").code == 0
    return served
