"""Compare API prices with the installed price list, and add what changed to the catalog's text."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog, say

if TYPE_CHECKING:
    from planner.reading.price_sync import Comparison, Difference


def sync(
    as_of: AsOf = None,
    write: Annotated[bool, typer.Option("--write", help="Add the prices that differ to the catalog's files, as dated lines.")] = False,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare API prices with the installed genai-prices data on a day; nothing is fetched, and nothing written without --write."""
    from planner.reading.price_sync import compare_prices
    from planner.resources import bundled

    compared = compare_prices(open_catalog(catalog), day(as_of))
    written = add_lines([bundled("catalog"), *([catalog] if catalog else [])], compared) if write else []
    if as_json:
        emit({"format_version": "1", "package": compared.package, "compared": compared.compared,
              "differences": [_row(d) for d in compared.differences], "unmatched": compared.unmatched, "written": written})
        return
    _show(compared)
    for name in written:
        say(f"written: {name}")


def add_lines(folders: list[Path], compared: Comparison) -> list[str]:
    """Put the price of every difference that is not to be left alone into the file that holds its offer. The names of the files changed."""
    from planner.reading.catalog import raw_files
    from planner.reading.price_text import with_price
    from planner.reading.strict_yaml import from_bytes
    from planner.reporting.write import write_atomically

    wanted: dict[str, list[Difference]] = {}
    for difference in compared.differences:
        if difference.left_alone is None:
            wanted.setdefault(difference.offer, []).append(difference)
    edited: dict[Path, bytes] = {}
    for file in raw_files(folders):
        raw = file.raw
        for offer in _offers_in(from_bytes(file.name, raw).data):
            for difference in wanted.get(offer, ()):
                raw = with_price(file.name, raw, offer, difference.line)
        if raw != file.raw:
            edited[folders[file.layer] / file.relative] = raw
    for path, raw in edited.items():  # all edits are made before the first is written
        write_atomically(path, raw)
    return [str(path) for path in edited]


def _offers_in(data: Any) -> list[str]:
    return [offer["id"] for offer in data.get("offers", ())]


def _row(d: Difference) -> dict[str, Any]:
    return {
        "offer": d.offer, "unit": d.unit, "ours": d.ours.amount, "currency": d.ours.currency, "valid_from": d.ours.valid_from,
        "source": d.ours.source, "theirs": d.theirs_converted, "theirs_usd": d.theirs, "theirs_from": d.line.valid_from,
        "their_name": d.name, "percent": d.percent, "left_alone": d.left_alone,
    }


def _show(compared: Comparison) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold")
    for column in ("offer", "unit", "ours", "theirs", "%", "our source", "their name", "theirs from", "left alone"):
        table.add_column(column)
    for d in compared.differences:
        percent = "" if d.percent is None else f"{d.percent:+}"
        ours, theirs = (f"{amount:.4g} {d.ours.currency}" for amount in (d.ours.amount, d.theirs_converted))
        cells = (d.offer, d.unit, ours, theirs, percent, d.ours.source, d.name, d.line.valid_from, d.left_alone or "")
        table.add_row(*(Text(str(cell)) for cell in cells))
    console().print(table)
    say(f"{compared.compared} prices compared with {compared.package}: {len(compared.differences)} differ"
        + (f"; not in its list: {', '.join(compared.unmatched)}" if compared.unmatched else ""))
