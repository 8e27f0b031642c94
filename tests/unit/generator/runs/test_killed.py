"""Real processes are killed in the middle of a run, and what is there in the end is what an unbroken run writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.unit.generator.runs import killed_notes

ROOT = Path(__file__).resolve().parents[4]
TOTAL = sum(count for _, count in killed_notes.PARTS)


def without_time(manifest: Path) -> dict[str, object]:
    return json.loads(manifest.read_text()) | {"seconds": 0}


def test_runs_that_were_killed_again_and_again_end_in_the_bytes_of_unbroken_ones(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.unit.generator.runs.killed_notes", str(tmp_path), "6", "3"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    for stood in json.loads(ran.stdout).values():
        # Nothing is lost by a kill, and some came in the middle.
        assert stood == sorted(stood)
        assert any(0 < rows < TOTAL for rows in stood)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    names = sorted(str(path.relative_to(whole)) for path in whole.rglob("*") if path.is_file())
    assert sorted(str(path.relative_to(killed)) for path in killed.rglob("*") if path.is_file()) == names
    for name in names:
        if name.endswith("manifest.json"):
            assert without_time(killed / name) == without_time(whole / name)
        else:
            assert (killed / name).read_bytes() == (whole / name).read_bytes(), name
    shards = sorted((killed / "notes").glob("*.jsonl"))
    assert [path.name for path in shards] == [f"notes-0000{number}.jsonl" for number in range(4)]
    for lines in ([(killed / "notes.jsonl").read_text()], [path.read_text() for path in shards]):
        ids = [json.loads(line)["id"] for line in "".join(lines).splitlines()]
        assert len(set(ids)) == len(ids) == TOTAL
