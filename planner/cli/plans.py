"""Validate, plan, render a saved plan, and check it again."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, check_files, console, day, emit, open_catalog, say
from planner.cli.what_if import WhatIf, case_for, with_what_if
from planner.problems import Exit, UsageError

if TYPE_CHECKING:
    from planner.domain.report import Report

Assessments = Annotated[list[Path], typer.Argument(metavar="ASSESSMENT...", help="Assessment files (YAML).")]
AssessmentFile = Annotated[Path, typer.Argument(metavar="ASSESSMENT", help="An assessment file (YAML); `sovplan init` writes one.")]
PlanOrPage = Annotated[Path, typer.Argument(metavar="PLAN", help="A saved plan.json, or a report.html or report.pdf, which carries its plan.")]


def validate(files: Assessments, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Check assessments: every problem with its place, all at once."""
    from planner.reading.assessment import load_assessment

    world = open_catalog(catalog)

    def check(file: Path) -> tuple[()]:
        load_assessment(file, world)
        return ()

    check_files(files, check, "assessment", as_json)


def plan(
    assessment: AssessmentFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write plan.json, report.html and report.md here.")] = None,
    as_of: AsOf = None,
    catalog: CatalogFolder = None,
    limit: Annotated[float | None, typer.Option("--limit", metavar="SECONDS", min=0.1, help="How long the solver may work.")] = None,
    gap: Annotated[
        float | None, typer.Option("--gap", metavar="FRACTION", min=0, max=1, help="A relative gap that is good enough; 0 proves the optimum.")
    ] = None,
    solver: Annotated[str, typer.Option("--solver", help="highs, or cbc.")] = "highs",
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="How the search goes, on stderr; unasked on a terminal.", show_default=False)
    ] = None,
    lp: Annotated[Path | None, typer.Option("--lp", metavar="FILE", help="Write the formulation here, in LP format, and plan.")] = None,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", metavar="GATE", help="Exit 1 if this gate is closed (docs/ci.md).")] = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", metavar="FILE", help="Write what is open as SARIF 2.1.0.")] = None,
    github: Annotated[bool, typer.Option("--github", help="Print GitHub annotations in place of the plan.")] = False,
    comment: Annotated[Path | None, typer.Option("--comment", metavar="FILE", help="Write a Markdown comment for a pull request.")] = None,
    status: Annotated[Path | None, typer.Option("--status", metavar="FILE", help="What became of an earlier checklist (YAML).")] = None,
    what_if: WhatIf = False,
    as_json: AsJson = False,
) -> None:
    """Find the best plan, prove it, check it again, and say what it takes.

    Exits with 3 and the smallest set of demands that cannot all hold where no plan exists.
    """
    from planner.cli.gates import checked, pass_gates
    from planner.optimising.solver import ENGINES

    if solver not in ENGINES:
        raise UsageError(f"--solver {solver}: one of {', '.join(ENGINES)}")
    gates = checked(fail_on)
    made = make_report(assessment, as_of, catalog, solver, limit, gap, lp, status, progress)
    if what_if and made.plan is not None:
        made = with_what_if(made, catalog)
    if out is not None:
        write_reports(made, out)
    if as_json:
        from planner.reporting.json_report import report_json

        typer.echo(report_json(made), nl=False)
    elif not github:
        from planner.reporting.terminal import show

        show(made, console(), saved=out is not None)
    if out is not None:
        say(f"written: {out / 'plan.json'}, {out / 'report.html'}, {out / 'report.md'}")
    if made.outcome == "no-plan":
        raise typer.Exit(int(Exit.NO_PLAN))
    pass_gates(made, assessment, open_catalog(catalog), gates, sarif, github, comment)


def make_report(file: Path, as_of: str | None, own_catalog: Path | None, solver: str = "highs", limit: float | None = None,
                gap: float | None = None, lp: Path | None = None, status: Path | None = None, progress: bool | None = False):
    """Read, plan and, where asked, write the formulation. Returns the Report."""
    from planner.cli.progress import Meter
    from planner.planning import Settings, plan as make_plan
    from planner.reading.assessment import assessment_data, load_assessment

    world = open_catalog(own_catalog)
    asked = load_assessment(file, world)
    on = day(as_of)
    if status is not None:
        from planner.reading.progress import load_progress

        asked = asked.model_copy(update={"progress": (*asked.progress, *load_progress(status))})
    if lp is not None:
        _write_lp(lp, world, asked, on)
    limits = asked.limits
    meter = Meter() if progress or progress is None and sys.stderr.isatty() else None
    settings = Settings(solver, float(limits.seconds) if limit is None else limit, float(limits.gap) if gap is None else gap, meter)
    try:
        return make_plan(world, asked, on, assessment_data(asked), settings)
    finally:
        if meter is not None:
            meter.done()


def _write_lp(path: Path, world, asked, on) -> None:
    from planner.domain.overlay import laid_over
    from planner.optimising.adapting import portfolio_of
    from planner.optimising.assembling import assembled
    from planner.optimising.solver import lp_text
    from planner.options.enumerate import enumerate_options
    from planner.reporting.write import write_atomically

    programme = assembled(portfolio_of(enumerate_options(laid_over(world, asked), asked, on), asked)).programme
    write_atomically(path, lp_text(programme).encode())


def write_reports(made, out: Path) -> None:
    """Write plan.json, report.html and report.md into a folder; each file lands whole or not at all."""
    from planner.reporting.render import render
    from planner.reporting.write import write_atomically

    for name, to in (("plan.json", "json"), ("report.html", "html"), ("report.md", "md")):
        write_atomically(out / name, render(made, to))


def verify(plan_file: PlanOrPage, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Compute a saved plan again, from the catalog and the assessment it carries; exit 6 if any figure differs."""
    from planner.planning import recheck
    from planner.reading.assessment import assessment_from_data
    from planner.studies.what_if import recheck_what_if

    world = open_catalog(catalog)
    made = _carried(plan_file)
    asked = assessment_from_data(made.assessment, world)
    violations = recheck(made, world, asked)
    if made.what_if is not None:
        violations += recheck_what_if(made.what_if, case_for(made, catalog), world, asked)
    if as_json:
        emit({"format_version": "1", "violations": list(violations)})
    for violation in violations:
        say(violation)
    if violations:
        raise typer.Exit(int(Exit.SELF_CHECK_FAILED))
    if not as_json:
        say("every figure follows from the catalog and the assessment")


def _carried(plan_file: Path) -> Report:
    """The report of a plan.json, or the one that a page or a PDF carries in itself."""
    from planner.reading.files import decode, read_bytes, shown
    from planner.reading.saved import MAX_BYTES, load_report, parse_report
    from planner.reporting.pdf import report_in_pdf
    from planner.reporting.render import report_in_page

    kind, name = plan_file.suffix.lower(), shown(plan_file)
    if kind in (".html", ".htm"):
        return parse_report(name, report_in_page(decode(name, read_bytes(plan_file, MAX_BYTES))))
    return parse_report(name, report_in_pdf(read_bytes(plan_file, MAX_BYTES))) if kind == ".pdf" else load_report(plan_file)
