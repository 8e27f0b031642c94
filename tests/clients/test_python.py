"""The Python client: its types follow from the schema, it passes the type checker, and it runs against the service."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable
from pathlib import Path

import pytest

from .conftest import CLIENTS, Ran, Run, Service, program_of_the_page

HERE = CLIENTS / "python"
LOCK = (HERE / "requirements.txt").read_text("utf-8")
PYRIGHT = Path(sys.executable).parent / "pyright"
SAMPLE = ("-m", "mkg_client.sample")


def test_the_lock_names_hashes_and_no_registry() -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n", "", LOCK, flags=re.MULTILINE).rstrip("\n"))
    assert len(entries) > 10
    for entry in entries:
        first, *rest = entry.split("\n")
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*==\S+( ; .*?)? \\", first), first
        assert rest, first
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest), entry
    assert "://" not in LOCK


async def test_the_generated_code_is_that_of_the_schema(checkout: Path, client_python: Path, run: Run) -> None:
    folder = checkout / "python"
    made, committed = folder / "mkg_client" / "generated", HERE / "mkg_client" / "generated"
    for path in made.iterdir():
        path.unlink()
    ran = await run([client_python, "-m", "ariadne_codegen"], folder)
    assert ran.code == 0, ran.out + ran.err
    assert {path.name for path in made.iterdir()} == {path.name for path in committed.glob("*.py")}
    for path in made.iterdir():
        assert path.read_text("utf-8") == (committed / path.name).read_text("utf-8"), "run: make clients"


async def test_the_type_checker_finds_fault_with_a_wrong_field_and_variable_and_nothing_else(
    checkout: Path, client_python: Path, run: Run
) -> None:
    (checkout / "python" / "mkg_client" / "mistaken.py").write_text(
        """from .generated.client import MkgClient
async def mistaken(client: MkgClient) -> str:
    answer = await client.evidence(icd_11="J20")
    return answer.disease.title if answer.disease else ""
"""
    )
    ran = await run([PYRIGHT, "--project", checkout / "python", "--pythonpath", client_python], checkout)
    assert ran.code == 1, ran.out + ran.err
    found = set(re.findall(r"(\w+\.py):(\d+):\d+ - (?:error|warning)", ran.out))
    assert found == {("mistaken.py", "3"), ("mistaken.py", "4")}, ran.out


@pytest.mark.neo4j
async def test_the_sample_runs_against_the_service(client_python: Path, run: Run, service: Service) -> None:
    ran = await run([client_python, "-B", *SAMPLE], HERE, service)
    assert (ran.code, ran.err) == (0, "")
    parts = dict(re.findall(r"^== (\w+)\n(.*?)(?=^== |\Z)", ran.out, re.MULTILINE | re.DOTALL))
    # Three diseases on pages of two.
    assert parts["diseases"].splitlines() == [
        "DOID:9395 acute bronchitis: cough 0.9, fever 0.5, fatigue 0.5",
        "DOID:2841 asthma: dyspnea 0.95, cough 0.8",
        "DOID:552 pneumonia: fever 0.9, cough 0.8, dyspnea ?",
    ]
    first, second, third = parts["search"].splitlines()
    assert (first, second) == ("typed on", "typed on")
    assert "(DOID:9395)" in third
    assert parts["evidence"].startswith("acute bronchitis: cough 0.9\n  FOR mkg-core 1: row 1\n  FOR other 1: page 3\n")
    assert "\nCough for three days.\n" in parts["notes"]
    assert "\nnote 0: Cough for three days.\n  facts: DOID:9395/HAS_SYMPTOM/HP:0012735 True\n" in parts["notes"]
    assert "\nnote 1: " in parts["notes"]
    assert parts["notes"].endswith("ended: DONE\n")


@pytest.mark.neo4j
async def test_a_refusal_is_told_with_its_code(client_python: Path, run: Run, service: Service) -> None:
    def sample(word: str, asked: Service) -> Awaitable[Ran]:
        return run([client_python, "-B", *SAMPLE, word], HERE, asked)

    stranger, nobody, unknown = await asyncio.gather(
        sample("search", Service(service.address, "mkg_wrong")),
        sample("search", Service("http://127.0.0.1:9/graphql", "")),
        sample("serch", service),
    )
    assert (stranger.code, stranger.err.partition(":")[0]) == (1, "UNAUTHENTICATED")
    assert nobody.code == 1
    assert "does not answer" in nobody.err
    told = 'There is no part "serch"; the parts are diseases, search, evidence, notes.\n'
    assert (unknown.code, unknown.err) == (2, told)


@pytest.mark.neo4j
async def test_the_program_of_the_page_runs(checkout: Path, client_python: Path, run: Run, service: Service) -> None:
    (checkout / "python" / "program.py").write_text(program_of_the_page("python", service))
    ran = await run([client_python, "program.py"], checkout / "python", service)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "cough 0.9 ['FOR mkg-core', 'FOR other']"
