"""`mkg generate patients`: patients drawn from the graph, each statement with its edge and evidence."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from generator.patients.demography import Demography
from generator.patients.draw import Options
from generator.patients.order import Order, Part, Prepared, prepare
from generator.patients.population import read_population
from generator.patients.run import PatientSummary, generate_patients
from generator.plans.table import read_plan
from kg.connect import connected
from kg.query.limits import TEMPERATURES
from kg.schema import LANGUAGES
from mkg.cli.console import out, progress, say, show_json
from mkg.cli.session import JsonOption, run, settings


class Format(StrEnum):
    """What is written: rows with all facts, or a table for spreadsheets beside them."""

    JSONL = "jsonl"
    CSV = "csv"


def patients(
    count: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="How many; a plan says so itself.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file, byte for byte.")] = 7,
    file: Annotated[Path, typer.Option("--out", help="The file to write.")] = Path("patients.jsonl"),
    icd10: Annotated[
        list[str] | None,
        typer.Option(help="ICD-10 codes, with commas or repeated; any disease when left out.", show_default=False),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="A plan (`mkg generate plan`): so many of each code.", show_default=False)
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="csv writes a table; all facts are in the rows beside it.")
    ] = Format.JSONL,
    population: Annotated[str, typer.Option(help="ru, us, or a folder with tables of your own.")] = "ru",
    min_age: Annotated[int, typer.Option(min=0, max=130, help="Youngest age, in years.")] = 0,
    max_age: Annotated[int, typer.Option(min=0, max=130, help="Oldest age, in years.")] = 100,
    temperature: Annotated[
        float, typer.Option(min=TEMPERATURES[0], max=TEMPERATURES[1], help="1 keeps the weights; more evens them out.")
    ] = 1.0,
    max_symptoms: Annotated[int, typer.Option(min=1, max=50, help="From one to this many symptoms.")] = 4,
    max_drugs: Annotated[int, typer.Option(min=0, max=10, help="At most this many drugs.")] = 2,
    lookalike: Annotated[
        float, typer.Option(min=0, max=1, help="Chance of a drug for a disease that resembles the patient's.")
    ] = 0.1,
    comorbidity: Annotated[float, typer.Option(min=0, max=1, help="Chance of a second disease.")] = 0.2,
    sex_split: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Chance of a disease of one sex (MedSyn: 0.15); by prior when left out.",
            show_default=False,
        ),
    ] = None,
    subcodes: Annotated[
        bool,
        typer.Option("--subcodes", help="Draw a part of the disease's category as well (J20.1 for J20), all alike."),
    ] = False,
    languages: Annotated[str, typer.Option(help="Languages of names; sentences are in the first.")] = "en,ru",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of another run.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be drawn from; write nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Draw patients; an interrupted run goes on where it stopped when it is started again."""
    order = Order(
        parts=_parts(count, codes_of(icd10), plan),
        seed=seed,
        languages=languages_of(languages),
        options=Options(
            temperature=temperature,
            max_symptoms=max_symptoms,
            max_drugs=max_drugs,
            lookalike=lookalike,
            comorbidity=comorbidity,
            split=sex_split,
            subcodes=subcodes,
        ),
        table=output is Format.CSV,
    )
    if min_age > max_age:
        raise typer.BadParameter(f"{min_age} is above --max-age {max_age}", param_hint="--min-age")
    demography = Demography(read_population(population), min_age, max_age)
    with progress() as shown:

        async def plan_only() -> Prepared:
            async with connected(settings(), progress=shown) as graph:
                return await prepare(graph, demography, order)

        async def work() -> PatientSummary:
            async with connected(settings(), progress=shown) as graph:
                return await generate_patients(
                    graph,
                    demography,
                    order,
                    file,
                    lambda done, total: shown("Drawing patients", done, total),
                    overwrite=overwrite,
                )

        if dry_run:
            _show_prepared(order, run(plan_only), json=json)
            return
        summary = run(work)
    _show_summary(summary, json=json)


def codes_of(given: list[str] | None) -> tuple[str, ...] | None:
    """Return the codes of a repeated option whose values may hold commas, once each, or None without any."""
    codes = tuple(dict.fromkeys(code.strip() for value in given or () for code in value.split(",") if code.strip()))
    if given and not codes:
        raise typer.BadParameter("name at least one code", param_hint="--icd10")
    return codes or None


def _parts(count: int | None, codes: tuple[str, ...] | None, plan: Path | None) -> tuple[Part, ...]:
    if plan is None:
        if count is None:
            raise typer.BadParameter("say how many, or give a --plan", param_hint="--count")
        return (Part(codes, count),)
    if codes is not None:
        raise typer.BadParameter("a plan names the codes; leave --icd10 out", param_hint="--plan")
    parts = tuple(Part((entry.code,), entry.count) for entry in read_plan(plan) if entry.count)
    total = sum(part.count for part in parts)
    if count not in (None, total):
        raise typer.BadParameter(f"the plan has {total:,}; leave --count out", param_hint="--count")
    return parts


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages of an option with commas, once each."""
    named = tuple(dict.fromkeys(language.strip() for language in text.split(",")))
    unknown = [language for language in named if language not in LANGUAGES]
    if unknown:
        raise typer.BadParameter(
            f"{', '.join(map(repr, unknown))}: languages are {', '.join(LANGUAGES)}", param_hint="--languages"
        )
    return named


def _show_prepared(order: Order, ready: Prepared, *, json: bool) -> None:
    able = {illness.id: illness for group in ready.groups for illness in group.illnesses}
    named = {key for diseases in ready.pool.by_code.values() for key in diseases}
    told: dict[str, Any] = {
        "patients": order.count,
        "parts": len(order.parts),
        "diseases": len(able),
        "left_out": sorted(named - able.keys()),
        "symptoms": len({link.node.id for illness in able.values() for link in illness.symptoms}),
        "drugs": len({link.node.id for illness in able.values() for link in illness.drugs}),
        "with_comorbidity": sum(bool(illness.comorbidities) for illness in able.values()),
        "questions": ready.pool.questions,
        "release": ready.pool.release,
    }
    if json:
        show_json(told)
        return
    out.print(
        f"{order.count:,} patients would be drawn from {told['diseases']:,} diseases with {told['symptoms']:,} "
        f"symptoms and {told['drugs']:,} drugs ({told['questions']} questions to the graph); nothing was written"
    )
    if told["left_out"]:
        say(f"Left out, for nobody may have them or they have no symptoms: {escape(', '.join(told['left_out']))}")


def _show_summary(summary: PatientSummary, *, json: bool) -> None:
    if json:
        show_json(
            {
                **asdict(summary),
                "rows": str(summary.rows),
                "table": str(summary.table) if summary.table else None,
            }
        )
        return
    where = f"{summary.table} (all facts in {summary.rows})" if summary.table else str(summary.rows)
    out.print(f"{summary.patients:,} patients with {summary.diseases:,} diseases in {escape(where)}")
    say(f"{summary.questions} questions to the graph; {summary.redrawn:,} draws thrown away, for no two are alike")
    if summary.reused:
        say("The file was there already and is the same; nothing was written.")
    elif summary.resumed:
        say(f"{summary.resumed:,} were there already.")
