"""A saved plan in the formats of other trades."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import CatalogFolder, open_catalog, say
from planner.problems import UsageError

app = typer.Typer(no_args_is_help=True)
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by `sovplan plan --out DIR`.")]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of on stdout.")]


@app.callback()
def group() -> None:
    """A saved plan in the formats of other trades."""


@app.command("ai-bom")
def ai_bom_(plan_file: PlanFile, out: OutFile = None, catalog: CatalogFolder = None) -> None:
    """Write the AI bill of materials: CycloneDX 1.6 JSON with a model card for each model, its licence, supplier and services."""
    from planner.reading.saved import load_report
    from planner.reporting.ai_bom import ai_bom
    from planner.reporting.json_report import to_json

    report, world = load_report(plan_file), open_catalog(catalog)
    if report.plan is None:
        raise UsageError(f"{plan_file}: it holds no plan, so there is nothing to list")
    if world.sha256 != report.provenance.catalog_sha256:
        say("note: the plan was made with another catalog than the one read now; licences and model facts are those of the one read now")
    _written(to_json(ai_bom(report, world)), out)


def _written(text: str, out: Path | None) -> None:
    """The document to a file, whole or not at all, or to stdout."""
    from planner.reporting.write import write_atomically

    if out is None:
        sys.stdout.write(text)
        return
    write_atomically(out, text.encode())
    say(f"written: {out}")
