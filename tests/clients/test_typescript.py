"""The TypeScript client: its types follow from the schema, it type-checks, and it runs against the service."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .conftest import CLIENTS, Node, Run, Service, program_of_the_page

HERE = CLIENTS / "typescript"
LOCK = json.loads((HERE / "package-lock.json").read_text("utf-8"))
DECLARED = json.loads((HERE / "package.json").read_text("utf-8"))


@pytest.fixture
def copy(checkout: Path, node: Node) -> Path:
    """A copy of the client with its packages beside it."""
    folder = checkout / "typescript"
    (folder / "node_modules").symlink_to(node.modules)
    return folder


def test_the_lock_names_hashes_and_no_registry() -> None:
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert len(packages) > 50
    assert all(re.fullmatch(r"sha512-\S+", entry["integrity"]) for entry in packages.values())
    assert "resolved" not in json.dumps(LOCK)


def test_the_lock_is_the_one_of_the_package() -> None:
    assert LOCK["packages"][""]["devDependencies"] == DECLARED["devDependencies"]


def test_nothing_is_needed_at_run_time() -> None:
    assert "dependencies" not in DECLARED


async def test_the_generated_types_are_those_of_the_schema(copy: Path, node: Node, run: Run) -> None:
    made = copy / "src" / "generated"
    for path in made.iterdir():
        path.unlink()
    ran = await run([*node.command("@graphql-codegen/cli", "cjs/bin.js"), "--config", "codegen.ts"], copy)
    assert ran.code == 0, ran.out + ran.err
    for folder in (made, HERE / "src" / "generated"):
        assert {path.name for path in folder.iterdir()} == {"gql.ts", "graphql.ts", "index.ts"}
    for path in made.iterdir():
        committed = HERE / "src" / "generated" / path.name
        assert path.read_text("utf-8") == committed.read_text("utf-8"), "run: make clients"


async def test_a_mistake_in_a_field_or_a_variable_does_not_compile(copy: Path, node: Node, run: Run) -> None:
    (copy / "src" / "mistaken.ts").write_text(
        """import { Client } from "./client.js";
import { EvidenceDocument } from "./generated/graphql.js";
const answer = await new Client("/graphql").ask(EvidenceDocument, { icd11: "J20" });
console.log(answer.disease?.title);
"""
    )
    ran = await run([*node.command("typescript", "bin/tsc"), "--noEmit"], copy)
    assert re.findall(r"^(\S+)\((\d+),.*error", ran.out, re.MULTILINE) == [
        ("src/mistaken.ts", "3"),
        ("src/mistaken.ts", "4"),
    ]


@pytest.fixture
async def built(copy: Path, node: Node, run: Run) -> Path:
    ran = await run(node.command("typescript", "bin/tsc"), copy)
    assert (ran.code, ran.out) == (0, "")
    return copy


@pytest.mark.neo4j
async def test_the_sample_runs_against_the_service(built: Path, node: Node, run: Run, service: Service) -> None:
    ran = await run([node.program, "dist/sample.js"], built, service)
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
    assert "\nnote 0: Cough for three days.\n  facts: DOID:9395/HAS_SYMPTOM/HP:0012735 true\n" in parts["notes"]
    assert "\nnote 1: " in parts["notes"]
    assert parts["notes"].endswith("ended: DONE\n")


@pytest.mark.neo4j
async def test_a_refusal_is_told_with_its_code_and_hint(built: Path, node: Node, run: Run, service: Service) -> None:
    sample = [node.program, "dist/sample.js"]
    ran = await run([*sample, "search"], built, Service(service.address, "mkg_wrong"))
    assert (ran.code, ran.err.splitlines()[0].partition(":")[0]) == (1, "UNAUTHENTICATED")
    ran = await run([*sample, "search"], built, Service("http://127.0.0.1:9/graphql", ""))
    assert ran.code == 1
    assert "does not answer" in ran.err
    ran = await run([*sample, "serch"], built, service)
    assert (ran.code, ran.err) == (2, 'There is no part "serch"; the parts are diseases, search, evidence, notes.\n')


@pytest.mark.neo4j
async def test_the_program_of_the_page_compiles_and_runs(copy: Path, node: Node, run: Run, service: Service) -> None:
    (copy / "src" / "program.ts").write_text(program_of_the_page("ts", service))
    ran = await run(node.command("typescript", "bin/tsc"), copy)
    assert (ran.code, ran.out) == (0, "")
    ran = await run([node.program, "dist/program.js"], copy, service)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "cough 0.9 [ 'FOR mkg-core', 'FOR other' ]"
