"""From findings and a plan to the adoption checklist: each line with its owner, its date, its evidence and what raised it.

Horizons follow the strategic recommendations: short is what the adopter does before going live, mid is what investors
and partners watch for the first year, long is what policy works on.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, Rule, StepTemplate
from planner.domain.plan import Plan
from planner.domain.report import Finding, Step
from planner.judging.plan_steps import Line, plan_steps
from planner.judging.step_order import in_order
from planner.judging.waivers import waiver_for
from planner.quantities import add_months

_AFTER_GO_LIVE = {"short": 0, "mid": 12, "long": 36}  # months
_HORIZON = {"short": 0, "mid": 1, "long": 2}


def checklist(findings: Sequence[Finding], plan: Plan | None, assessment: Assessment, catalog: Catalog, as_of: date) -> tuple[Step, ...]:
    """Every step that the findings and the plan call for, by horizon, due date and gravity; identical steps are merged over workloads.

    A step is due at go-live (the start of the horizon), or when its rule starts to apply if that is later; steps of the
    mid and long horizon 12 and 36 months after go-live. What others wait for is due before they have to begin. Nothing is due
    before `as_of`. What `progress` says of a step, and the waiver that holds for its source, stand beside it.
    """
    lines = [*_from_rules(findings, catalog, len(assessment.workloads))]
    if plan is not None:
        lines += plan_steps(plan, assessment, catalog)
    return _numbered(_merged(lines), assessment, as_of)


# ------------------------------------------------------------------------------------------------ from the law


def _from_rules(findings: Iterable[Finding], catalog: Catalog, workloads: int) -> Iterator[Line]:
    for finding in findings:
        if finding.status not in ("unmet", "unknown") or finding.law_status == "proposal" or finding.act_by == "vendor":
            continue
        rule = catalog.rules[finding.rule]
        for template in rule.steps:
            line = _rule_line(finding, template)
            yield replace(
                line,
                cost_eur=_cost(rule, template, finding, workloads),
                costs_each=bool(rule.curable_by and rule.curable_by.per == "workload"),
            )


def _rule_line(finding: Finding, template: StepTemplate) -> Line:
    open_still = "" if finding.status == "unmet" else " (not known yet whether it applies or is done)"
    return Line(
        source=finding.rule,
        step=template.do,
        owner=template.owner,
        because=f"{finding.rule}, {finding.citation.text}: {finding.says}{open_still}",
        evidence=template.evidence or "A record on file",
        horizon=template.horizon,
        audience=template.audience,
        not_before=finding.applies_from,
        weeks=template.weeks,
        workloads=(finding.workload,) if finding.workload else (),
        citation=finding.citation.text,
        facts=finding.unknown,
    )


def _cost(rule: Rule, template: StepTemplate, finding: Finding, workloads: int) -> Decimal | None:
    """What a step costs in euros; work done once a workload counts for each workload of the finding."""
    if template.cost_eur is not None or rule.curable_by is None:
        return template.cost_eur
    times = workloads if rule.curable_by.per == "workload" and finding.workload is None else 1
    return rule.curable_by.cost_eur * times


# ---------------------------------------------------------------------------------------- merging and dating


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Identical steps once, over all the workloads that need them, at the earliest date and with every reason."""
    found: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        key = (line.step, line.owner, line.horizon)
        if key not in found:
            found[key] = line
            continue
        other = found[key]
        told = line.because in other.because or line.source == other.source and line.citation is not None
        reasons = other.because if told else f"{other.because}; {line.because}"
        costs = [c for c in (other.cost_eur, line.cost_eur) if c is not None]
        workloads = tuple(sorted({*other.workloads, *line.workloads})) if other.workloads and line.workloads else ()
        found[key] = replace(
            other,
            because=reasons[:4000],
            workloads=workloads,
            not_before=min(other.not_before, line.not_before),
            facts=tuple(sorted({*other.facts, *line.facts})),
            cost_eur=(sum(costs) if line.costs_each else max(costs)) if costs else None,
        )
    return list(found.values())


def _numbered(lines: list[Line], assessment: Assessment, as_of: date) -> tuple[Step, ...]:
    """Steps with stable ids: the rule and a number, in the order the step first appears; shortened by a hash where too long."""
    counts: dict[str, int] = {}
    told = {(r.step, r.horizon): r for r in assessment.progress}
    steps = []
    for line in lines:
        counts[line.source] = counts.get(line.source, 0) + 1
        record = told.get((line.step, line.horizon))
        steps.append(
            Step(
                id=_short(f"{line.source}-{counts[line.source]}"),
                step=line.step,
                horizon=line.horizon,
                audience=", ".join(line.audience),
                owner=line.owner,
                due=_due(line, assessment.horizon.start, as_of),
                evidence=line.evidence,
                because=line.because,
                workloads=line.workloads,
                cost_eur=line.cost_eur,
                status=record.status if record else "open",
                citation=line.citation,
                weeks=line.weeks,
                evidence_at=record.evidence if record else None,
                waiver=waiver_for(assessment.waivers, line.source, line.workloads, as_of),
            )
        )
    ordered = in_order(steps, lines, as_of)
    return tuple(sorted(ordered, key=lambda s: (_HORIZON[s.horizon], s.due)))  # of one day the gravest first, as the findings came


def _due(line: Line, go_live: date, as_of: date) -> date:
    """Before go-live, or before the rule applies if that is later, leaving no step in the past."""
    wanted = add_months(go_live, _AFTER_GO_LIVE[line.horizon])
    return max(wanted, line.not_before, as_of)


def _short(identifier: str) -> str:
    if len(identifier) <= 64:
        return identifier
    return f"{identifier[:55].rstrip('-')}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"
