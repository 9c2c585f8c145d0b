"""The first minutes: see it work, look at the machine."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import AsOf, console, emit, say
from planner.problems import UsageError


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where plan.json, report.html and report.md go.")] = Path("out"),
    as_of: AsOf = None,
) -> None:
    """Plan the worked example, a bank of eight workloads, and write its report."""
    from planner.cli.plans import make_report, write_reports
    from planner.reporting.terminal import show
    from planner.resources import bundled

    made = make_report(bundled("assessments") / "bank.yaml", as_of, None)
    write_reports(made, out)
    show(made, console(), saved=True)
    say(f"written: {out / 'plan.json'}, {out / 'report.html'}, {out / 'report.md'}")


def schema(kind: Annotated[str, typer.Argument(metavar="KIND", help="assessment, catalog or report.")]) -> None:
    """Print the JSON Schema of a kind of file; editors use it to complete and check YAML."""
    from planner.reading.schema import schema_text

    if kind not in ("assessment", "catalog", "report"):
        raise UsageError(f"schema {kind}: one of assessment, catalog, report")
    typer.echo(schema_text(kind), nl=False)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False) -> None:
    """Say what this installation can do: versions, solvers, extras, fonts, and the catalog it reads."""
    import importlib.metadata
    import platform
    import shutil

    from planner import __version__
    from planner.cli.common import open_catalog
    from planner.reporting.fonts import found
    from planner.resources import bundled

    def version_of(package: str) -> str | None:
        try:
            return importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return None

    world = open_catalog(None)
    facts = {
        "sovplan": __version__,
        "python": platform.python_version(),
        "packages": {p: version_of(p) for p in ("pydantic", "pulp", "highspy", "pyyaml", "jinja2", "typer", "rich")},
        "extras": {p: version_of(p) for p in ("genai-prices", "currencyconverter", "ecologits", "distributed", "typst", "docxtpl", "xlsxwriter",
                                              "openpyxl")},
        "fonts": found() if version_of("typst") else None,
        "chromium": shutil.which("chromium"),
        "catalog": {"folder": str(bundled("catalog")), "sha256": world.sha256, "models": len(world.models), "offers": len(world.offers),
                    "rules": len(world.rules), "parties": len(world.parties)},
    }
    if as_json:
        emit({"format_version": "1", **facts})
        return
    for key, value in facts.items():
        if isinstance(value, dict):
            for name, what in value.items():
                typer.echo(f"{key}.{name}: {'not installed' if what is None else what}")
        else:
            typer.echo(f"{key}: {'not found' if value is None else value}")
