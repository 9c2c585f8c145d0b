"""Other plans beside a plan: solved once, and carried in the report for its sliders."""
from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.common import open_catalog, say
from planner.problems import UsageError

if TYPE_CHECKING:
    from planner.domain.report import Report

WhatIf = Annotated[
    bool, typer.Option("--what-if", help="Solve other budgets, minimum sovereignty and aims too, for the page's sliders; takes minutes.")
]
SECONDS = 30.0  # for one other plan; what is not settled by then is said to be open


def with_what_if(report: Report, own_catalog: Path | None) -> Report:
    """The report with the plans behind its sliders. UsageError where there is no plan, or the catalog is not the one that it was made with."""
    from planner.reading.assessment import assessment_from_data
    from planner.studies.executor import run_all
    from planner.studies.question import ask
    from planner.studies.what_if import what_if

    world = open_catalog(own_catalog)
    if report.plan is None:
        raise UsageError("--what-if: there is no plan to compare others with")
    if world.sha256 != report.provenance.catalog_sha256:
        raise UsageError("--what-if: the plan was made with another catalog than the one read now; plan again, or give --catalog")
    asked = assessment_from_data(report.assessment, world)
    begun, solved = time.monotonic(), [0]

    def run(tasks: Any) -> list[Any]:
        solved[0] += len(tasks)
        say(f"what-if: plan {solved[0]}")
        return run_all(ask, tasks)

    made = what_if(case_for(report, own_catalog), world, asked, report.plan, run)
    say(f"what-if: {len(made.plans)} plans behind {len(made.answers)} settings, {solved[0]} solved in {time.monotonic() - begun:.0f} s")
    return report.model_copy(update={"what_if": made})


def case_for(report: Report, own_catalog: Path | None) -> Any:
    """What a report was planned with, as a study asks it."""
    from planner.reading.assessment import assessment_from_data
    from planner.studies.question import case_of

    world = open_catalog(own_catalog)
    asked = assessment_from_data(report.assessment, world)
    return case_of(world, asked, report.provenance.as_of, [own_catalog] if own_catalog else [], report.provenance.solver, SECONDS)
