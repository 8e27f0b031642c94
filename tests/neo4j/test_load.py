"""Loads on a real server: twice is once, the order of sources does not matter, a killed load is finished later."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.standing import TIMES, standing
from kg.errors import StoreError
from kg.ledger import Ledger
from kg.load import Counts, Inputs, LoadReport, load, plan_load, recognised
from kg.statements import Statement
from kg.store import Store, Transaction
from kg.values import Edge, Node
from tests.neo4j.told import Clerk, evidence, inputs_of

pytestmark = pytest.mark.neo4j

T = TypeVar("T")
BATCH = 5
BATCHES = 16
# One more write opens the change set.
WRITES = BATCHES + 1


class KilledError(Exception):
    """Stands for the end of the process."""


class BreakingStore:
    """Passes everything on to a store, until the write with this number, counted from 0."""

    def __init__(self, store: Store, number: int, after_commit: bool) -> None:
        self._store = store
        self._left = number
        self._after_commit = after_commit

    async def read(self, statement: Statement, *, deadline: float | None = None) -> list[dict[str, Any]]:
        return await self._store.read(statement, deadline=deadline)

    async def command(self, statement: Statement, *, deadline: float | None = None) -> list[dict[str, Any]]:
        return await self._store.command(statement, deadline=deadline)

    async def write(
        self, work: Callable[[Transaction], Awaitable[T]], *, operation: str, deadline: float | None = None
    ) -> T:
        # Several are under way at once, so each looks at its own number.
        self._left -= 1
        mine = self._left == -1
        if mine and not self._after_commit:
            raise KilledError
        value = await self._store.write(work, operation=operation, deadline=deadline)
        if mine:
            raise KilledError
        return value

    @asynccontextmanager
    async def held(self, seconds: float) -> AsyncGenerator[Transaction]:
        async with self._store.held(seconds) as transaction:
            yield transaction
            if self._left == 0:
                raise KilledError


async def digest(store: Store, *, log: bool = True) -> str:
    """Return one hash over the graph without times; without `log` also without change sets and who wrote what."""
    hidden = TIMES if log else {*TIMES, "change_set"}
    lines = [await standing(store, without=hidden)]
    if log:
        for row in await store.read(Statement("MATCH (c:ChangeSet) RETURN properties(c) AS kept ORDER BY c.seq")):
            # How the batches were cut says nothing about what was changed.
            kept = {key: value for key, value in row["kept"].items() if key not in ("at", "finished", "batches")}
            lines.append(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def many() -> list[Node | Edge]:
    """Return the records of BATCHES batches, nodes and edges half and half."""
    half = BATCH * BATCHES // 2
    diseases = [
        Node("Disease", "DOID:0", {"en": "disease"}),
        Node("Disease", "DOID:1", {"en": "other"}, {"en": ("another",)}, {"sex": "male"}),
    ]
    symptoms = [Node("Symptom", f"S:{number}", {"en": f"symptom {number}"}) for number in range(half - 2)]
    edges = [
        Edge("HAS_SYMPTOM", "DOID:0", symptom.id, (evidence("clinic", weight=number / half),))
        for number, symptom in enumerate(symptoms)
    ]
    return [
        *diseases,
        *symptoms,
        *edges,
        Edge("HAS_SYMPTOM", "DOID:1", "S:0", (evidence("clinic"),)),
        Edge("RESEMBLES", "DOID:0", "DOID:1", (evidence("clinic", score=0.5),)),
    ]


async def loaded(ledger: Ledger, store: Store, inputs: Inputs, **options: Any) -> LoadReport:
    return await load(ledger, store, inputs, by="tester", **options)


async def test_a_folder_loaded_in_its_order_has_nothing_left_to_come(
    ledger: Ledger, store: Store, tmp_path: Path
) -> None:
    # One names its diseases here and there only; the other names those that it tells of.
    labels = "rxnorm_id\tdisease_cui\tn_labels\texpert\tcrowd\tdisease_mesh_name\trxnorm_name\n"
    effects = "drugbank_id\tdrugbank_name\tstitch_id_flat\tmethod\tmeddra_type\tumls_cui_from_meddra\tmeddra_name\n"
    (tmp_path / "labels.tsv").write_text(f"{labels}1\tC0000001\t1\t1\t1\t\tdrug one\n")
    (tmp_path / "sider.tsv").write_text(f"{effects}DB00001\ttwo\tCID100000002\tNLP_indication\tPT\tC0000001\tflu\n")
    for again, told in ((False, (1, 1)), (True, (0, 0))):
        reports = [await loaded(ledger, store, inputs, again=again) for inputs in recognised(tmp_path)[0]]
        assert [(report.format, report.edges.new) for report in reports] == list(
            zip(("sider", "labeledin"), told, strict=True)
        )
        assert sum(report.rejected for report in reports) == 0
    assert all(report.change_set is None for report in reports)


async def test_loading_twice_changes_nothing(ledger: Ledger, store: Store) -> None:
    inputs = inputs_of(many())
    first = await loaded(ledger, store, inputs, batch_size=7)
    before = await digest(store)
    for again in (False, True):
        second = await loaded(ledger, store, inputs, batch_size=3, again=again)
        assert await digest(store) == before
        assert first.change_set is not None
        assert second.change_set is None
        assert second.before == (None if again else first.change_set)
        assert (first.nodes.new, first.nodes.unchanged) == (second.nodes.unchanged, second.nodes.new)
        assert (first.edges.new, first.edges.unchanged) == (second.edges.unchanged, second.edges.new)
        assert second.edges.changed == second.nodes.changed == 0


async def test_a_load_is_one_closed_change_set_that_says_what_it_is_of(ledger: Ledger, store: Store) -> None:
    report = await loaded(ledger, store, inputs_of(many()), batch_size=BATCH)
    (change_set,) = await ledger.change_sets()
    assert change_set["id"] == report.change_set
    assert (change_set["kind"], change_set["status"], change_set["by"]) == ("import", "done", "tester")
    assert change_set["title"] == "load csv: clinic"
    assert orjson.loads(change_set["about"])["format"] == "csv"
    assert change_set["changed"] == report.nodes.new + report.edges.new == len(many())


@pytest.mark.parametrize("after_commit", [False, True], ids=["before commit", "after commit"])
async def test_a_load_killed_at_any_batch_is_finished_by_running_it_again(
    ledger: Ledger, store: Store, emptied: Callable[[Store], Awaitable[None]], after_commit: bool
) -> None:
    inputs = inputs_of(many())
    await loaded(ledger, store, inputs, batch_size=BATCH)
    unbroken = await digest(store)
    for number in range(WRITES + 3):
        await emptied(store)
        breaking: Any = BreakingStore(store, number, after_commit)
        killed = False
        try:
            await loaded(Ledger(breaking), breaking, inputs, batch_size=BATCH)
        except KilledError:
            killed = True
        assert killed == (number <= WRITES + 1), (
            "one waits, one opens, one for each batch, and what is held is the last"
        )
        again = await loaded(ledger, store, inputs, batch_size=BATCH)
        assert await digest(store) == unbroken, f"killed at batch {number}"
        assert again.nodes.total + again.edges.total == len(many())
        (change_set,) = await ledger.change_sets()
        assert change_set["status"] == "done"


async def test_a_dry_run_writes_nothing_and_tells_what_would_change(ledger: Ledger, store: Store) -> None:
    inputs = inputs_of(many())
    empty = await digest(store)
    before = await loaded(ledger, store, inputs, dry_run=True)
    assert await digest(store) == empty
    assert await ledger.change_sets() == []
    real = await loaded(ledger, store, inputs)
    assert (before.nodes, before.edges) == (real.nodes, real.edges)
    assert before.change_set is None


async def test_another_source_changes_what_it_adds_to(ledger: Ledger, store: Store) -> None:
    nodes = [Node("Disease", "DOID:1", {"en": "flu"}), Node("Symptom", "S:1", {"en": "cough"})]
    edge = Edge("HAS_SYMPTOM", "DOID:1", "S:1", (evidence("clinic"),))
    await loaded(ledger, store, inputs_of([*nodes, edge]))
    other = [Node("Disease", "DOID:1", {"ru": "грипп"}), Edge("HAS_SYMPTOM", "DOID:1", "S:1", (evidence("other"),))]
    report = await loaded(ledger, store, inputs_of([*other], "other"))
    assert report.nodes == Counts(changed=1)
    assert report.edges == Counts(changed=1)


async def test_files_that_were_loaded_are_not_read_again_until_something_is_taken_back(store: Store) -> None:
    clerk = Clerk(store)
    first = await clerk.load(*many())
    known = await clerk.load(*many())
    assert first.change_set is not None
    assert (known.before, known.change_set, known.steps) == (first.change_set, None, {})
    assert (known.nodes.unchanged, known.edges.unchanged) == (first.nodes.new, first.edges.new)
    assert (await clerk.load(*many(), again=True)).before is None
    assert (await clerk.load(*many(), dry_run=True)).before is None
    await clerk.undo(first.change_set)
    back = await clerk.load(*many())
    assert (back.before, back.nodes, back.edges) == (None, first.nodes, first.edges)


async def test_a_rule_named_in_strict_refuses_even_what_would_only_be_skipped(store: Store) -> None:
    told_twice = [*many(), many()[-1]]
    clerk = Clerk(store)
    assert (await clerk.load(*told_twice, strict=("any",), dry_run=True)).refused is False
    assert (await clerk.load(*told_twice, strict=("end-missing",), dry_run=True)).refused is False
    report = await clerk.load(*told_twice, strict=("edge-twice",))
    assert (report.refused, report.nodes, report.edges) == (True, Counts(), Counts())
    assert await clerk.ledger.change_sets() == []


async def test_bad_rows_are_left_out_and_strict_refuses_all(ledger: Ledger, store: Store) -> None:
    records = [*many(), Edge("HAS_SYMPTOM", "DOID:0", "S:9999", (evidence("clinic"),))]
    empty = await digest(store)
    refused = await loaded(ledger, store, inputs_of(records), strict=("any",))
    assert (refused.refused, refused.rejected, refused.change_set) == (True, 1, None)
    assert await digest(store) == empty
    report = await loaded(ledger, store, inputs_of(records))
    assert (report.refused, report.rejected) == (False, 1)
    assert report.nodes.new + report.edges.new == len(many())
    assert [(item.rule, item.value, item.place.line) for item in report.problems] == [
        ("end-missing", "S:9999", len(records) + 1)
    ]


async def test_an_id_that_the_graph_has_as_another_kind_is_rejected(ledger: Ledger, store: Store) -> None:
    await loaded(ledger, store, inputs_of([Node("Disease", "X:1", {"en": "flu"})]))
    report = await loaded(ledger, store, inputs_of([Node("Symptom", "X:1", {"en": "flu"})], "other"))
    assert [item.rule for item in report.problems] == ["kind-conflict"]
    assert report.change_set is None


async def test_progress_tells_the_step_and_how_far(ledger: Ledger, store: Store) -> None:
    heard: list[tuple[str, int, int]] = []
    await loaded(ledger, store, inputs_of(many()), batch_size=40, progress=lambda *step: heard.append(step))
    assert heard == [("read", 0, 0), ("write", 40, 80), ("write", 80, 80)]


async def test_a_database_that_was_never_prepared_is_told_of(store: Store) -> None:
    await store.command(Statement("MATCH (meta:Meta) DELETE meta"))
    with pytest.raises(StoreError, match="holds no graph yet"):
        await loaded(Ledger(store), store, inputs_of(many()))


async def test_hetionet_is_loaded_whole_and_twice_is_once(ledger: Ledger, store: Store, shared_data: Path) -> None:
    inputs = plan_load("hetionet", [shared_data / "hetionet"])
    report = await loaded(ledger, store, inputs)
    assert (report.nodes, report.edges) == (Counts(new=2472), Counts(new=6074))
    # Besides, three tables of the folder hold neither nodes nor edges.
    assert (report.rejected, report.skipped) == (0, 402 + 3602 + 3)
    assert report.by_rule["file-not-read"] == 3
    before = await digest(store)
    for again in (False, True):
        second = await loaded(ledger, store, inputs, again=again)
        assert (second.nodes, second.edges) == (Counts(unchanged=2472), Counts(unchanged=6074))
        assert await digest(store) == before


async def test_the_slims_of_the_disease_ontology_are_loaded_in_one_change_set(
    ledger: Ledger, store: Store, shared_data: Path
) -> None:
    folder = shared_data / "disease-ontology"
    report = await loaded(ledger, store, plan_load("obo", [folder]))
    # 536 and 81 diseases with 326 and 50 codes, 498 and 80 parents, 332 and 51 times a code.
    assert report.rejected == 0
    assert report.nodes == Counts(new=536 + 81 + 326 + 50)
    assert report.edges == Counts(new=498 + 80 + 332 + 51)
    assert len(await ledger.change_sets()) == 1


WORDS = st.sampled_from(["flu", "cough", "fever", "rash"])
SHARES = st.sampled_from([0.1, 0.5, 0.9])


@st.composite
def small_inputs(draw: st.DrawFn, source: str) -> Inputs:
    """A source that tells a few diseases and symptoms by any names, and edges between those it tells."""
    nodes = [
        Node(
            kind,
            f"{kind[0]}:{number}",
            draw(st.dictionaries(st.sampled_from(["en", "ru"]), WORDS, min_size=1)),
            {"en": tuple(words)} if (words := draw(st.lists(WORDS, unique=True, max_size=2))) else {},
            {"prior": draw(SHARES)} if kind == "Disease" and draw(st.booleans()) else {},
            tuple(draw(st.lists(st.sampled_from(["MESH:1", "MESH:2"]), unique=True))),
        )
        for kind in ("Disease", "Symptom")
        for number in sorted(draw(st.sets(st.integers(0, 2))))
    ]
    pairs = [(a.id, b.id) for a in nodes for b in nodes if a.kind == "Disease" and b.kind == "Symptom"]
    edges = [
        Edge("HAS_SYMPTOM", start, end, tuple(evidence(source, weight=weight) for weight in weights))
        for start, end in pairs
        if (weights := draw(st.lists(SHARES, unique=True, max_size=2)))
    ]
    return inputs_of([*nodes, *edges], source)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=small_inputs("mkg-core"), other=small_inputs("clinic"), size=st.integers(1, 7))
async def test_twice_is_once_and_the_order_of_sources_does_not_matter(
    store: Store, emptied: Callable[[Store], Awaitable[None]], one: Inputs, other: Inputs, size: int
) -> None:
    ledger = Ledger(store)
    await emptied(store)
    for inputs in (one, other):
        await loaded(ledger, store, inputs, batch_size=size)
    once = await digest(store)
    merged = await digest(store, log=False)
    for inputs in (one, other, one):
        await loaded(ledger, store, inputs, batch_size=size, again=True)
    assert await digest(store) == once
    await emptied(store)
    for inputs in (other, one):
        await loaded(ledger, store, inputs, batch_size=size)
    assert await digest(store, log=False) == merged
