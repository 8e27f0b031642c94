"""`mkg weights`: how evenly the weights of a disease, or of all, are spread over the symptoms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kg.connect import connected
from kg.query.limits import TEMPERATURES
from kg.statements import fixed
from kg.weights import DOMINANT, Overview, Spread, overview, probabilities, spread
from mkg.cli.console import out, progress, show_json
from mkg.cli.session import JsonOption, run, settings

_DEADLINE = 120.0


def weights(
    disease: Annotated[
        str | None, typer.Argument(help="An id, a code or a name; all diseases when left out.", show_default=False)
    ] = None,
    temperature: Annotated[
        float, typer.Option(min=TEMPERATURES[0], max=TEMPERATURES[1], help="1 keeps the weights; more evens them out.")
    ] = 1.0,
    top: Annotated[int, typer.Option(min=1, help="For all diseases: list this many, the most uneven first.")] = 10,
    json: JsonOption = False,
) -> None:
    """Show the chance of each symptom in a draw by weight, and how many symptoms a disease has in effect."""
    with progress() as shown:

        async def work() -> list[dict[str, Any]]:
            async with connected(settings(), progress=shown) as graph:
                ids = None if disease is None else [await graph.resolve(["Disease"], disease)]
                rows = await graph.store.read(fixed("check/weights", ids=ids), deadline=_DEADLINE)
                return rows or [{"id": key, "name": disease, "symptoms": []} for key in ids or ()]

        rows = run(work)
    spreads = [_spread(row, temperature) for row in rows]
    if disease is not None:
        _one(rows[0], spreads[0], temperature, json)
    else:
        _all(overview(spreads, temperature), spreads, top, json)


def _spread(row: dict[str, Any], temperature: float) -> Spread:
    told = {item["id"]: item["weight"] for item in row["symptoms"]}
    return spread(row["id"], row["name"], told, temperature)


def _one(row: dict[str, Any], told: Spread, temperature: float, json: bool) -> None:
    weighted = [item for item in row["symptoms"] if item["weight"] is not None]
    shares = probabilities([item["weight"] for item in weighted], temperature)
    symptoms: list[dict[str, Any]] = [{**item, "share": share} for item, share in zip(weighted, shares, strict=True)]
    symptoms.sort(key=lambda item: (-item["share"], item["id"]))
    if json:
        show_json({**asdict(told), "temperature": temperature, "shares": symptoms})
        return
    out.print(f"{escape(told.name)} ({told.id}) at temperature {temperature:g}")
    table = Table(box=None, pad_edge=False)
    for column in ("symptom", "id", "weight", "share"):
        table.add_column(column)
    for item in symptoms:
        table.add_row(escape(item["name"]), item["id"], f"{item['weight']:.3g}", f"{item['share']:.3f}")
    out.print(table)
    out.print(
        f"{told.symptoms} weighted symptoms, {told.effective:.1f} in effect; the largest share is {told.largest:.2f}"
    )
    if told.unweighted:
        out.print(f"{told.unweighted} more have no weight")


def _all(told: Overview, spreads: list[Spread], top: int, json: bool) -> None:
    uneven = sorted((item for item in spreads if item.symptoms > 1), key=lambda item: (item.effective, item.id))[:top]
    if json:
        show_json({**asdict(told), "most_uneven": [asdict(item) for item in uneven]})
        return
    out.print(
        f"{told.diseases} diseases with two weighted symptoms or more, at temperature {told.temperature:g}: "
        f"median {told.median_effective:.1f} symptoms in effect; "
        f"one symptom has more than {DOMINANT:g} in {told.dominated:.1%}"
    )
    out.print(f"{told.single} have one weighted symptom, {told.without} symptoms without weights only")
    table = Table(box=None, pad_edge=False)
    for column in ("most uneven", "id", "symptoms", "in effect", "largest share"):
        table.add_column(column)
    for item in uneven:
        table.add_row(escape(item.name), item.id, str(item.symptoms), f"{item.effective:.2f}", f"{item.largest:.2f}")
    out.print(table)
