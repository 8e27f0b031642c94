"""Files that were cut, mixed up or written over never end in anything but records and problems."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.sources.records import Found, Problem
from tests.unit.kg.sources.reading_formats import Opened
from tests.unit.kg.sources.test_icd10_claml import CLAML
from tests.unit.kg.sources.test_medsyn import DISEASES, HSDN, MEDS
from tests.unit.kg.sources.test_real_folders import FORMATS, TAKEN
from tests.unit.kg.sources.text_in_memory import InMemory

BY_NAME = {format.name: format for format in FORMATS}
OWN = {
    ("icd10-claml", "classification"): CLAML,
    ("medsyn", "diseases"): DISEASES,
    ("medsyn", "meds"): MEDS,
    ("medsyn", "hsdn"): HSDN.replace("|", "\t") + "cough\tasthma\t1\t2.0\tD001249\tD003371\tDOID:2841\tasthma\n",
    ("medsyn", "symptoms"): '{"J20": ["кашель"],\n "J45": ["свист"]}\n',
    ("inn", "names"): "code,en,ru,la\nJ01CA04,amoxicillin,амоксициллин,Amoxicillinum\n",
}
NOISE = (
    "",
    "\t",
    ",",
    ";",
    '"',
    "\x00",
    "\r",
    "\ufeff",
    "\u202e",
    "=1+1",
    "9" * 5000,
    "x" * 200_000,
    "<",
    "-1",
    "nan",
    "::",
)


def damaged(lines: list[str], random_: random.Random) -> list[str]:
    lines = list(lines)
    for _ in range(random_.randint(1, 5)):
        at = random_.randrange(len(lines))
        line = lines[at]
        match random_.randrange(5):
            case 0:
                lines[at] = line[: random_.randrange(len(line) + 1)]
            case 1:
                cut = random_.randrange(len(line) + 1)
                lines[at] = line[:cut] + random_.choice(NOISE) + line[cut:]
            case 2:
                cells = line.split("\t")
                random_.shuffle(cells)
                lines[at] = "\t".join(cells)
            case 3:
                lines.insert(at, line)
            case _:
                words = line.split()
                lines[at] = line.replace(random_.choice(words), random_.choice(NOISE)) if words else ""
    return lines


@pytest.mark.parametrize(("name", "slot"), [*TAKEN.values(), *OWN], ids=str)
def test_damage_gives_problems_and_records_only(name: str, slot: str, shared_data: Path) -> None:
    if (name, slot) in OWN:
        lines = OWN[name, slot].splitlines(keepends=True)
    else:
        (path, *_) = (path for path, owner in TAKEN.items() if owner == (name, slot))
        lines = [line for line, _ in zip(Opened(shared_data / path), range(200), strict=False)]
    format = BY_NAME[name]
    for seed in range(25):
        text = InMemory("file", tuple(damaged(lines, random.Random(f"{name} {slot} {seed}"))))
        files = {one.name: [text] if one.name == slot else [] for one in format.slots}
        try:
            parts = format.plan(files)
        except DataError:
            continue
        for part in parts:
            for record in part.records():
                assert isinstance(record, Found | Problem)
                if isinstance(record, Problem):
                    assert record.rule
                    assert record.fix
                    assert len(record.value) <= 200
                    assert len(record.message) <= 1000
