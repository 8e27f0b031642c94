"""Ids that mean one thing are joined whatever the order; links that cannot all be true are told and not believed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identity.prefixes import prefix_of
from kg.identity.settle import Doubt
from kg.identity.settle import settle as settle_kind
from kg.identity.told import WHYS, Link
from kg.values import Same

DISEASE = "Disease"


def same(left: str, right: str, why: str = "exact", kind: str = DISEASE) -> Same:
    return Same(kind, left, right, why)  # type: ignore[arg-type]


@dataclass
class Settled:
    """What links of all kinds come to, by kind and id."""

    stands_for: Mapping[tuple[str, str], str]
    why: Mapping[tuple[str, str], str]
    doubts: Sequence[Doubt]
    unclear: Mapping[str, Sequence[str]]


def settle(
    links: Iterable[Same],
    there: Collection[tuple[str, str]],
    known: Iterable[Same] = (),
    meant: Iterable[Same] = (),
) -> Settled:
    told, before, made = list(links), list(known), list(meant)
    unclear: dict[str, Sequence[str]] = {}
    found: dict[tuple[str, str], str] = {}
    why: dict[tuple[str, str], str] = {}
    doubts: list[Doubt] = []
    for kind in sorted({link.kind for link in (*told, *before, *made)}):

        def of_kind(links: Sequence[Same], kind: str = kind) -> list[Link]:
            return [(link.left, link.right, link.why, at) for at, link in enumerate(links) if link.kind == kind]

        every = [*of_kind(told), *of_kind(before), *of_kind(made)]
        names = sorted({key for left, right, *_ in every for key in (left, right)})

        def is_there(key: str, kind: str = kind) -> bool:
            return (kind, key) in there

        settled = settle_kind(
            *(kind, names, of_kind(told), of_kind(before), of_kind(made)),
            there=is_there,
            doubted=doubts.append,
            unclear=unclear.__setitem__,
        )
        found |= {(kind, key): of for key, of in settled.stands_for.items()}
        why |= {(kind, key): WHYS[at] for key, at in zip(settled.stands_for, settled.why, strict=True)}
    assert all(told[doubt.where] == doubt.link for doubt in doubts)
    return Settled(found, why, doubts, unclear)


def stands(settled: Settled) -> dict[str, str]:
    return {key: of for (_, key), of in settled.stands_for.items()}


def present(*ids: str) -> set[tuple[str, str]]:
    return {(DISEASE, key) for key in ids}


def test_the_vocabulary_made_for_the_kind_stands_for_the_others() -> None:
    settled = settle([same("MESH:1", "MONDO:1"), same("MONDO:1", "DOID:1"), same("UMLS:1", "MESH:1")], ())
    assert stands(settled) == {"MESH:1": "DOID:1", "MONDO:1": "DOID:1", "UMLS:1": "DOID:1"}
    assert not settled.doubts


def test_what_the_graph_has_already_stands_for_what_is_new() -> None:
    assert stands(settle([same("MESH:1", "DOID:1")], present("MESH:1"))) == {"DOID:1": "MESH:1"}


def test_of_two_that_the_graph_has_the_better_vocabulary_stands_for_both() -> None:
    assert stands(settle([same("MESH:1", "DOID:1")], present("MESH:1", "DOID:1"))) == {"MESH:1": "DOID:1"}


def test_an_id_means_another_thing_as_an_id_of_another_kind() -> None:
    settled = settle([same("MESH:1", "DOID:1"), same("MESH:1", "HP:1", kind="Symptom")], ())
    assert settled.stands_for == {("Disease", "MESH:1"): "DOID:1", ("Symptom", "MESH:1"): "HP:1"}


@pytest.mark.parametrize("why", ["exact", "xref"])
def test_an_id_that_would_be_two_things_of_one_vocabulary_is_neither(why: str) -> None:
    settled = settle([same("MESH:1", "DOID:1", why), same("MESH:1", "DOID:2", why)], ())
    assert stands(settled) == {}
    assert len(settled.doubts) == 2
    assert all("MESH:1 is said to be the same as DOID:1, DOID:2" in doubt.why for doubt in settled.doubts)


def test_a_mapping_that_says_so_is_believed_before_a_cross_reference() -> None:
    settled = settle([same("MESH:1", "DOID:1"), same("MESH:1", "DOID:2", "xref")], ())
    assert stands(settled) == {"MESH:1": "DOID:1"}
    assert [doubt.link.right for doubt in settled.doubts] == ["DOID:2"]


def test_a_chain_may_not_end_at_a_second_id_of_one_vocabulary() -> None:
    settled = settle([same("DOID:1", "MESH:1"), same("MESH:1", "OMIM:1"), same("OMIM:1", "UMLS:1")], ())
    assert not settled.doubts
    assert len(stands(settled)) == 3
    settled = settle([same("DOID:1", "MESH:1"), same("MESH:1", "OMIM:1"), same("OMIM:1", "DOID:2")], ())
    assert len(settled.doubts) == 1
    assert "one thing" in settled.doubts[0].why


def test_what_was_settled_before_is_not_shaken_by_a_later_claim() -> None:
    settled = settle([same("MESH:1", "DOID:2")], present("DOID:1", "DOID:2"), [same("MESH:1", "DOID:1")])
    assert stands(settled) == {"MESH:1": "DOID:1"}
    assert len(settled.doubts) == 1


def test_an_obsolete_id_leads_to_the_last_of_its_chain_and_on_to_what_stands_for_that() -> None:
    links = [
        same("DOID:1", "DOID:2", "replaced"),
        same("DOID:2", "DOID:3", "replaced"),
        same("DOID:9", "DOID:3", "replaced"),
        same("MONDO:3", "DOID:3"),
    ]
    assert stands(settle(links, ())) == {
        "DOID:1": "DOID:3",
        "DOID:2": "DOID:3",
        "DOID:9": "DOID:3",
        "MONDO:3": "DOID:3",
    }
    settled = settle(links, present("MONDO:3"))
    assert stands(settled) == dict.fromkeys(("DOID:1", "DOID:2", "DOID:3", "DOID:9"), "MONDO:3")


def test_what_was_linked_to_an_obsolete_id_goes_along_with_it() -> None:
    known = [same("OMIM:1", "DOID:1")]
    links = [same("DOID:1", "DOID:2", "replaced"), same("OMIM:1", "DOID:2", "xref")]
    settled = settle(links, present("DOID:1"), known)
    assert stands(settled) == {"OMIM:1": "DOID:2", "DOID:1": "DOID:2"}
    assert not settled.doubts


def test_a_chain_that_was_known_in_part_is_followed_on() -> None:
    settled = settle([same("DOID:2", "DOID:3", "replaced")], (), [same("DOID:1", "DOID:2", "replaced")])
    assert stands(settled) == {"DOID:1": "DOID:3", "DOID:2": "DOID:3"}


def test_two_successors_a_circle_and_a_change_of_mind_are_told_of_and_not_followed() -> None:
    two = settle([same("DOID:1", "DOID:2", "replaced"), same("DOID:1", "DOID:3", "replaced")], ())
    circle = settle([same("DOID:1", "DOID:2", "replaced"), same("DOID:2", "DOID:1", "replaced")], ())
    other = settle([same("DOID:1", "DOID:3", "replaced")], (), [same("DOID:1", "DOID:2", "replaced")])
    back = settle([same("DOID:2", "DOID:1", "replaced")], (), [same("DOID:1", "DOID:2", "replaced")])
    assert (stands(two), len(two.doubts)) == ({}, 2)
    assert (stands(circle), len(circle.doubts)) == ({}, 2)
    assert (stands(other), len(other.doubts)) == ({"DOID:1": "DOID:2"}, 1)
    assert (stands(back), len(back.doubts)) == ({"DOID:1": "DOID:2"}, 1)


IDS = st.builds("{}:{}".format, st.sampled_from(("DOID", "MONDO", "MESH", "OMIM")), st.integers(1, 4))
LINKS = st.lists(
    st.builds(same, IDS, IDS, st.sampled_from(("exact", "xref", "replaced"))).filter(lambda s: s.left != s.right),
    max_size=12,
)


def one_vocabulary(link: Same) -> bool:
    """An id is replaced by another of its own vocabulary."""
    return prefix_of(link.left) == prefix_of(link.right)


def told(settled: Settled) -> tuple[object, ...]:
    """Return what was settled, without the direction in which a doubtful link was told."""
    doubts = sorted((doubt.why, sorted((doubt.link.left, doubt.link.right))) for doubt in settled.doubts)
    return dict(settled.stands_for), dict(settled.why), doubts


@given(LINKS, st.sets(IDS), st.randoms())
def test_the_order_in_which_links_are_told_does_not_matter(
    links: Sequence[Same], there: set[str], chance: object
) -> None:
    shuffled = list(links)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert told(settle(links, present(*there))) == told(settle(shuffled, present(*there)))


@given(LINKS, st.sets(IDS))
def test_two_ids_in_use_of_one_vocabulary_never_meet(links: Iterable[Same], there: set[str]) -> None:
    settled = settle(links, present(*there))
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for (kind, key), of in settled.stands_for.items():
        if settled.why[kind, key] != "replaced":
            groups[of].append(key)
    for of, others in groups.items():
        vocabularies = [prefix_of(key) for key in (of, *others)]
        assert len(set(vocabularies)) == len(vocabularies)


@given(LINKS, st.sets(IDS))
def test_what_an_id_stands_for_stands_for_itself(links: Iterable[Same], there: set[str]) -> None:
    found = stands(settle(links, present(*there)))
    assert not set(found) & set(found.values())


@given(
    LINKS.map(lambda links: [link for link in links if link.why != "replaced" or one_vocabulary(link)]), st.sets(IDS)
)
def test_settling_again_with_what_is_known_changes_nothing(links: Sequence[Same], there: set[str]) -> None:
    first = settle(links, present(*there))
    known = [Same(kind, key, of, first.why[kind, key]) for (kind, key), of in first.stands_for.items()]  # type: ignore
    again = settle(links, present(*there), known)
    assert again.stands_for == first.stands_for
    assert settle([], present(*there), known).stands_for == first.stands_for


def test_a_doubt_names_the_first_few_of_many_and_where_the_link_was_told() -> None:
    links = [same("MESH:1", f"DOID:{number}") for number in (7, 3, 9, 1, 5, 8, 2)]
    settled = settle(links, ())
    assert {doubt.why for doubt in settled.doubts} == {
        "MESH:1 is said to be the same as DOID:1, DOID:2, DOID:3, DOID:5, DOID:7"
    }
    assert sorted(doubt.where for doubt in settled.doubts) == list(range(7))


def test_of_links_between_the_same_two_the_surest_is_told_and_of_equals_the_first() -> None:
    links = [
        *(same("MESH:1", "DOID:1", "xref"), same("DOID:1", "MESH:1"), same("MESH:1", "DOID:1")),
        *(same("MESH:1", "DOID:2"), same("MESH:1", "DOID:2")),
    ]
    assert [doubt.where for doubt in settle(links, ()).doubts] == [1, 3]


def test_an_id_may_be_the_same_as_ids_of_any_number_of_vocabularies() -> None:
    links = [same("DOID:1", f"V{number}:1", "xref") for number in range(200)]
    assert set(stands(settle(links, ())).values()) == {"DOID:1"}
    settled = settle([*links, same("DOID:1", "V150:2", "xref")], ())
    assert {doubt.link.right for doubt in settled.doubts} == {"V150:1", "V150:2"}
    assert len(stands(settled)) == 199


def test_a_thing_may_have_several_names_and_codes() -> None:
    meant = [same("NAME:a", "HP:1"), same("NAME:b", "HP:1"), same("ICD10.DX:J20", "HP:1")]
    settled = settle([], present("HP:1"), meant=meant)
    assert stands(settled) == dict.fromkeys(("NAME:a", "NAME:b", "ICD10.DX:J20"), "HP:1")
    linked = settle(meant, present("HP:1"))
    assert (stands(linked), linked.doubts) == (stands(settled), [])


def test_a_name_that_several_things_have_means_none_of_them() -> None:
    settled = settle([], present("HP:1", "HP:2"), meant=[same("NAME:a", "HP:2"), same("NAME:a", "HP:1")])
    assert (stands(settled), settled.unclear) == ({}, {"NAME:a": ["HP:1", "HP:2"]})


def test_a_name_is_clear_once_the_things_that_have_it_are_one() -> None:
    meant = [same("NAME:a", "MONDO:1"), same("NAME:a", "DOID:1")]
    for links, known in (([same("MONDO:1", "DOID:1")], []), ([], [same("MONDO:1", "DOID:1")])):
        settled = settle(links, present("NAME:a", "DOID:1"), known, meant)
        assert (stands(settled), settled.unclear) == (dict.fromkeys(("MONDO:1", "NAME:a"), "DOID:1"), {})


def test_a_name_may_mean_what_is_known_by_another_name_alone() -> None:
    meant = [same("NAME:a", "NAME:b"), same("NAME:a", "HP:1"), same("NAME:b", "HP:1")]
    assert stands(settle([], (), meant=meant)) == {"NAME:a": "HP:1", "NAME:b": "HP:1"}
    assert stands(settle([], present("NAME:b"), meant=meant[:1])) == {"NAME:a": "NAME:b"}


def test_what_a_source_says_of_a_code_counts_more_than_who_is_recorded_under_it() -> None:
    settled = settle([same("ICD10.DX:J20", "DOID:1")], (), meant=[same("ICD10.DX:J20", "DOID:2")])
    assert stands(settled) == {"ICD10.DX:J20": "DOID:1"}


NAMES = st.builds(same, st.builds("NAME:{}".format, st.integers(1, 4)), st.one_of(IDS, st.just("NAME:5")))


@given(LINKS, st.lists(NAMES, max_size=8), st.sets(IDS))
def test_settling_again_gives_every_name_to_the_same_thing(
    links: Sequence[Same], meant: Sequence[Same], there: set[str]
) -> None:
    links = [link for link in links if link.why != "replaced" or one_vocabulary(link)]
    first = settle(links, present(*there), meant=meant)
    known = [Same(kind, key, of, first.why[kind, key]) for (kind, key), of in first.stands_for.items()]  # type: ignore
    aliases = {link.left for link in known}
    now = [link for link in meant if link.left not in aliases]
    assert settle(links, present(*there), known, now).stands_for == first.stands_for


@given(st.lists(NAMES, max_size=8), st.randoms())
def test_the_order_in_which_names_are_met_does_not_matter(meant: Sequence[Same], chance: object) -> None:
    shuffled = list(meant)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stands(settle([], (), meant=meant)) == stands(settle([], (), meant=shuffled))


LOADS = st.lists(
    st.lists(
        st.builds(same, IDS, IDS, st.sampled_from(("exact", "xref"))).filter(lambda s: s.left != s.right),
        min_size=1,
        max_size=5,
    ),
    min_size=2,
    max_size=3,
)


@given(LOADS)
def test_a_second_round_of_loads_settles_nothing_anew(loads: Sequence[Sequence[Same]]) -> None:
    aliases: dict[tuple[str, str], Same] = {}
    there: set[str] = set()

    def loaded() -> None:
        nonlocal there
        for links in loads:
            settled = settle(links, present(*there), aliases.values())
            aliases.update({key: same(key[1], of, settled.why[key], key[0]) for key, of in settled.stands_for.items()})
            told = there | {key for link in links for key in (link.left, link.right)}
            there = {alias.right if (alias := aliases.get((DISEASE, key))) else key for key in told}

    loaded()
    first = {key: link.right for key, link in aliases.items()}, there
    loaded()
    assert ({key: link.right for key, link in aliases.items()}, there) == first
