"""Curation on a real server: nothing reaches the graph alone, one decision each, and all of it can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kg.curation import Desk, Proposal, State, curated
from kg.errors import CurationError, KgError, ProposalNotFound, RecordRejected, StepRefused, StoreConflict
from kg.ledger import Draft, Ledger
from kg.statements import Statement, fixed
from kg.store import Address, Store
from kg.values import Edge, Evidence, Node

pytestmark = pytest.mark.neo4j

T = TypeVar("T")
Digest = Callable[[Store], Awaitable[str]]

FEVER = "DOID:1/HAS_SYMPTOM/S:0"
GRAPH: tuple[Node | Edge, ...] = (
    Node("Disease", "DOID:1", {"en": "acute bronchitis", "ru": "острый бронхит"}),
    Node("Disease", "DOID:2", {"en": "asthma"}),
    *(Node("Symptom", f"S:{number}", {"en": f"symptom {number}"}) for number in range(4)),
    Edge(
        "HAS_SYMPTOM", "DOID:1", "S:0", (Evidence("mkg-core", "1", "Apache-2.0", "core", "us", claims={"weight": 0.3}),)
    ),
)


async def load(store: Store) -> str:
    """Load the small graph and return its change set."""
    done = await Ledger(store).tell(Draft("import", "small", "us", "small"), GRAPH, source="mkg-core", last=True)
    assert done.change_set is not None
    return done.change_set


async def told(store: Store, edge: str | None = None) -> list[dict[str, Any]]:
    """Return the evidence on this edge, or on all edges that there are now."""
    rows = await store.read(
        Statement(
            "MATCH ()-[r]->() WHERE r.until IS NULL AND ($edge IS NULL OR r.id = $edge) RETURN r.told AS told",
            {"edge": edge},
        )
    )
    return [item for row in rows for item in orjson.loads(row["told"])]


@pytest.fixture
async def loaded(store: Store) -> str:
    return await load(store)


@pytest.fixture
def desk(store: Store, ledger: Ledger, loaded: str) -> Desk:
    return Desk(store, ledger)


async def weight(store: Store, edge: str = FEVER) -> float | None:
    rows = await store.read(Statement("MATCH ()-[r:HAS_SYMPTOM {id: $id}]->() RETURN r.weight AS weight", {"id": edge}))
    return rows[0]["weight"] if rows else None


async def names(store: Store, node: str) -> dict[str, Any]:
    (row,) = await store.read(fixed("read/nodes_state", ids=[node]))
    return row["properties"]


async def propose(desk: Desk, value: float = 0.6, end: str = "S:0", by: str = "anna", **more: Any) -> Proposal:
    evidence = curated("PMID:123", by=by, claims={"weight": value})
    return await desk.propose_edge("HAS_SYMPTOM", "DOID:1", end, evidence, by=by, **more)


async def test_a_proposal_changes_nothing_until_somebody_else_accepts_it(
    store: Store, desk: Desk, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    proposal = await propose(desk, note="seen often")
    assert (proposal.status, proposal.version, proposal.by) == (State.PROPOSED, 1, "anna")
    assert proposal.title == "acute bronchitis HAS_SYMPTOM symptom 0 (weight 0.6)"
    assert await graph_digest(store) == before

    accepted = await desk.accept(proposal.id, by="boris", note="agreed")
    assert (accepted.status, accepted.version) == (State.ACCEPTED, 2)
    assert (accepted.decided_by, accepted.decision_note) == ("boris", "agreed")
    assert await weight(store) == 0.6
    assert await desk.proposal(proposal.id) == accepted


async def test_undo_gives_back_the_very_same_graph_and_its_undo_the_change(
    store: Store, desk: Desk, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    proposal = await desk.accept((await propose(desk)).id, by="boris")
    after = await graph_digest(store)
    assert proposal.change_set is not None

    undone = await desk.undo(proposal.change_set, by="vera", note="misread")
    assert await graph_digest(store) == before != after
    assert (await desk.proposal(proposal.id)).status is State.UNDONE

    redone = await desk.undo(undone, by="anna")
    assert await graph_digest(store) == after
    assert (await desk.proposal(proposal.id)).status is State.ACCEPTED

    assert await desk.undo(redone, by="boris") not in (undone, redone)
    assert await graph_digest(store) == before


async def test_a_new_edge_is_made_and_is_gone_after_undo(store: Store, desk: Desk) -> None:
    proposal = await desk.accept((await propose(desk, end="S:3")).id, by="boris")
    assert await weight(store, "DOID:1/HAS_SYMPTOM/S:3") == 0.6

    await desk.undo(proposal.id, by="boris")
    assert await weight(store, "DOID:1/HAS_SYMPTOM/S:3") is None


async def test_a_new_name_takes_the_place_of_the_old_which_becomes_a_synonym(
    store: Store, desk: Desk, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    proposal = await desk.propose_name("DOID:1", "ru", "бронхит острый", by="anna", reference="ICD10:J20")
    await desk.accept(proposal.id, by="boris")
    now = await names(store, "DOID:1")

    assert (now["name_ru"], now["synonyms_ru"], now["authority"]) == ("бронхит острый", ["острый бронхит"], 3)
    found = await store.read(
        Statement("CALL db.index.fulltext.queryNodes('names', '\"бронхит острый\"') YIELD node RETURN node.id AS id")
    )
    assert {"id": "DOID:1"} in found

    await desk.undo(proposal.id, by="boris")
    assert await graph_digest(store) == before


async def test_evidence_against_an_edge_is_kept_beside_what_speaks_for_it(store: Store, desk: Desk) -> None:
    evidence = curated("PMID:9", by="anna", against=True, snippet="no fever was seen")
    proposal = await desk.propose_edge("HAS_SYMPTOM", "DOID:1", "S:0", evidence, by="anna")
    assert proposal.title.startswith("not: ")
    await desk.accept(proposal.id, by="boris")

    assert sorted(item["direction"] for item in await told(store, FEVER)) == ["against", "for"]
    assert await weight(store) == 0.3


async def propose_removal(desk: Desk, reference: str = "PMID:9", by: str = "anna", **more: Any) -> Proposal:
    evidence = curated(reference, by=by, against=True, snippet="no fever was seen")
    return await desk.propose_removal("HAS_SYMPTOM", "DOID:1", "S:0", evidence, by=by, **more)


async def test_an_accepted_removal_takes_the_edge_out_and_its_undo_gives_back_the_very_same_graph(
    store: Store, desk: Desk, ledger: Ledger, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    proposal = await propose_removal(desk, note="a mistake of the source")
    assert (proposal.kind, proposal.title) == ("removal", "remove: acute bronchitis HAS_SYMPTOM symptom 0")
    assert await weight(store) == 0.3

    accepted = await desk.accept(proposal.id, by="boris")
    assert accepted.change_set is not None
    assert await told(store, FEVER) == []
    assert await graph_digest(store) != before
    (change,) = await ledger.changes(accepted.change_set)
    assert (change.id, change.after) == (FEVER, None)
    with pytest.raises(CurationError, match="no such edge to remove"):
        await propose_removal(desk, "PMID:10")

    undone = await desk.undo(accepted.id, by="vera")
    assert await graph_digest(store) == before
    await desk.undo(undone, by="vera")
    assert await told(store, FEVER) == []


async def test_a_removal_is_proposed_once_and_operations_are_repeated_safely(desk: Desk) -> None:
    first = await propose_removal(desk, operation="a")
    assert await propose_removal(desk, operation="a") == first == await propose_removal(desk, by="vera")
    accepted = await desk.accept(first.id, by="boris", operation="b")
    assert await desk.accept(first.id, by="boris", operation="b") == accepted
    assert await propose_removal(desk, operation="a") == first


async def test_an_edge_that_got_evidence_after_its_removal_was_proposed_stays(store: Store, desk: Desk) -> None:
    removal = await propose_removal(desk)
    other = await desk.accept((await propose(desk)).id, by="boris")

    with pytest.raises(StepRefused, match="came in after the removal was proposed"):
        await desk.accept(removal.id, by="boris")
    assert await weight(store) == 0.6
    assert (await desk.proposal(removal.id)).status is State.PROPOSED

    await desk.undo(other.id, by="boris")
    assert (await desk.accept(removal.id, by="boris")).status is State.ACCEPTED


async def test_evidence_names_who_said_it_and_the_change_set_that_brought_it(store: Store, desk: Desk) -> None:
    proposal = await desk.accept((await propose(desk)).id, by="boris")
    (item,) = (item for item in await told(store) if item["source"] == "curation")

    assert (item["asserted_by"], item["change_set"]) == ("anna", proposal.change_set)
    assert item["at"] == proposal.decided_at


async def test_the_expert_who_was_accepted_last_is_believed(store: Store, desk: Desk) -> None:
    high, low = await propose(desk, 0.9), await propose(desk, 0.2)
    await desk.accept(low.id, by="boris")
    assert await weight(store) == 0.2
    await desk.accept(high.id, by="boris")
    assert await weight(store) == 0.9


async def test_a_later_load_does_not_outvote_an_expert(store: Store, desk: Desk, ledger: Ledger) -> None:
    await desk.accept((await propose(desk)).id, by="boris")
    louder = Edge("HAS_SYMPTOM", "DOID:1", "S:0", (Evidence("zzz", "9", "CC0-1.0", "r", "us", claims={"weight": 1}),))
    await ledger.tell(Draft("import", "late", "us", "late"), [louder], source="zzz", last=True)

    assert await weight(store) == 0.6


@pytest.mark.parametrize("by", ["anna", " Anna "])
async def test_nobody_accepts_or_rejects_their_own(store: Store, desk: Desk, graph_digest: Digest, by: str) -> None:
    before = await graph_digest(store)
    proposal = await propose(desk)

    with pytest.raises(StepRefused, match="anna made this proposal") as caught:
        await desk.accept(proposal.id, by=by)
    assert "somebody else" in str(caught.value.hint)
    with pytest.raises(StepRefused, match="anna made this proposal"):
        await desk.reject(proposal.id, by=by)
    assert await graph_digest(store) == before
    assert await desk.proposal(proposal.id) == proposal


async def test_only_the_author_withdraws(desk: Desk) -> None:
    proposal = await propose(desk)
    with pytest.raises(StepRefused, match="only anna"):
        await desk.withdraw(proposal.id, by="boris")

    assert (await desk.withdraw(proposal.id, by="anna", note="wrong paper")).status is State.WITHDRAWN
    assert (await propose(desk)).id != proposal.id


async def test_who_decides_second_is_told_what_was_decided(desk: Desk) -> None:
    proposal = await propose(desk)
    await desk.reject(proposal.id, by="boris", note="too few cases")

    with pytest.raises(StepRefused, match="is rejected: accept is not possible") as caught:
        await desk.accept(proposal.id, by="vera")
    assert "version 2, by boris" in str(caught.value.place)


async def test_who_looked_at_another_version_is_told_the_current_one(desk: Desk) -> None:
    proposal = await propose(desk)

    with pytest.raises(StepRefused, match="it is proposed, version 1, not version 7"):
        await desk.accept(proposal.id, by="boris", version=7)
    assert (await desk.accept(proposal.id, by="boris", version=1)).version == 2


async def test_the_same_proposed_again_while_it_is_open_is_the_same_proposal(desk: Desk) -> None:
    first = await propose(desk)

    assert await propose(desk) == first
    assert await propose(desk, by="boris") == first
    assert len(await desk.proposals()) == 1


@pytest.mark.parametrize("end", ["S:2", "S:0"], ids=["a new edge", "an edge that is there"])
async def test_evidence_is_proposed_with_one_statement_and_just_as_it_is_step_by_step(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    evidence = curated('PMID:1 "quoted" \\ back', by="anna", claims={"weight": 0.25})
    await desk.accept((await desk.propose_name(end, "en", 'a "so-called" \\ cough', by="a", reference="x")).id, by="b")
    before = store.statements_run
    at_once = await desk.propose_edge("HAS_SYMPTOM", "DOID:1", end, evidence, by="anna", note="why", operation="o")
    assert store.statements_run - before == 1
    assert await desk.proposal(at_once.id) == at_once
    assert await desk.propose_edge("HAS_SYMPTOM", "DOID:1", end, evidence, by="anna", operation="o") == at_once

    await store.command(Statement("MATCH (p:Proposal {id: $id}) DELETE p", {"id": at_once.id}))
    monkeypatch.setattr(store, "command", no_rows)
    stepwise = await desk.propose_edge("HAS_SYMPTOM", "DOID:1", end, evidence, by="anna", note="why")
    assert replace(stepwise, at=at_once.at) == at_once
    assert stepwise.at > at_once.at


async def test_evidence_that_an_edge_has_is_not_proposed_again_and_other_words_of_the_same_reference_are(
    store: Store, desk: Desk
) -> None:
    def spoken(value: float) -> Evidence:
        return curated('PMID:1 "quoted" \\ back', by="anna", claims={"weight": value})

    first = await desk.propose_edge("HAS_SYMPTOM", "DOID:1", "S:0", spoken(0.25), by="anna")
    await desk.accept(first.id, by="boris")
    with pytest.raises(CurationError, match=f"{FEVER} with this evidence"):
        await desk.propose_edge("HAS_SYMPTOM", "DOID:1", "S:0", spoken(0.25), by="vera")
    before = store.statements_run
    assert (await desk.propose_edge("HAS_SYMPTOM", "DOID:1", "S:0", spoken(0.5), by="vera")).status is State.PROPOSED
    assert store.statements_run - before > 1


async def no_rows(statement: Statement, **options: Any) -> list[Any]:
    return []


async def test_times_of_proposals_never_run_backwards(desk: Desk) -> None:
    await propose(desk, 0.1, end="S:1")
    await desk.propose_name("DOID:1", "en", "bronchitis", by="anna", reference="PMID:1")
    await propose(desk, 0.2)
    await propose(desk, 0.3, end="S:1")
    times = [proposal.at for proposal in reversed(await desk.proposals())]
    assert times == sorted(set(times))
    assert {len(at) for at in times} == {len("2026-01-01T00:00:00.000000+00:00")}


async def test_many_who_propose_the_same_at_once_make_one_proposal(desk: Desk) -> None:
    made = await asyncio.gather(*(propose(desk, by=f"curator {number}") for number in range(12)))

    assert len({proposal.id for proposal in made}) == 1
    assert len(await desk.proposals()) == 1


async def test_what_was_rejected_is_not_proposed_again_without_naming_it(desk: Desk) -> None:
    rejected = await desk.reject((await propose(desk)).id, by="boris", note="too few cases")

    for by in ("anna", "vera"):
        with pytest.raises(StepRefused, match="rejected by boris: too few cases") as caught:
            await propose(desk, by=by)
        assert rejected.id in str(caught.value.hint)
    again = await propose(desk, note=f"{rejected.id} overlooked the second table")
    assert again.id != rejected.id
    assert (await propose(desk, 0.7)).status is State.PROPOSED


async def test_what_the_graph_says_already_is_not_proposed(desk: Desk) -> None:
    await desk.accept((await propose(desk)).id, by="boris")

    for by in ("anna", "vera"):
        with pytest.raises(CurationError, match="says this already"):
            await propose(desk, by=by)
    with pytest.raises(CurationError, match="says this already"):
        await desk.propose_name("DOID:1", "en", "acute bronchitis", by="anna", reference="PMID:1")


async def test_two_open_names_for_one_node_do_not_overwrite_one_another(store: Store, desk: Desk) -> None:
    one = await desk.propose_name("DOID:2", "ru", "астма", by="anna", reference="PMID:1")
    two = await desk.propose_name("DOID:2", "ru", "бронхиальная астма", by="vera", reference="PMID:2")
    await desk.accept(one.id, by="boris")

    with pytest.raises(StepRefused, match="'астма' now"):
        await desk.accept(two.id, by="boris")
    assert (await names(store, "DOID:2"))["name_ru"] == "астма"


async def test_an_undo_is_refused_with_what_was_changed_later(store: Store, desk: Desk, graph_digest: Digest) -> None:
    first = await desk.accept((await propose(desk, 0.6)).id, by="boris")
    second = await desk.accept((await propose(desk, 0.7)).id, by="boris")
    before = await graph_digest(store)

    with pytest.raises(StepRefused, match="changed later") as caught:
        await desk.undo(first.id, by="boris")
    assert FEVER in str(caught.value.place)
    assert str(second.change_set) in str(caught.value.place)
    assert await graph_digest(store) == before

    await desk.undo(second.id, by="boris")
    await desk.undo(first.id, by="boris")
    assert await weight(store) == 0.3


async def test_a_load_can_be_taken_back_unless_something_stands_on_it(
    store: Store, desk: Desk, loaded: str, graph_digest: Digest
) -> None:
    before = await graph_digest(store)
    proposal = await desk.accept((await propose(desk, end="S:3")).id, by="boris")
    with pytest.raises(StoreConflict, match="still has edges: DOID:1, S:3"):
        await desk.undo(loaded, by="boris")

    await desk.undo(proposal.id, by="boris")
    gone = await desk.undo(loaded, by="boris")
    assert await store.read(Statement("MATCH (n:Entity) RETURN n")) == []
    await desk.undo(gone, by="boris")
    assert await graph_digest(store) == before


async def test_a_large_load_is_taken_back_in_one_piece(store: Store, desk: Desk, ledger: Ledger) -> None:
    many = [Node("Symptom", f"BIG:{number}", {"en": f"sign {number}"}) for number in range(3000)]
    big = await ledger.tell(Draft("import", "big", "us", "big"), many, source="big", last=True)
    assert big.change_set is not None

    await desk.undo(big.change_set, by="boris")
    assert await store.read(Statement("MATCH (n:Symptom) WHERE n.id STARTS WITH 'BIG:' RETURN n")) == []


async def test_what_is_too_large_or_not_finished_is_not_taken_back(store: Store, desk: Desk, ledger: Ledger) -> None:
    draft = Draft("import", "half", "us", "half")
    half = await ledger.tell(draft, [Node("Symptom", "S:9", {"en": "x"})], source="a", last=False)
    assert half.change_set is not None
    with pytest.raises(StepRefused, match="is not finished"):
        await desk.undo(half.change_set, by="boris")

    await ledger.tell(draft, [], source="a", last=True)
    await store.command(Statement("MATCH (c:ChangeSet {id: $id}) SET c.changed = 20001", {"id": half.change_set}))
    with pytest.raises(StepRefused, match="20001 changes, which is more than one undo can hold"):
        await desk.undo(half.change_set, by="boris")


async def test_an_accept_whose_node_is_gone_is_refused(store: Store, desk: Desk, loaded: str) -> None:
    proposal = await propose(desk, end="S:3")
    await desk.undo(loaded, by="boris")

    with pytest.raises(CurationError, match="no node 'DOID:1'"):
        await desk.accept(proposal.id, by="boris")
    assert (await desk.proposal(proposal.id)).status is State.PROPOSED


async def test_the_log_tells_who_did_what_when_and_why_newest_first(desk: Desk, loaded: str) -> None:
    accepted = await desk.accept((await propose(desk)).id, by="boris", note="agreed")
    other = await propose(desk, 0.7)
    await desk.reject(other.id, by="vera", note="too high")
    undone = await desk.undo(accepted.id, by="vera", note="misread")
    await desk.undo(undone, by="boris")
    log = await desk.log()

    assert [(entry.step, entry.by, entry.note) for entry in log] == [
        ("restore", "boris", ""),
        ("undo", "vera", "misread"),
        ("reject", "vera", "too high"),
        ("accept", "boris", "agreed"),
        ("import", "us", ""),
    ]
    assert [entry.at for entry in log] == sorted((entry.at for entry in log), reverse=True)
    assert (log[1].proposal, log[1].change_set) == (accepted.id, undone)
    assert (log[2].proposal, log[2].change_set) == (other.id, None)
    assert (log[4].proposal, log[4].change_set) == (None, loaded)
    assert await desk.log(limit=2) == log[:2]


async def test_proposals_are_listed_newest_first_and_by_state(desk: Desk) -> None:
    made = [await propose(desk, value / 10) for value in range(1, 5)]
    await desk.accept(made[0].id, by="boris")

    assert [item.id for item in await desk.proposals()] == [item.id for item in reversed(made)]
    assert [item.id for item in await desk.proposals(State.ACCEPTED)] == [made[0].id]
    assert len(await desk.proposals(State.PROPOSED, limit=2)) == 2


async def test_an_unknown_id_is_told_with_where_to_look(desk: Desk) -> None:
    for step in (desk.accept, desk.reject, desk.withdraw, desk.undo):
        with pytest.raises(ProposalNotFound, match="no proposal 'P:404'") as caught:
            await step("P:404", by="boris")
        assert "mkg review list" in str(caught.value.hint)
    with pytest.raises(ProposalNotFound):
        await desk.proposal("P:404")
    with pytest.raises(CurationError, match="no change set 'CS:404'"):
        await desk.undo("CS:404", by="boris")
    with pytest.raises(StepRefused, match="never came into the graph"):
        await desk.undo((await propose(desk)).id, by="boris")


@pytest.mark.parametrize("by", ["", "  ", "an\nna", "x" * 101])
async def test_a_nameless_person_does_nothing(desk: Desk, by: str) -> None:
    with pytest.raises((CurationError, RecordRejected)):
        await propose(desk, by=by or " ")
    with pytest.raises((CurationError, RecordRejected)):
        await desk.accept("P:1", by=by)


async def test_a_repeated_operation_answers_as_before_and_changes_nothing(
    store: Store, desk: Desk, graph_digest: Digest
) -> None:
    first = await propose(desk, operation="a")
    accepted = await desk.accept(first.id, by="boris", operation="b")
    undone = await desk.undo(first.id, by="boris", operation="c")
    before, log = await graph_digest(store), await desk.log()

    assert await propose(desk, operation="a") == first
    assert await desk.accept(first.id, by="boris", operation="b") == accepted
    assert await desk.undo(first.id, by="boris", operation="c") == undone
    assert await graph_digest(store) == before
    assert await desk.log() == log


async def test_one_operation_id_for_two_things_is_two_operations(desk: Desk) -> None:
    one, two = await propose(desk, 0.1, operation="a"), await propose(desk, 0.2, operation="a")
    assert one.id != two.id

    assert (await desk.accept(one.id, by="boris", operation="a")).status is State.ACCEPTED
    assert (await desk.reject(two.id, by="boris", operation="a")).status is State.REJECTED


async def test_of_many_who_decide_at_once_one_wins_and_the_others_are_told(
    store: Store, desk: Desk, neo4j_address: Address
) -> None:
    proposals = [await propose(desk, number / 100, end=f"S:{number % 4}") for number in range(30)]
    outcomes: list[tuple[str, str, Proposal | KgError]] = []

    async def curator(name: str, shift: int) -> None:
        async with Store.at(neo4j_address, deadline=60.0) as own:
            mine = Desk(own, Ledger(own))
            for proposal in proposals[shift:] + proposals[:shift]:
                step = mine.reject if name == "dora" else mine.accept
                try:
                    outcomes.append((name, proposal.id, await step(proposal.id, by=name, version=1)))
                except (StepRefused, StoreConflict) as error:
                    outcomes.append((name, proposal.id, error))

    # Three start together and one in the middle, so that every proposal is fought for.
    await asyncio.gather(curator("boris", 0), curator("vera", 0), curator("dora", 0), curator("egor", 15))

    assert len(outcomes) == 120
    winners = [outcome for outcome in outcomes if isinstance(outcome[2], Proposal)]
    losers = [error for *_, error in outcomes if isinstance(error, KgError)]
    assert sorted(number for _, number, _ in winners) == sorted(proposal.id for proposal in proposals)
    assert all("version 2" in str(error) for error in losers)
    assert len({name for name, *_ in winners}) > 1

    decided = {proposal.id: proposal for proposal in await desk.proposals(limit=100)}
    for name, number, _ in winners:
        assert (decided[number].decided_by, decided[number].version) == (name, 2)
    accepted = {number for name, number, _ in winners if name != "dora"}
    brought = [item["change_set"] for item in await told(store) if item["source"] == "curation"]
    assert sorted(brought) == sorted(str(decided[number].change_set) for number in accepted)
    log = [entry for entry in await desk.log(limit=100) if entry.step in ("accept", "reject")]
    assert len(log) == 30
    seqs = [item["seq"] for item in await Ledger(store).change_sets(limit=100)]
    assert seqs == list(range(len(accepted) + 1, 0, -1))


# A model in plain Python: what the graph should hold after any run of steps.

PEOPLE = ("anna", "boris", "vera")
EDGES = ("DOID:1/HAS_SYMPTOM/S:0", "DOID:1/HAS_SYMPTOM/S:1", "DOID:2/HAS_SYMPTOM/S:0")
Wish = tuple[str, str, float] | tuple[str, str]
"""An edge, a reference and a weight (GONE asks for its removal); or a node and a name."""
GONE = -1.0
Held = Mapping[int, Wish] | tuple[str | None, frozenset[str], bool]
"""Of an edge, the wishes that were granted, by the number of the change set; of a node, name, synonyms, an expert's."""


@dataclass
class Filed:
    """A proposal as the model knows it."""

    id: str
    wish: Wish
    by: str
    was: str | frozenset[tuple[Wish, str]] | None
    status: State = State.PROPOSED


@dataclass
class Made:
    """A change set as the model knows it."""

    id: str
    thing: str
    before: Held
    after: Held
    filed: Filed
    back: bool


@dataclass
class Model:
    """What curators have done so far."""

    held: dict[str, Held] = field(default_factory=dict)
    filed: list[Filed] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        for edge in EDGES:
            self.held[edge] = {}
        self.held["DOID:2"] = (None, frozenset(), False)

    def proposable(self, wish: Wish) -> Filed | bool:
        """Say whether it may be proposed, or which open proposal it is."""
        alike = [filed for filed in self.filed if filed.wish == wish]
        waiting = [filed for filed in alike if filed.status is State.PROPOSED]
        if waiting:
            return waiting[0]
        possible = bool(self.held[wish[0]]) if wish[-1] == GONE else not self.holds(wish)
        return not (alike and alike[-1].status is State.REJECTED) and possible

    def spoken(self, held: Held) -> frozenset[tuple[Wish, str]]:
        """Return what is said of an edge, and by whom."""
        assert not isinstance(held, tuple)
        return frozenset((wish, self.made[number].filed.by) for number, wish in held.items())

    def holds(self, wish: Wish) -> bool:
        held = self.held[wish[0]]
        return wish[1] == held[0] if isinstance(held, tuple) else wish in held.values()

    def granted(self, filed: Filed) -> Held | None:
        """Return what is held once the wish is granted, or None when it cannot be."""
        held = self.held[filed.wish[0]]
        if filed.wish[-1] == GONE:
            assert isinstance(filed.was, frozenset)
            return {} if held and self.spoken(held) <= filed.was else None
        if self.holds(filed.wish):
            return None
        if not isinstance(held, tuple):
            return {**held, len(self.made): filed.wish}
        name, synonyms, _ = held
        if name != filed.was:
            return None
        new = str(filed.wish[1])
        return new, (synonyms | ({name} if name else frozenset())) - {new}, True


class Curators(RuleBasedStateMachine):
    """Curators propose, decide and take back in any order; the graph is always what the model says."""

    def __init__(self, address: Address, emptied: Callable[[Store], Coroutine[Any, Any, None]]) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.address = address
        self.emptied = emptied
        self.model = Model()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        self.store = Store.at(self.address, deadline=60.0)
        self.ledger = Ledger(self.store)
        self.desk = Desk(self.store, self.ledger)
        self.run(self.emptied(self.store))
        nodes = [record for record in GRAPH if isinstance(record, Node)]
        self.run(self.ledger.tell(Draft("import", "small", "us", "s"), nodes, source="mkg-core", last=True))

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.run(self.check_that_the_log_tells_the_graph())
            self.run(self.store.close())
        self.loop.close()

    def attempt(self, work: Coroutine[Any, Any, T], allowed: bool) -> T | None:
        """Run a step that must succeed, or must be refused."""
        if allowed:
            return self.run(work)
        with pytest.raises(CurationError):
            self.run(work)
        return None

    @rule(
        edge=st.sampled_from(EDGES),
        reference=st.sampled_from(("PMID:1", "PMID:2")),
        weight=st.sampled_from((0.2, 0.8)),
        by=st.sampled_from(PEOPLE),
    )
    def propose_edge(self, edge: str, reference: str, weight: float, by: str) -> None:
        start, kind, end = edge.split("/")
        evidence = curated(reference, by=by, claims={"weight": weight})
        self.propose((edge, reference, weight), by, self.desk.propose_edge(kind, start, end, evidence, by=by))

    @rule(edge=st.sampled_from(EDGES), by=st.sampled_from(PEOPLE))
    def propose_removal(self, edge: str, by: str) -> None:
        start, kind, end = edge.split("/")
        evidence = curated("PMID:9", by=by, against=True)
        self.propose((edge, "PMID:9", GONE), by, self.desk.propose_removal(kind, start, end, evidence, by=by))

    @rule(name=st.sampled_from(("астма", "бронхиальная астма", "удушье")), by=st.sampled_from(PEOPLE))
    def propose_name(self, name: str, by: str) -> None:
        self.propose(("DOID:2", name), by, self.desk.propose_name("DOID:2", "ru", name, by=by, reference="PMID:1"))

    def propose(self, wish: Wish, by: str, work: Coroutine[Any, Any, Proposal]) -> None:
        possible = self.model.proposable(wish)
        made = self.attempt(work, possible is not False)
        if isinstance(possible, Filed):
            assert made is not None
            assert made.id == possible.id
        elif made:
            held = self.model.held[wish[0]]
            was = held[0] if isinstance(held, tuple) else self.model.spoken(held)
            self.model.filed.append(Filed(made.id, wish, by, was))

    @precondition(lambda self: self.model.filed)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def accept(self, data: st.DataObject, by: str) -> None:
        filed = data.draw(st.sampled_from(self.model.filed))
        open_to = filed.status is State.PROPOSED and filed.by != by
        after = self.model.granted(filed) if open_to else None
        done = self.attempt(self.desk.accept(filed.id, by=by), after is not None)
        if done and after is not None:
            thing = filed.wish[0]
            self.model.made.append(Made(str(done.change_set), thing, self.model.held[thing], after, filed, False))
            self.model.held[thing] = after
            filed.status = State.ACCEPTED

    @precondition(lambda self: self.model.filed)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def reject(self, data: st.DataObject, by: str) -> None:
        filed = data.draw(st.sampled_from(self.model.filed))
        if self.attempt(self.desk.reject(filed.id, by=by), filed.status is State.PROPOSED and filed.by != by):
            filed.status = State.REJECTED

    @precondition(lambda self: self.model.filed)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def withdraw(self, data: st.DataObject, by: str) -> None:
        filed = data.draw(st.sampled_from(self.model.filed))
        if self.attempt(self.desk.withdraw(filed.id, by=by), filed.status is State.PROPOSED and filed.by == by):
            filed.status = State.WITHDRAWN

    @precondition(lambda self: self.model.made)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def undo(self, data: st.DataObject, by: str) -> None:
        made = data.draw(st.sampled_from(self.model.made))
        needed, reached = (State.UNDONE, State.ACCEPTED) if made.back else (State.ACCEPTED, State.UNDONE)
        allowed = self.model.held[made.thing] == made.after and made.filed.status is needed
        done = self.attempt(self.desk.undo(made.id, by=by), allowed)
        if done:
            back = Made(done, made.thing, made.after, made.before, made.filed, not made.back)
            self.model.made.append(back)
            self.model.held[made.thing] = made.before
            made.filed.status = reached

    @invariant()
    def the_graph_is_what_the_model_says(self) -> None:
        if not hasattr(self, "store"):
            return
        for edge in EDGES:
            held = self.model.held[edge]
            assert not isinstance(held, tuple)
            last = held[max(held)] if held else None
            assert self.run(weight(self.store, edge)) == (last[2] if last and len(last) == 3 else None)
            kept = self.run(told(self.store, edge))
            assert sorted(item["reference"] for item in kept) == sorted(wish[1] for wish in held.values())
        held = self.model.held["DOID:2"]
        assert isinstance(held, tuple)
        name, synonyms, _ = held
        now = self.run(names(self.store, "DOID:2"))
        assert (now.get("name_ru"), set(now.get("synonyms_ru", ()))) == (name, set(synonyms))
        states = {proposal.id: proposal.status for proposal in self.run(self.desk.proposals(limit=1000))}
        assert states == {filed.id: filed.status for filed in self.model.filed}

    async def check_that_the_log_tells_the_graph(self) -> None:
        """Play all change sets from nothing, and compare with what the database holds."""
        played: dict[str, Any] = {}
        changes = []
        for head in reversed(await self.ledger.change_sets(limit=1000)):
            for change in await self.ledger.changes(head["id"]):
                assert played.get(change.id) == change.before
                played[change.id] = change.after
                changes.append(change)

        async def look(transaction: Any) -> Any:
            return await self.ledger.states(transaction, changes)

        held = await self.store.write(look, operation="the last look")
        assert held == {key: state for key, state in played.items() if state is not None}
        decided = [entry for entry in await self.desk.log(limit=1000) if entry.step != "import"]
        assert len([entry for entry in decided if entry.change_set]) == len(self.model.made)


def test_whatever_curators_do_the_graph_is_what_a_model_in_plain_python_says(
    neo4j_address: Address, emptied: Callable[[Store], Coroutine[Any, Any, None]]
) -> None:
    run_state_machine_as_test(
        lambda: Curators(neo4j_address, emptied),  # pyright: ignore[reportArgumentType]  # any factory will do
        settings=settings(
            max_examples=10, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
