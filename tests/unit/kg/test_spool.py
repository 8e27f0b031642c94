from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.spool import Spool, share_of, spool


def test_what_was_written_is_read_in_order_as_often_as_wanted() -> None:
    with spool() as disk:
        for number in range(3):
            disk.write("a", {"number": number, "text": "строка\n\t"})
        assert [item["number"] for item in disk.read("a")] == [0, 1, 2]
        assert next(disk.read("a"))["text"] == "строка\n\t"
        assert disk.count("a") == 3


def test_of_a_name_that_was_never_written_nothing_is_read() -> None:
    with spool() as disk:
        assert list(disk.read("a")) == []
        assert disk.count("a") == 0
        disk.drop("a")


def test_two_names_do_not_mix_and_may_be_written_in_turns() -> None:
    with spool() as disk:
        for number in range(4):
            disk.write(str(number % 2), number)
        assert list(disk.read("0")) == [0, 2]
        assert list(disk.read("1")) == [1, 3]


def test_json_that_is_packed_already_is_kept_as_it_is() -> None:
    with spool() as disk:
        disk.write_packed("a", b"[1]")
        assert list(disk.lines("a")) == [b"[1]\n"]


def test_what_is_dropped_is_gone_from_the_disk_and_the_name_is_free_again(tmp_path: Path) -> None:
    disk = Spool(tmp_path)
    disk.write("a", 1)
    disk.drop("a")
    assert list(tmp_path.iterdir()) == []
    disk.write("a", 2)
    assert list(disk.read("a")) == [2]
    disk.close()


def test_nothing_is_left_on_the_disk_at_the_end_even_of_a_failure() -> None:
    folders: list[Path] = []

    def fail() -> None:
        with spool() as disk:
            disk.write("a", 1)
            folders.append(disk._folder)  # pyright: ignore[reportPrivateUsage]
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert not folders[0].exists()


@given(st.lists(st.text(min_size=1), min_size=1), st.integers(1, 50))
def test_a_share_follows_from_the_key_alone(keys: list[str], shares: int) -> None:
    assert all(0 <= share_of(key, shares) < shares for key in keys)
    assert [share_of(key, shares) for key in keys] == [share_of(key, shares) for key in keys]


def test_shares_are_of_like_size() -> None:
    sizes = [0] * 10
    for number in range(10_000):
        sizes[share_of(f"DOID:{number}", 10)] += 1
    assert min(sizes) > 800
