"""What to watch once a plan runs: each figure with its formula, its target and how it is measured. What cannot be known yet is null."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, Criticality
from planner.domain.catalog import Catalog, OfferKind
from planner.domain.kpi import Kpi, KpiPart
from planner.domain.plan import Plan
from planner.domain.report import Finding, Scorecard, Stack
from planner.judging.deployment import OWN
from planner.landscape.ladder import viability
from planner.sizing.demand import volumes

_THOUSANDTH, _MICRO = Decimal("0.001"), Decimal("0.000001")
_EXIT = "dep.exit_plan"


def kpis_of(
    plan: Plan, scorecard: Scorecard, stack: Iterable[Stack], findings: Iterable[Finding], assessment: Assessment, world: Catalog, as_of: date
) -> tuple[Kpi, ...]:
    """The figures of a plan, as they stand on the planning day."""
    return (
        _utilisation(plan, world), _cost_per_request(plan, assessment, world), _eu_law(plan, stack, world), _score(scorecard, assessment),
        _exit(plan, findings, assessment, world), _revenue(plan, world, as_of),
        _carbon(plan, assessment),
    )


def _target(world: Catalog, key: str) -> Decimal | None:
    assumed = world.assumptions.get(key)
    return None if assumed is None else Decimal(assumed.value)


def _utilisation(plan: Plan, world: Catalog) -> Kpi:
    """Of machines that are bought or committed to; those rented by the hour can be given back."""
    held = [p for p in plan.pools if world.offers[p.offer].kind is OfferKind.PURCHASE or world.offers[p.offer].term_months]
    replicas = sum(p.replicas for p in held)
    return Kpi(
        id="capacity-utilisation", name="Use of reserved and owned capacity", unit="share", target=_target(world, "kpi-utilisation"),
        value=(sum((p.load for p in held), Decimal(0)) / replicas).quantize(_THOUSANDTH) if replicas else None,
        formula="replicas' worth of load at the busiest hour ÷ replicas paid for, spares included",
        measure="each month, from the serving engine's metrics: busy replica hours ÷ paid replica hours",
        parts=tuple(KpiPart(name=p.model, value=(p.load / p.replicas).quantize(_THOUSANDTH)) for p in held),
        unknown_because=None if replicas else "nothing is reserved or owned",
    )


def _cost_per_request(plan: Plan, assessment: Assessment, world: Catalog) -> Kpi:
    workloads = {w.id: w for w in assessment.workloads}
    asked: dict[str, Decimal] = {}
    spent: dict[str, Decimal] = {}
    for c in plan.choices:
        unit = world.models[c.model].unit
        asked[c.workload] = volumes(workloads[c.workload], assessment.horizon, world.assumptions, unit).total_requests
        spent[c.workload] = spent.get(c.workload, Decimal(0)) + c.cost_eur
    total, budget = sum(asked.values(), Decimal(0)), assessment.constraints.budget.total
    return Kpi(
        id="cost-per-request", name="Cost of one answered request", unit="eur",
        value=(plan.cost.total_eur / total).quantize(_MICRO) if total else None,
        target=(budget / total).quantize(_MICRO) if total and budget is not None else None,
        formula="cost over the horizon ÷ requests answered over the horizon; the target is the budget ÷ the same requests",
        measure="each month: invoices and depreciation of all four layers ÷ requests in the gateway's log",
        parts=tuple(KpiPart(name=w, value=(spent[w] / asked[w]).quantize(_MICRO) if asked[w] else None) for w in asked),
        unknown_because=None if total else "no request is expected",
    )


def _eu_law(plan: Plan, stack: Iterable[Stack], world: Catalog) -> Kpi:
    """Spend counts under the law of the country of whoever controls the operator in the end. Unknown is never counted as the EU."""
    eu = world.country_groups.get("eu", frozenset())
    law = _laws(plan, stack)
    spend = plan.cost.by_operator
    total = plan.cost.total_eur
    inside = sum((v for k, v in spend.items() if law.get(k) in eu), Decimal(0))
    unknown = sum((v for k, v in spend.items() if law.get(k) is None), Decimal(0))
    return Kpi(
        id="spend-under-eu-law", name="Share of spend under EU law", unit="share", target=_target(world, "kpi-eu-law-share"),
        value=(inside / total).quantize(_THOUSANDTH) if total else None,
        high=((inside + unknown) / total).quantize(_THOUSANDTH) if total else None,
        formula="spend with operators controlled in the end from an EU country ÷ all spend; an operator whose control is not known does not count",
        measure="each quarter, from the ledger: payments by operator, and who owns it on that day",
        parts=tuple(KpiPart(name=k, value=(v / total).quantize(_THOUSANDTH) if total else None) for k, v in sorted(spend.items())),
        unknown_because=None if total else "nothing is spent",
    )


def _laws(plan: Plan, stack: Iterable[Stack]) -> Mapping[str, str | None]:
    """Operator -> the country that controls it, as the stack map says; None where that is not known."""
    operator = {c.workload: c.operator for c in plan.choices}
    found: dict[str, str | None] = {}
    for entry in stack:
        for layer in entry.layers:
            if layer.name == "Cloud platform" and entry.workload in operator:
                found[operator[entry.workload]] = None if layer.law == "not known" else layer.law
    return found


def _score(card: Scorecard, assessment: Assessment) -> Kpi:
    overall = card.overall
    key = max(overall.score)
    low, high = overall.score_range[key]
    step = card.next_step
    after = () if step is None else (KpiPart(name="after the next step, proven", value=(low + step.gain_points).quantize(Decimal("0.1"))),)
    return Kpi(
        id="sovereignty-score", name="Sovereignty score", unit="points", value=overall.score[key], low=low, high=high,
        target=assessment.constraints.sovereignty.min_score,
        formula=f"points of the eight objectives ÷ their most, weighted (weights of {key}); low counts what is unknown as worst, high as best",
        measure="each quarter: plan again with the answers that have come in, and compare by `sovplan diff`",
        parts=(KpiPart(name="today, proven", value=low.quantize(Decimal("0.1"))), *after),
    )


def _exit(plan: Plan, findings: Iterable[Finding], assessment: Assessment, world: Catalog) -> Kpi:
    """Of the workloads that matter: is an exit plan stated to be documented and tested?"""
    matter = [w for w in assessment.workloads if w.criticality is not Criticality.SUPPORTING]
    said = {w.id: w.facts.get(_EXIT, assessment.evidence.get(_EXIT)) for w in matter}
    met = {f.workload for f in findings if f.status == "met" and _EXIT in f.facts}
    ready = sum(value is True or w in met for w, value in said.items())
    silent = sum(value is None and w not in met for w, value in said.items())
    count = len(matter)
    return Kpi(
        id="exit-readiness", name="Exit readiness", unit="share", target=_target(world, "kpi-exit-readiness"),
        value=(Decimal(ready) / count).quantize(_THOUSANDTH) if count else None,
        high=(Decimal(ready + silent) / count).quantize(_THOUSANDTH) if count else None,
        formula="important and critical workloads with a documented and tested exit plan ÷ all such workloads; where nothing is stated, it does "
                "not count",
        measure="each year: the record of an exit test for each workload",
        parts=tuple(KpiPart(name=c.workload, value=c.exit_cost_eur, unit="eur") for c in plan.choices
                    if c.workload in said and c.exit_cost_eur is not None),
        unknown_because=None if count else "no workload is important or critical",
    )


def _revenue(plan: Plan, world: Catalog, as_of: date) -> Kpi:
    """How much of a maker's or operator's yearly revenue is tied up: the heaviest of those whose figures are known."""
    parties = sorted({p for c in plan.choices for p in (world.models[c.model].maker, c.operator)} & world.parties.keys() - {OWN})
    read = {p: viability(world.parties[p], world, as_of) for p in parties}
    known = [v.burden_high for v in read.values() if v.burden_high is not None]
    whole = bool(parties) and len(known) == len(parties)
    return Kpi(
        id="vendor-revenue", name="Quality of vendors' revenue", unit="years", target=_target(world, "viability-light-at-most"),
        value=max(known) if whole else None,
        formula="debt and building costs that are known ÷ the latest known yearly revenue, of the maker or operator where it is heaviest",
        measure="twice a year, from annual reports and announcements; ask vendors for the recurring and contracted share of their revenue",
        parts=tuple(KpiPart(name=p, value=v.burden_high) for p, v in read.items()),
        unknown_because=None if whole else "revenue, debt or building costs are not known of every vendor",
    )


def _carbon(plan: Plan, assessment: Assessment) -> Kpi:
    """All that serves, together: not known as soon as one way's is not. What is known is then the least that it can be."""
    known, share = plan.carbon_known
    kilos: dict[str, list[Decimal | None]] = {}
    for c in plan.choices:
        if not c.stands_by:
            kilos.setdefault(c.workload, []).append(c.carbon_kg)
    parts = tuple(KpiPart(name=w, value=None if None in each else sum(k or Decimal(0) for k in each)) for w, each in kilos.items())
    covered = KpiPart(name="share of the cost of which it is known", value=share.quantize(_THOUSANDTH), unit="share")
    return Kpi(
        id="carbon", name="Carbon in operation", unit="kg", value=plan.cost.carbon_kg, low=known if share and plan.cost.carbon_kg is None else None,
        target=assessment.constraints.max_carbon_kg, formula="kg CO2e of all that serves, over the horizon; low counts what is known alone",
        measure="each year: operators' carbon statements for your account, and metered kWh × the grid's intensity", parts=(covered, *parts),
        unknown_because=None if plan.cost.carbon_kg is not None else "of some ways it is not known, which is not counted as none",
    )
