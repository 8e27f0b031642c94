"""What the ledger thinks before it writes: the ids of change sets."""

from __future__ import annotations

from kg.ledger import Draft, Place

DRAFT = Draft("proposal", "a name", "anna", "P:1")


def test_the_id_of_a_change_set_follows_from_what_is_changed_and_from_all_before() -> None:
    place = Place(seq=2, at="2026-01-01", parent="CS:1")

    assert place.id_for(DRAFT) == Place(seq=9, at="2027-01-01", parent="CS:1").id_for(DRAFT)
    assert place.id_for(DRAFT) != Place(seq=2, at="2026-01-01", parent="CS:2").id_for(DRAFT)
    assert place.id_for(DRAFT) != place.id_for(Draft("undo", "a name", "anna", "P:1"))
    assert place.id_for(DRAFT).startswith("CS:")
