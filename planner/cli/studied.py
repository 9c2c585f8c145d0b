"""Studies that were run before, put into a report: files that `sovplan study … --json` wrote."""
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.problems import UsageError

if TYPE_CHECKING:
    from planner.domain.report import Report

StudyFiles = Annotated[
    list[Path] | None, typer.Option("--study", metavar="FILE", help="Show this study too: what `study scenarios|breakeven --json` wrote.")
]
PORTFOLIO = "portfolio"


def with_studies(report: Report, files: Sequence[Path]) -> Report:
    """The report with the studies of these files. UsageError for a file that is none, or that speaks of another plan or day."""
    from pydantic import ValidationError

    from planner.domain.studied import Studied

    if not files:
        return report
    if report.plan is None:
        raise UsageError("--study: there is no plan that a study could speak of")
    held: dict[str, Any] = {}
    for file in files:
        told = _read(file)
        if told.get("as_of") != report.provenance.as_of.isoformat():
            raise UsageError(f"--study {file}: it was made for another day than the plan")
        try:
            if "candidates" in told:
                if told["today"].get("cost_eur") != str(report.plan.cost.total_eur):
                    raise UsageError(f"--study {file}: its plan of today is not this one")
                held |= {
                    "regret": [{"plan": c["plan"], "regret_eur": c["regret_eur"]} for c in told["candidates"]],
                    "least_regret": told["least_regret"], "names": {s["id"]: s["name"] for s in told["scenarios"]},
                }
            elif "crossings" in told:
                if {r["subject"] for r in told["rows"]} - {PORTFOLIO} - {c.workload for c in report.plan.choices}:
                    raise UsageError(f"--study {file}: it speaks of workloads that this plan has not")
                held |= {
                    "traffic": [{k: r[k] for k in ("subject", "cached_share", "traffic", "cost_eur", "cheapest")} for r in told["rows"]],
                    "crossings": [{"before": c["from"], "after": c["to"], **{k: c[k] for k in ("subject", "cached_share", "above", "below")}}
                                  for c in told["crossings"]],
                }
            else:
                raise UsageError(f"--study {file}: neither scenarios nor break-even")
            made = Studied.model_validate_json(json.dumps(held))
        except (KeyError, TypeError, AttributeError, ValidationError):
            raise UsageError(f"--study {file}: this is not what `sovplan study` writes with --json") from None
    return report.model_copy(update={"studied": made})


def _read(file: Path) -> dict[str, Any]:
    from planner.reading.files import decode, read_bytes, shown
    from planner.reading.saved import MAX_BYTES

    try:
        told = json.loads(decode(shown(file), read_bytes(file, MAX_BYTES)))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise UsageError(f"--study {file}: this is not what `sovplan study` writes with --json")
    return told
