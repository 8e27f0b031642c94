"""What did not get into a note is named, the strongest of each kind first, with the option that left it out."""

from __future__ import annotations

from generator.dropping import why_dropped
from generator.facts import FactSheet, tell
from generator.naming import Naming
from generator.recipe import Options
from kg.subgraph import Subgraph, SubgraphEdge, SubgraphNode

DISEASE = SubgraphNode("DOID:1", "Disease", {"en": "gout"}, {}, {})


def answer(kind: str, **strengths: float) -> Subgraph:
    nodes = {name: SubgraphNode(name, "Symptom", {"en": name}, {}, {}) for name in strengths}
    edges: dict[str, SubgraphEdge] = {}
    for name, strength in strengths.items():
        start, end = ("DOID:1", name) if kind == "HAS_SYMPTOM" else (name, "DOID:1")
        edges[f"e {name}"] = SubgraphEdge(f"e {name}", kind, start, end, {"weight": strength}, (), ())
    return Subgraph("", nodes | {DISEASE.id: DISEASE}, edges, (), (DISEASE.id,), tuple(nodes), {}, (), "CS:1")


def told(options: Options) -> FactSheet:
    answers = {
        "symptoms": answer("HAS_SYMPTOM", a=0.9, b=0.8, c=0.7, d=0.6, e=0.5),
        "drugs": answer("TREATS", x=0, y=0, z=0),
    }
    return tell(DISEASE, answers, naming=Naming("en"), max_facts=options.max_facts, token_budget=options.token_budget)


def dropped(options: Options) -> list[tuple[str, str]]:
    return [(fact.name, why) for fact, why in why_dropped(told(options), options)]


def test_a_limit_is_named_for_what_is_beyond_it() -> None:
    options = Options(max_facts={"symptom": 3, "drug": 2})
    limit = "max_facts.symptom is 3"
    assert dropped(options) == [("z", "max_facts.drug is 2"), ("d", limit), ("e", limit)]


def test_a_budget_takes_the_last_of_every_kind_before_the_second_last_of_any() -> None:
    budgets = range(20, 90, 2)
    kept = [{fact.name for fact in told(Options(token_budget=budget)).facts[1:]} for budget in budgets]
    order: list[str] = []
    for names in kept:
        order += sorted(names - set(order))
    # The strongest of both kinds, then the second of both, until the shorter list is at its end.
    assert order == ["a", "x", "b", "y", "c", "z", "d", "e"]


def test_limit_and_budget_are_told_apart() -> None:
    options = Options(max_facts={"symptom": 4}, token_budget=38)
    found = dropped(options)
    assert [name for name, why in found if why == "token_budget is 38"] == ["z", "c", "d"]
    assert [name for name, why in found if why == "max_facts.symptom is 4"] == ["e"]
    assert {fact.name for fact in told(options).facts[1:]} == {"a", "b", "x", "y"}


def test_nothing_is_named_where_all_found_room() -> None:
    assert dropped(Options()) == []
