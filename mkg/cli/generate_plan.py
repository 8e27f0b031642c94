"""`mkg generate plan`: how many patients or notes each code gets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from generator.plans.codes import Codes, read_codes_of_graph
from generator.plans.spread import MODES, Mode, known_of, spread
from generator.plans.table import MOST, Entry, read_codes, read_counts, write_plan
from kg.connect import connected
from kg.query.names import code_of
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.generate_patients import codes_of
from mkg.cli.session import JsonOption, run, settings

_SHOWN = 10


class ModeOption(StrEnum):
    """How a budget is spread; the words are those of generator.plans.spread."""

    MEDSYN = "medsyn"
    PROPORTIONAL = "proportional"
    UNIFORM = "uniform"
    LONG_TAIL = "long-tail"


def plan(
    total: Annotated[int, typer.Option(min=1, max=MOST, help="The budget: exactly so many in all.")],
    mode: Annotated[ModeOption, typer.Option(help="How the budget is spread.")] = ModeOption.PROPORTIONAL,
    codes: Annotated[Path | None, typer.Option(help="CSV with a column icd10.", show_default=False)] = None,
    icd10: Annotated[
        list[str] | None, typer.Option(help="ICD-10 codes, with commas or repeated.", show_default=False)
    ] = None,
    counts: Annotated[
        Path | None, typer.Option(help="CSV of real notes: icd10, notes, and symptoms if known.", show_default=False)
    ] = None,
    minimum: Annotated[int, typer.Option(min=0, max=MOST, help="Each code gets at least so many.")] = 0,
    fixed: Annotated[
        list[str] | None, typer.Option(help="A code with its number, for instance Z00=10.", show_default=False)
    ] = None,
    file: Annotated[Path, typer.Option("--out", help="The CSV to write.")] = Path("plan.csv"),
    json: JsonOption = False,
) -> None:
    """Spread a budget over codes; the numbers add up to it exactly."""
    numbers = _fixed(fixed or [])
    counted = read_counts(counts) if counts else None
    named = _named(codes, icd10, list(counted) if counted is not None else None, numbers)
    chosen: Mode = MODES[MODES.index(mode.value)]
    enough = chosen == "uniform" or (
        counted is not None and (chosen != "medsyn" or all(one.symptoms is not None for one in counted.values()))
    )
    if named is not None and enough:
        known = Codes(tuple(named), {}, {})
    else:
        with progress() as shown:

            async def work() -> Codes:
                async with connected(settings(), progress=shown) as graph:
                    return await read_codes_of_graph(graph, named)

            known = run(work)
    entries = spread(
        known_of(known.codes, counted, known.symptoms, known.priors), total, chosen, minimum=minimum, fixed=numbers
    )
    write_plan(file, entries)
    _show(entries, file, chosen, json=json)


def _fixed(given: list[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for text in given:
        name, _, number = text.partition("=")
        code = code_of(name.strip())
        if code is None or not (number.isascii() and number.isdecimal() and len(number) < 9) or code in numbers:
            raise typer.BadParameter(f"{text!r}: write each code once, as in Z00=10", param_hint="--fixed")
        numbers[code] = int(number)
    return numbers


def _named(
    codes: Path | None, icd10: list[str] | None, counted: list[str] | None, fixed: dict[str, int]
) -> list[str] | None:
    """Return the codes that were named: by file, by option, or those that were counted; None when none were."""
    typed = codes_of(icd10)
    if codes is not None and typed is not None:
        raise typer.BadParameter("name the codes in one way alone", param_hint="--codes")
    if codes is not None:
        found = read_codes(codes)
    elif typed is not None:
        found = [_code(text) for text in typed]
    elif counted is not None:
        found = counted
    else:
        return None
    # A code with a number of its own need not be named twice.
    return sorted({*found, *fixed})


def _code(text: str) -> str:
    code = code_of(text)
    if code is None:
        raise typer.BadParameter(f"{text!r} is no ICD-10 code; codes look like J20 or J20.9", param_hint="--icd10")
    return code


def _show(entries: list[Entry], file: Path, mode: str, *, json: bool) -> None:
    total = sum(entry.count for entry in entries)
    flagged = sum("no-notes" in entry.flags for entry in entries)
    if json:
        told = [{"icd10": one.code, "count": one.count, "weight": one.weight, "flags": one.flags} for one in entries]
        show_json({"out": str(file), "mode": mode, "total": total, "codes": len(entries), "plan": told})
        return
    out.print(f"{total:,} over {len(entries):,} codes in {escape(str(file))}, {mode}")
    table = Table(box=None, pad_edge=False)
    for column in ("code", "count", "weight", "flag"):
        table.add_column(column)
    for entry in sorted(entries, key=lambda entry: (-entry.count, entry.code))[:_SHOWN]:
        table.add_row(entry.code, str(entry.count), f"{entry.weight:.4g}", " ".join(entry.flags))
    out.print(table)
    if len(entries) > _SHOWN:
        say(f"The {_SHOWN} largest are shown; the file has all.")
    if flagged:
        say(f"{flagged:,} codes have no real notes; they are flagged no-notes.")
