"""Gates for a pipeline: what a plan must not have, each with the alerts that close it. A waiver that holds opens a gate, in the open."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from planner.domain.assessment import Assessment, Waiver
from planner.domain.report import Finding, Report
from planner.judging.waivers import expired, waiver_for


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that closes a gate: the rule or gate behind it, what it says, and the workload; `waiver`: who answers for it instead."""

    gate: str
    rule: str
    says: str
    level: Literal["error", "warning", "note"]
    workload: str | None = None
    waiver: Waiver | None = None


def alerts(gate: str, report: Report, assessment: Assessment) -> tuple[Alert, ...]:
    """What closes a gate of GATES for a report that holds a plan; waived alerts are among them. KeyError for another gate."""
    on = report.provenance.as_of
    found = tuple(GATES[gate](report, assessment))
    covered = waiver_for(assessment.waivers, gate, (), on)
    return tuple(a if a.waiver or covered is None or gate == "expired-waiver" else replace(a, waiver=covered) for a in found)


def closed(gate: str, report: Report, assessment: Assessment) -> bool:
    """Whether something closes the gate for which nobody answers."""
    return any(a.waiver is None for a in alerts(gate, report, assessment))


def _law(gate: str, status: str, forbids_only: bool) -> Callable[[Report, Assessment], Iterator[Alert]]:
    def found(report: Report, _: Assessment) -> Iterator[Alert]:
        for f in report.findings:
            grave = f.severity == "forbids" or not forbids_only and f.severity == "warns"
            if f.status == status and f.timing == "in-force" and grave and f.act_by == "customer" and f.law_status != "proposal":
                yield Alert(gate, f.rule, _sentence(f), _level(f), f.workload, f.waiver)
    return found


def _sentence(f: Finding) -> str:
    return f"{f.citation.text}, {f.title}: {f.status}. {f.why}"


def _level(f: Finding) -> Literal["error", "warning", "note"]:
    return "error" if f.status == "unmet" and f.severity == "forbids" else "warning" if f.severity == "forbids" or f.status == "unmet" else "note"


def _stale(report: Report, _: Assessment) -> Iterator[Alert]:
    for s in report.stale:
        yield Alert("stale", "stale", f"{s.what} is {s.age_days} days old ({s.date}); it keeps {s.shelf_life_days}", "warning")


def _conditional(report: Report, _: Assessment) -> Iterator[Alert]:
    for choice in report.plan.choices if report.plan else ():
        if choice.conditional_on:
            says = f"the choice holds only if these are as needed: {', '.join(choice.conditional_on)}"
            yield Alert("conditional", "conditional", says, "warning", choice.workload)


def _seal(report: Report, assessment: Assessment) -> Iterator[Alert]:
    """A workload whose proven SEAL is below the one that is asked."""
    asked = {w.id: max(w.min_seal or 0, assessment.constraints.sovereignty.min_seal or 0) for w in assessment.workloads}
    for choice in report.plan.choices if report.plan else ():
        if (choice.seal_proven or 0) < asked.get(choice.workload, 0):
            proven = "nothing" if choice.seal_proven is None else f"SEAL-{choice.seal_proven}"
            yield Alert("seal", "seal", f"SEAL-{asked[choice.workload]} is asked and {proven} is proven", "warning", choice.workload)


def _budget(report: Report, assessment: Assessment) -> Iterator[Alert]:
    """No budget stated, or more money that rests on estimates than the budget leaves free."""
    limit = assessment.constraints.budget.total
    if report.plan is None:
        return
    if limit is None:
        yield Alert("budget", "budget", "the assessment states no budget in all, so none is kept", "warning")
        return
    estimated = sum(line.amount_eur for line in report.plan.lines if line.estimate)
    if report.plan.cost.total_eur + estimated > limit:
        says = f"EUR {estimated:,.2f} of EUR {report.plan.cost.total_eur:,.2f} are estimates, more than the budget leaves free"
        yield Alert("budget", "budget", says, "warning")


def _expired(report: Report, assessment: Assessment) -> Iterator[Alert]:
    for w in expired(assessment.waivers, report.provenance.as_of):
        yield Alert("expired-waiver", w.rule, f"the waiver of {w.owner} expired on {w.expires}: {w.reason}", "error", w.workload)


def _late(report: Report, _: Assessment) -> Iterator[Alert]:
    for s in report.checklist:
        if s.status == "open" and s.start_by is not None and s.start_by < report.provenance.as_of:
            says = f"{s.step}: it takes {s.weeks} weeks, so it had to begin by {s.start_by} ({s.owner})"
            yield Alert("late-step", s.id, says, "warning", None, s.waiver)


GATES: dict[str, Callable[[Report, Assessment], Iterator[Alert]]] = {
    "unmet-law": _law("unmet-law", "unmet", True), "unknown-law": _law("unknown-law", "unknown", True),
    "unmet-duty": _law("unmet-duty", "unmet", False), "unknown-duty": _law("unknown-duty", "unknown", False),
    "stale": _stale, "conditional": _conditional, "seal": _seal, "budget": _budget, "expired-waiver": _expired, "late-step": _late,
}
