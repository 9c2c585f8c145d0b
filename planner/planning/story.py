"""From Catalog + Assessment + a date to a Report; and a saved report checked again from the same three things."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from planner import __version__
from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.overlay import laid_over
from planner.domain.plan import Conflict, Plan, Proof, ProofStatus
from planner.domain.report import Provenance, Report
from planner.optimising.adapting import portfolio_of
from planner.optimising.conflict import Lift, smallest_conflict
from planner.optimising.decide import decided
from planner.optimising.engine import Decision, best_plan
from planner.optimising.standing import Tell
from planner.options.dominance import without_dominated
from planner.options.enumerate import enumerate_options
from planner.options.option import Options
from planner.planning.annexes import annexes_of
from planner.planning.kpis import kpis_of
from planner.planning.roadmap import plan_roadmap
from planner.planning.repairs import with_repairs
from planner.planning.summary import Judged, binding, headline, names_in, sources_in, stale_facts
from planner.problems import SelfCheckFailed
from planner.quantities import from_cents, to_cents
from planner.verify import verify


@dataclass(frozen=True, slots=True)
class Settings:
    """How to solve: the engine, the seconds it may take, the relative gap that is good enough, and who hears of progress."""

    engine: str = "highs"
    seconds: float = 60.0
    gap: float = 0.0
    tell: Tell | None = field(default=None, compare=False)


def plan(catalog: Catalog, assessment: Assessment, as_of: date, data: Mapping[str, Any], settings: Settings | None = None) -> Report:
    """The report of the best plan, or of why there is none.

    `data` is the assessment as it was read, which the report carries so that it can be checked again. Raises NotProved when
    the limit is reached without a plan or a proof, and SelfCheckFailed when a plan does not survive the re-check.
    """
    settings = settings or Settings()
    world = laid_over(catalog, assessment)
    options = without_dominated(enumerate_options(world, assessment, as_of))
    decision = best_plan(portfolio_of(options, assessment), settings.engine, settings.seconds, settings.gap, tell=settings.tell)
    if decision is None:
        lift = _lifter(world, assessment, as_of)
        conflict = smallest_conflict(options, assessment, lift, settings.engine, settings.seconds)
        conflict = with_repairs(conflict, assessment, lift, lambda a: _planned_anew(catalog, a, as_of, settings), settings.engine, settings.seconds)
        return _no_plan(conflict, options, world, assessment, as_of, data, settings)
    made = decided(decision, options, assessment, as_of)
    if violations := verify(made, catalog, assessment, as_of):
        raise SelfCheckFailed(violations)  # a plan that does not hold is never shown
    return _report(made, _proof(decision, made, assessment, settings), options, world, assessment, as_of, data, settings)


def _planned_anew(catalog: Catalog, assessment: Assessment, as_of: date, settings: Settings) -> Plan | None:
    """The best plan of a changed assessment, re-checked; None where there is none. Raises NotProved at the limit."""
    options = without_dominated(enumerate_options(laid_over(catalog, assessment), assessment, as_of))
    if any(not options.open[part.id] for part in options.parts):
        return None
    decision = best_plan(portfolio_of(options, assessment), settings.engine, settings.seconds, settings.gap)
    made = None if decision is None else decided(decision, options, assessment, as_of)
    return None if made is None or verify(made, catalog, assessment, as_of) else made


def _lifter(world: Catalog, assessment: Assessment, as_of: date) -> Lift:
    """Options with some wishes lifted; no machine that the whole budget could not pay once."""
    budget = assessment.constraints.budget.total
    most = None if budget is None else to_cents(budget)

    def lift(wishes: frozenset[str], only: frozenset[str] | None) -> Options:
        affordable = None if "budget:total" in wishes else most
        return without_dominated(enumerate_options(world, assessment, as_of, wishes, only, affordable))

    return lift


def recheck(report: Report, catalog: Catalog, assessment: Assessment) -> tuple[str, ...]:
    """Everything in a saved report that does not follow from its own assessment, this catalog and its date, in words."""
    as_of = report.provenance.as_of
    moved = [] if catalog.sha256 == report.provenance.catalog_sha256 else [
        "the catalog has moved on since this report was made: its figures cannot be checked against this one; plan again"
    ]
    if report.plan is None:
        return tuple(moved)
    if violations := verify(report.plan, catalog, assessment, as_of):
        return (*moved, *violations)
    proof = report.proof
    if proof.bound_eur is not None and not _sound(proof, report.plan):
        moved.append("proof: the bound, the gap and the cost do not belong together")
    world = laid_over(catalog, assessment)
    judged = Judged.of(report.plan, world, assessment, as_of)
    for name in ("scorecard", "findings", "checklist", "stack", "questions"):
        if getattr(report, name) != getattr(judged, name):
            moved.append(f"{name}: it is not what follows from the plan")
    if report.annexes not in (None, annexes_of(report.plan, judged.scorecard, assessment, world, as_of)):
        moved.append("annexes: they are not what follows from the plan")
    if report.kpis not in ((), kpis_of(report.plan, judged.scorecard, judged.stack, judged.findings, assessment, world, as_of)):
        moved.append("kpis: they are not what follows from the plan")
    if report.roadmap and report.roadmap != plan_roadmap(report.plan, judged.findings, judged.checklist, assessment, world, as_of):
        moved.append("roadmap: it is not what follows from the plan")
    return tuple(moved)


def _proof(decision: Decision, made: Plan, assessment: Assessment, settings: Settings) -> Proof:
    """Our own verdict: optimal only where the bound meets the first objective to the cent."""
    by_cost = assessment.objective[0].value == "cost"
    bound = made.cost.worth_eur if decision.proved else min(from_cents(decision.bound or 0), made.cost.worth_eur)  # months are rounded apart
    gap = decision.gap
    if by_cost and not decision.proved and gap is not None:  # the plan may leave out what an unfinished search still paid for
        gap = float((made.cost.worth_eur - bound) / max(made.cost.worth_eur, Decimal("0.01")))
    return Proof(
        status=ProofStatus.OPTIMAL if decision.proved else ProofStatus.WITHIN_GAP, solver=settings.engine,
        gap=None if gap is None else Decimal(f"{gap:.6f}"), bound_eur=bound if by_cost else None,
        objective=tuple(o.value for o in assessment.objective),
    )


def _sound(proof: Proof, made: Plan) -> bool:
    assert proof.bound_eur is not None
    worth = made.cost.worth_eur
    gap = (worth - proof.bound_eur) / max(worth, Decimal("0.01"))
    return proof.bound_eur <= worth and proof.gap is not None and abs(gap - proof.gap) < Decimal("0.00001")


def _report(
    made: Plan, proof: Proof, options: Options, world: Catalog, assessment: Assessment, as_of: date, data: Mapping[str, Any], settings: Settings
) -> Report:
    judged = Judged.of(made, world, assessment, as_of)
    return Report(
        outcome="planned", assessment_name=assessment.name, organisation=assessment.organisation.name,
        headline=headline(made, proof, judged, assessment, world), proof=proof, plan=made, scorecard=judged.scorecard, stack=judged.stack,
        findings=judged.findings, checklist=judged.checklist, exclusions=options.excluded, options_open=options.count,
        options_excluded=sum(e.count for e in options.excluded), questions=judged.questions, binding=binding(made, judged, assessment, world),
        stale=stale_facts(made, judged, world, as_of), sources=sources_in(made, world), names=names_in(made, options.excluded, world, assessment),
        assessment=data, provenance=_provenance(world, assessment, as_of, settings),
        annexes=annexes_of(made, judged.scorecard, assessment, world, as_of),
        kpis=kpis_of(made, judged.scorecard, judged.stack, judged.findings, assessment, world, as_of),
        roadmap=plan_roadmap(made, judged.findings, judged.checklist, assessment, world, as_of),
    )


def _no_plan(
    conflict: Conflict, options: Options, world: Catalog, assessment: Assessment, as_of: date, data: Mapping[str, Any], settings: Settings
) -> Report:
    says = "; ".join(d.says for d in conflict.demands)
    return Report(
        outcome="no-plan", assessment_name=assessment.name, organisation=assessment.organisation.name,
        headline=(f"No plan meets everything that was asked. These cannot all hold: {says}.",),
        proof=Proof(
            status=ProofStatus.INFEASIBLE, gap=None, bound_eur=None, objective=tuple(o.value for o in assessment.objective), solver=settings.engine,
        ),
        plan=None, scorecard=None, stack=(), findings=(), checklist=(), exclusions=options.excluded, options_open=options.count,
        options_excluded=sum(e.count for e in options.excluded), questions=(), conflict=conflict, sources=(),
        names=names_in(None, options.excluded, world, assessment), assessment=data, provenance=_provenance(world, assessment, as_of, settings),
    )


def _provenance(world: Catalog, assessment: Assessment, as_of: date, settings: Settings) -> Provenance:
    currencies = sorted({r.currency for r in world.rates if r.date <= as_of})
    rates = tuple(f"1 EUR = {(r := world.rate(c, as_of)).per_eur} {c} on {r.date}" for c in currencies)
    counts = {status: sum(r.status == status for r in world.rules.values()) for status in ("law", "guideline", "licence-term", "proposal")}
    return Provenance(
        tool=f"sovplan {__version__}", catalog_sha256=world.sha256, assessment_sha256=assessment.sha256, as_of=as_of, exchange_rates=rates,
        overridden=world.overridden + tuple(sorted(o.id for o in assessment.offers)), solver=settings.engine, facts_by_status=counts,
    )
