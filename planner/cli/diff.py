"""Two saved plans side by side."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import AsJson, emit
from planner.problems import Exit

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by `sovplan plan --out DIR`.")]
_SHOWN = 8


def diff(
    a: PlanFile, b: PlanFile,
    detailed_exitcode: Annotated[bool, typer.Option("--detailed-exitcode", help="Exit 0 if the plans are the same, 1 if they differ.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what moved between two saved plans, by how much, and which prices, rules, assumptions or wishes differ behind it."""
    from planner.reading.saved import load_report
    from planner.reporting.text import visible
    from planner.studies.comparing import compare

    found = compare(load_report(a), load_report(b))
    if as_json:
        emit({"format_version": "1", **found})
    elif not found["changed"]:
        typer.echo("The two plans are the same.")
    else:
        cost = found["cost_eur"]
        known = [("not planned" if v is None else f"€ {v:,.2f}") for v in (cost["a"], cost["b"])]
        typer.echo(f"Cost: {known[0]} -> {known[1]}" + ("" if cost["change"] is None else f" ({cost['change']:+,.2f})"))
        one, two = found["score"]["a"], found["score"]["b"]
        if one and two:
            typer.echo(f"Sovereignty: {one['rating_out_of_10']} -> {two['rating_out_of_10']} out of 10; "
                       f"SEAL-{one['seal_proven']} -> SEAL-{two['seal_proven']} proven")
        for c in found["choices"]:
            moves = "; ".join(f"{f}: {_side(c['a'], f)} -> {_side(c['b'], f)}" for f in c["moved"]) or "the same way"
            typer.echo(visible(f"{c['workload']}: {moves} ({Decimal(c['cost_eur']['change']):+,.2f} €)"))
        for kind, rows in found["why"].items():
            if rows:
                typer.echo(f"\nDiffers in {kind.replace('_', ' ')}:")
            for row in rows[:_SHOWN]:
                typer.echo(visible(f"- {row['what']}: {'-' if row['a'] is None else row['a']} -> {'-' if row['b'] is None else row['b']}"))
            if len(rows) > _SHOWN:
                typer.echo(f"  and {len(rows) - _SHOWN} more (--json has all)")
    if detailed_exitcode and found["changed"]:
        raise typer.Exit(int(Exit.GATE_FAILED))


def _side(choices: list, field: str) -> str:
    return ", ".join(str(c[field]) for c in choices) or "none"
