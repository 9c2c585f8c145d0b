"""What is said about a plan once it stands: its judgement, its first lines, what binds it, what is old, where figures come from."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from planner.domain.assessment import Assessment
from planner.domain.catalog import SHELF_LIFE_DAYS, Catalog
from planner.domain.plan import Binding, Choice, Exclusion, Plan, Proof, ProofStatus
from planner.domain.report import Finding, Question, Scorecard, SourceUsed, Stack, StaleFact, Step
from planner.judging.checklist import checklist
from planner.judging.compliance import findings_for
from planner.judging.deployment import deployment_of
from planner.judging.portfolio import PORTFOLIO_WEIGHTS
from planner.judging.questions import questions_of
from planner.judging.sovereignty import Scorer
from planner.judging.stack import stack_of
from planner.judging.waivers import expired, with_waivers
from planner.quantities import add_months, first_day


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement of a plan: what law and sovereignty say of it, and what is to be done."""

    scorecard: Scorecard
    findings: tuple[Finding, ...]
    checklist: tuple[Step, ...]
    stack: tuple[Stack, ...]
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, plan: Plan, world: Catalog, assessment: Assessment, as_of: date) -> Judged:
        """Judge a plan from the nouns."""
        workloads = {w.id: w for w in assessment.workloads}
        deployments = [deployment_of(world, workloads[c.workload], world.models[c.model], world.offers[c.offer], c.site) for c in plan.choices]
        parts = [(c.workload, d, weight_of(c, assessment)) for c, d in zip(plan.choices, deployments, strict=True)]
        findings = findings_for(deployments, assessment, world, as_of, add_months(assessment.horizon.start, assessment.horizon.months))
        findings = with_waivers(findings, assessment.waivers, as_of)
        return cls(
            scorecard=Scorer(assessment, world).plan_scorecard(parts, assessment.name), findings=findings,
            checklist=checklist(findings, plan, assessment, world, as_of), stack=tuple(stack_of(d, world, assessment) for d in deployments),
            questions=questions_of(findings, world),
        )


def headline(plan: Plan, proof: Proof, judged: Judged, assessment: Assessment, world: Catalog) -> tuple[str, ...]:
    """The first lines anyone reads: what the plan rests on comes before what it promises."""
    lines = []
    open_facts = sorted({fact for c in plan.choices for fact in c.conditional_on})
    if open_facts:
        lines.append(f"This plan holds on condition: {_counted(len(open_facts), 'fact')} that nobody has stated yet may still close parts of it.")
    lapsed = expired(assessment.waivers, plan.as_of)
    lines += [f"A waiver has expired ({w.rule}, {w.owner}, {w.expires}): what it covered counts again." for w in lapsed]
    pinned = sorted({world.models[c.model].name for c in plan.choices if c.quality_pinned})
    if pinned:
        lines.append(f"Accepted without measurement, as you asked: {', '.join(pinned)}.")
    modes = sorted({world.modes[c.mode].name for c in plan.choices})
    models = sorted({world.models[c.model].name for c in plan.choices})
    operators = sorted({world.parties[c.operator].name for c in plan.choices})
    counts = (_counted(len({c.workload for c in plan.choices}), "workload"), _counted(len(models), "model"), _counted(len(operators), "operator"))
    lines.append(f"{counts[0]} on {counts[1]} under {counts[2]} ({', '.join(operators)}), by {', '.join(modes)}.")
    proved = "proved to be the cheapest" if proof.status is ProofStatus.OPTIMAL and proof.objective[0] == "cost" else "proved best" \
        if proof.status is ProofStatus.OPTIMAL else f"within {proof.gap:.2%} of the best possible"
    months = assessment.horizon.months
    lines.append(f"EUR {plan.cost.total_eur:,.2f} over {months} months, {proved}.")
    estimated = sum((line.amount_eur for line in plan.lines if line.estimate), Decimal(0))
    if estimated:
        lines.append(f"EUR {estimated:,.2f} of it rests on estimates and assumptions, not on published prices: get quotes first.")
    overall = judged.scorecard.overall
    lines.append(
        f"Sovereignty: SEAL-{overall.seal.proven} proven, up to SEAL-{overall.seal.possible} possible; {overall.rating_out_of_10} out of 10 "
        f"({overall.rating_range[0]} proven to {overall.rating_range[1]} possible): {overall.label}."
    )
    return tuple(lines)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def binding(plan: Plan, judged: Judged, assessment: Assessment, world: Catalog) -> tuple[Binding, ...]:
    """The demands with numbers, and how far each is used up."""
    found: list[Binding] = []
    limits, cost = assessment.constraints, plan.cost
    if limits.budget.total is not None:
        found.append(_euros("budget in all", cost.total_eur, limits.budget.total))
    for year, amount in sorted(limits.budget.per_year.items()):
        found.append(_euros(f"budget {year}", cost.by_year.get(str(year), Decimal(0)), amount))
    if limits.budget.capex is not None:
        found.append(_euros("capital expenditure", cost.capex_eur, limits.budget.capex))
    if limits.concentration.max_share_of_spend is not None and cost.total_eur:
        outside = {k: v for k, v in cost.by_operator.items() if k != "own"}
        name, spend = max(outside.items(), key=lambda item: (item[1], item[0]), default=("none", Decimal(0)))
        share = spend / cost.total_eur
        name = world.parties[name].name if name in world.parties else name
        most = limits.concentration.max_share_of_spend
        found.append(Binding(demand=f"largest share of spend ({name})", used=f"{share:.0%}", limit=f"{most:.0%}", unit="share",
                             used_value=share, limit_value=most))
    if limits.sovereignty.min_score is not None:
        reached = _portfolio_score(plan, assessment)
        least = limits.sovereignty.min_score
        found.append(Binding(demand="sovereignty score", used=f"{reached:.1f}", limit=f"at least {least}", unit="points", used_value=reached,
                             limit_value=least, at_least=True))
    if limits.sovereignty.min_seal is not None:
        lowest = min((c.seal_known for c in plan.choices if c.seal_known is not None), default=None)
        used = "not known" if lowest is None else f"SEAL-{lowest}"
        least = limits.sovereignty.min_seal
        found.append(Binding(demand="SEAL of each workload", used=used, limit=f"SEAL-{least}", unit="seal", used_value=lowest, limit_value=least,
                             at_least=True))
    return tuple(found)


def _euros(demand: str, used: Decimal, limit: Decimal) -> Binding:
    return Binding(demand=demand, used=f"EUR {used:,.0f}", limit=f"EUR {limit:,.0f}", unit="euros", used_value=used, limit_value=limit)


def _portfolio_score(plan: Plan, assessment: Assessment) -> Decimal:
    weights = [weight_of(c, assessment) for c in plan.choices]
    return sum((w * (c.score_known or 0) for w, c in zip(weights, plan.choices, strict=True)), Decimal(0)) / sum(weights)


def weight_of(choice: Choice, assessment: Assessment) -> Decimal:
    """How a choice weighs in the portfolio: its workload's weight, by its share of the requests and of the time; nothing while it stands by."""
    workload = next(w for w in assessment.workloads if w.id == choice.workload)
    months = assessment.horizon.months
    lasts = (months if choice.until_month is None else choice.until_month) - choice.from_month
    return PORTFOLIO_WEIGHTS[workload.criticality] * choice.share * (0 if choice.stands_by else lasts) / months


def stale_facts(plan: Plan, judged: Judged, world: Catalog, as_of: date) -> tuple[StaleFact, ...]:
    """Prices, rules and hardware figures of this plan that are past their shelf life on the planning day."""
    dated: list[tuple[str, str, str]] = [("prices", f"price of {line.what} ({line.offer})", line.date) for line in plan.lines if line.offer]
    dated += [("rules", f.citation.text, f.citation.checked) for f in judged.findings]
    for pool in plan.pools:
        figure = world.accelerators[pool.accelerator].memory_gb
        dated.append(("accelerators", f"figures of {pool.accelerator}", figure.date))
    stale = {}
    for kind, what, day in dated:
        age = (as_of - first_day(day)) // timedelta(days=1)
        if age > SHELF_LIFE_DAYS[kind]:
            stale[what] = StaleFact(what=what, date=day, age_days=age, shelf_life_days=SHELF_LIFE_DAYS[kind])
    return tuple(stale[k] for k in sorted(stale))


def sources_in(plan: Plan, world: Catalog) -> tuple[SourceUsed, ...]:
    """The sources that the plan's figures come from."""
    ids = {line.source for line in plan.lines} | {s for c in plan.choices for s in (*c.sources, *(line.source for line in c.exit_lines))}
    for c in plan.choices:
        model = world.models[c.model]
        figures = (model.licence, model.context_tokens, model.parameters_total_b, model.parameters_active_b, model.architecture)
        ids |= {figure.source for figure in figures if figure is not None}
    for pool in plan.pools:
        ids.add(world.accelerators[pool.accelerator].memory_gb.source)
    return tuple(SourceUsed(id=s.id, what=s.what, url=s.url, date=s.date) for s in (world.sources[i] for i in sorted(ids & set(world.sources))))


def names_in(plan: Plan | None, excluded: Iterable[Exclusion], world: Catalog, assessment: Assessment) -> dict[str, str]:
    """Readable names for the ids that a report uses."""
    names = {w.id: w.name for w in assessment.workloads} | {m.id: m.name for m in world.modes.values()}
    names |= {e.option: world.models[e.option].name for e in excluded if e.option in world.models}
    if plan is not None:
        used = {c.model: world.models[c.model].name for c in plan.choices} | {c.operator: world.parties[c.operator].name for c in plan.choices}
        used |= {c.offer: world.offers[c.offer].name for c in plan.choices}
        used |= {c.site: world.sites[c.site][0].name for c in plan.choices if c.site}
        used |= {p.accelerator: world.accelerators[p.accelerator].name for p in plan.pools}
        used |= {k: world.parties[k].name for k in plan.cost.by_operator if k in world.parties}
        names |= used
    return dict(sorted(names.items()))
