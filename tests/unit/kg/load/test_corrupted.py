"""Real files, spoilt in sixty ways: refused with a place, told row by row, or still right; never a traceback."""

from __future__ import annotations

from pathlib import Path

from bench.corrupted import samples, spoilt
from kg.sources.registry import FORMAT_BY_NAME


def test_whatever_is_done_to_a_real_file_it_is_told_of_or_still_right(shared_data: Path, tmp_path: Path) -> None:
    some = samples(shared_data, tmp_path)
    assert len(some) > 15
    assert {sample.format for sample in some} <= set(FORMAT_BY_NAME)
    results = list(spoilt(some, tmp_path, 60, seed=3))
    crashes = [one for one in results if one.found == "crash"]
    assert not crashes, crashes[0]
    assert {one.found for one in results} == {"refused", "reported", "valid"}
    assert [one.mutations for one in spoilt(some, tmp_path, 5, seed=3)] == [one.mutations for one in results[:5]]
