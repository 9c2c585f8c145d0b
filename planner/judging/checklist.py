"""From findings and a plan to the adoption checklist: each line with its owner, its date, its evidence and what raised it.

Horizons follow the strategic recommendations: short is what the adopter does before going live, mid is what investors
and partners watch for the first year, long is what policy works on.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, Criticality
from planner.domain.catalog import Catalog, Effect, StepTemplate
from planner.domain.plan import Choice, CostLine, Plan
from planner.domain.report import Finding, Step
from planner.judging.deployment import OWN
from planner.quantities import add_months

_AFTER_GO_LIVE = {"short": 0, "mid": 12, "long": 36}  # months
_HORIZON = {"short": 0, "mid": 1, "long": 2}


@dataclass(frozen=True, slots=True)
class _Line:
    """A step before identical ones are merged: `source` is the rule or tool check that raised it."""

    source: str
    step: str
    owner: str
    because: str
    evidence: str
    horizon: str = "short"
    audience: tuple[str, ...] = ("adopter",)
    not_before: date = date.min
    weeks: int = 0
    workloads: tuple[str, ...] = ()
    cost_eur: Decimal | None = None
    citation: str | None = None


def checklist(findings: Sequence[Finding], plan: Plan | None, assessment: Assessment, catalog: Catalog, as_of: date) -> tuple[Step, ...]:
    """Every step that the findings and the plan call for, sorted by horizon and due date; identical steps are merged over workloads.

    A step is due at go-live (the start of the horizon), or when its rule starts to apply if that is later; steps of the
    mid and long horizon 12 and 36 months after go-live. Nothing is due before `as_of`.
    """
    lines = [*_from_rules(findings, catalog)]
    if plan is not None:
        lines += [
            *_questions(plan, catalog), *_quotes(plan, catalog), *_measurements(plan, catalog), *_licence_duties(plan, catalog), *_capacity(plan, catalog),
            *_exits(plan, assessment, catalog), *_watch(plan, catalog),
        ]
    return _numbered(_merged(lines), assessment, as_of)


# ------------------------------------------------------------------------------------------------ from the law


def _from_rules(findings: Iterable[Finding], catalog: Catalog) -> Iterator[_Line]:
    for finding in findings:
        if finding.status not in ("unmet", "unknown") or finding.law_status == "proposal" or finding.act_by == "vendor":
            continue
        rule = catalog.rules[finding.rule]
        cost = rule.curable_by.cost_eur if rule.curable_by else None
        for template in rule.steps:
            yield _rule_line(finding, template, template.cost_eur if template.cost_eur is not None else cost)


def _rule_line(finding: Finding, template: StepTemplate, cost: Decimal | None) -> _Line:
    step = template.do if finding.status == "unmet" or not finding.unknown else f"{template.do} (if the rule applies and it is not done yet)"
    return _Line(
        source=finding.rule, step=step, owner=template.owner, because=f"{finding.rule}: {finding.says}", evidence=template.evidence or "A record on file",
        horizon=template.horizon, audience=template.audience, not_before=finding.applies_from, weeks=template.weeks,
        workloads=(finding.workload,) if finding.workload else (), cost_eur=cost, citation=finding.citation.text,
    )


# ------------------------------------------------------------------------------------------------ from the plan


def _questions(plan: Plan, catalog: Catalog) -> Iterator[_Line]:
    for choice in plan.choices:
        for name in choice.conditional_on:
            definition = catalog.facts.get(name)
            question = definition.question if definition and definition.question else name
            yield _Line(
                "open-fact", f"Answer: {question}", "AI product owner", f"The choice holds only if {name} is as the law or the assessment needs it",
                f"`{name}` stated in the assessment", workloads=(choice.workload,),
            )


def _quotes(plan: Plan, catalog: Catalog) -> Iterator[_Line]:
    """One request for a quote for each estimated price of an offer, for all workloads that rest on it."""
    for workload, line in _cost_lines(plan):
        if line.estimate and line.offer is not None:
            offer = catalog.offers.get(line.offer)
            seller = catalog.parties[offer.operator].name if offer and offer.operator in catalog.parties else "the seller"
            yield _Line(
                "get-a-quote", f"Get a binding quote from {seller} for: {line.what}", "Head of procurement",
                f"The price of {line.price} {line.currency} per {line.unit.value} is an estimate (source {line.source}, {line.date})", "Signed quote",
                audience=("adopter", "finance"), weeks=4, workloads=(workload,) if workload else (),
            )


def _cost_lines(plan: Plan) -> Iterator[tuple[str | None, CostLine]]:
    for choice in plan.choices:
        yield from ((choice.workload, line) for line in choice.cost_lines)
    for group in (*plan.nodes, *plan.shared):
        yield from ((None, line) for line in group.cost_lines)


def _measurements(plan: Plan, catalog: Catalog) -> Iterator[_Line]:
    for choice in plan.choices:
        if choice.quality_pinned:
            yield _Line(
                "measure-quality", f"Measure {_model(choice, catalog)} on your own cases before it goes live", "ML lead",
                "Nobody has measured this model; the assessment accepts it all the same", "Evaluation report against the quality floor",
                audience=("adopter", "engineering"), weeks=4, workloads=(choice.workload,),
            )


def _licence_duties(plan: Plan, catalog: Catalog) -> Iterator[_Line]:
    """The standing duties of a licence where its weights are held, and the triggers that growth can set off."""
    for choice in plan.choices:
        model, mode = catalog.models.get(choice.model), catalog.modes.get(choice.mode)
        licence = catalog.licences.get(model.licence.value) if model else None
        if licence is None or mode is None or not mode.weights_held_by_customer:
            continue
        because, about = f"Licence of {model.name}: {licence.name}", (choice.workload,)  # type: ignore[union-attr]
        for duty in licence.conditions:
            yield _Line("licence-duty", duty, "Legal counsel", because, "Licence file", audience=("adopter", "legal"), weeks=2, workloads=about)
        for trigger in licence.triggers:
            if trigger.effect is not Effect.FORBIDS:
                yield _Line(
                    "licence-trigger", f"Check every quarter whether this term of the licence is set off: {trigger.says}", "Legal counsel", because,
                    "Quarterly note", horizon="mid", audience=("adopter", "legal"), workloads=about, citation=trigger.clause,
                )


def _capacity(plan: Plan, catalog: Catalog) -> Iterator[_Line]:
    for pool in plan.pools:
        model = catalog.models[pool.model].name if pool.model in catalog.models else pool.model
        yield _Line(
            "capacity-test", f"Load-test {model} on {pool.accelerator} at the planned peak before it goes live", "Platform lead",
            f"{pool.replicas} replicas were sized from a calibrated estimate, not from a test at your load", "Load-test report",
            audience=("adopter", "engineering"), weeks=3, workloads=pool.workloads,
        )


def _exits(plan: Plan, assessment: Assessment, catalog: Catalog) -> Iterator[_Line]:
    critical = {w.id for w in assessment.workloads if w.criticality is Criticality.CRITICAL}
    for choice in plan.choices:
        if choice.workload in critical:
            yield _Line(
                "exit-test", f"Rehearse the exit from {_party(choice.operator, catalog)}: move the workload to its standby and back", "Platform lead",
                "The workload is critical", "Exit-test record with the time it took", audience=("adopter", "engineering"), weeks=6,
                workloads=(choice.workload,),
            )


def _watch(plan: Plan, catalog: Catalog) -> Iterator[_Line]:
    """What investors and partners watch in the middle term, and policy in the long term."""
    parties: dict[str, tuple[str, ...]] = {}
    for choice in plan.choices:
        model = catalog.models.get(choice.model)
        for party in sorted({choice.operator, model.maker if model else choice.operator} - {OWN}):
            parties[party] = (*parties.get(party, ()), choice.workload)
    for party in sorted(parties):
        yield _Line(
            "vendor-viability", f"Track the viability of {_party(party, catalog)}: funding, ownership, revenue and its quality", "Vendor manager",
            "The plan rests on this party", "Half-yearly viability note", horizon="mid", audience=("investor", "adopter"), workloads=parties[party],
        )
    compute = tuple(c.workload for c in plan.choices if c.mode == "mistral-compute")
    if compute or "mistral-ai" in parties:
        yield _Line(
            "compute-utilisation", "Track the utilisation of Mistral Compute and how much of Mistral's recurring revenue is contracted", "Investor relations",
            "Recommendation for the middle term: capacity that does not fill, or revenue that is not contracted, puts price and service at risk", "Half-yearly note on utilisation and recurring revenue", horizon="mid",
            audience=("investor",), workloads=compute or parties["mistral-ai"],
        )
    if plan.choices:
        yield _Line(
            "supply-chain-autonomy", "Reduce dependence in the supply chain: accelerators, data centres, inference software", "Public affairs",
            "Recommendation for the long term: an autonomous chain from the procurement of accelerators to inference software",
            "Yearly review of the supply chain from accelerator to inference software", horizon="long", audience=("policy",),
        )


def _model(choice: Choice, catalog: Catalog) -> str:
    return catalog.models[choice.model].name if choice.model in catalog.models else choice.model


def _party(party: str, catalog: Catalog) -> str:
    return catalog.parties[party].name if party in catalog.parties else party


# ---------------------------------------------------------------------------------------- merging and dating


def _merged(lines: Iterable[_Line]) -> list[_Line]:
    """Identical steps once, over all the workloads that need them, at the earliest date and with every reason."""
    found: dict[tuple[str, str, str], _Line] = {}
    for line in lines:
        key = (line.step, line.owner, line.horizon)
        if key not in found:
            found[key] = line
            continue
        other = found[key]
        reasons = other.because if line.because in other.because else f"{other.because}; {line.because}"
        costs = [c for c in (other.cost_eur, line.cost_eur) if c is not None]
        workloads = tuple(sorted({*other.workloads, *line.workloads})) if other.workloads and line.workloads else ()
        found[key] = replace(
            other, because=reasons[:4000], workloads=workloads, not_before=min(other.not_before, line.not_before), cost_eur=max(costs, default=None)
        )
    return list(found.values())


def _numbered(lines: list[_Line], assessment: Assessment, as_of: date) -> tuple[Step, ...]:
    """Steps with stable ids: the rule and a number, in the order the step first appears; shortened by a hash where too long."""
    counts: dict[str, int] = {}
    steps = []
    for line in lines:
        counts[line.source] = counts.get(line.source, 0) + 1
        steps.append(Step(
            id=_short(f"{line.source}-{counts[line.source]}"), step=line.step, horizon=line.horizon, audience=", ".join(line.audience), owner=line.owner,
            due=_due(line, assessment.horizon.start, as_of), evidence=line.evidence, because=line.because, workloads=line.workloads, cost_eur=line.cost_eur,
            citation=line.citation, weeks=line.weeks,
        ))
    return tuple(sorted(steps, key=lambda s: (_HORIZON[s.horizon], s.due, s.id)))


def _due(line: _Line, go_live: date, as_of: date) -> date:
    """Before go-live, or before the rule applies if that is later, leaving no step in the past."""
    wanted = add_months(go_live, _AFTER_GO_LIVE[line.horizon])
    return max(wanted, line.not_before, as_of)


def _short(identifier: str) -> str:
    if len(identifier) <= 64:
        return identifier
    return f"{identifier[:55].rstrip('-')}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"
