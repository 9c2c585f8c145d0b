"""The limits of the assessment once more: money, shares, sovereignty, numbers of operators and models, power, carbon."""
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from planner.domain.assessment import Assessment, Criticality
from planner.domain.plan import Plan
from planner.judging.deployment import OWN
from planner.judging.portfolio import PORTFOLIO_WEIGHTS, SCORE_UNIT
from planner.quantities import exact
from planner.verify.bill import Bill
from planner.verify.serving import Serving

Need = Callable[[str, bool, str], None]


def check_limits(plan: Plan, assessment: Assessment, bill: Bill, serving: list[Serving], need: Need) -> None:
    """Tell what the plan breaks of the assessment's constraints."""
    cost, limits, budget = plan.cost, assessment.constraints, assessment.constraints.budget
    need("budget", budget.total is None or cost.total_eur <= budget.total, f"EUR {cost.total_eur} is over the budget of {budget.total}")
    need("capex", budget.capex is None or cost.capex_eur <= budget.capex, f"EUR {cost.capex_eur} is over the {budget.capex} for buying")
    for year, amount in budget.per_year.items():
        spent = cost.by_year.get(str(year), Decimal(0))
        need(f"budget {year}", spent <= amount, f"EUR {spent} is over the budget of {amount}")
    share = limits.concentration.max_share_of_spend
    for operator in sorted(set(cost.by_operator) - {OWN}):
        fine = share is None or cost.by_operator[operator] <= share * cost.total_eur
        need("concentration", fine, f"{operator} gets more than {share} of the spend")
    missing = set(limits.required_operators) - {s.choice.operator for s in serving if not s.choice.stands_by}
    need("required operators", not missing, f"nothing runs at {sorted(missing)}")
    for period in bill.periods:
        _check_period(assessment, [s for s in serving if period in s.periods], need)
    for site in assessment.organisation.sites:
        for period in bill.periods:
            drawn = sum((
                (g.power_kw or Decimal(0)) / g.nodes * x.nodes for g in plan.nodes if g.site == site.id and g.nodes
                for x in g.taken_on if x.from_month <= period.first < x.until_month
            ), Decimal(0))
            need(f"site {site.id}", site.power_kw is None or drawn <= site.power_kw, f"{drawn} kW are more than {site.power_kw}")
    if limits.max_carbon_kg is not None:
        need("carbon", cost.carbon_kg is not None and cost.carbon_kg <= limits.max_carbon_kg,
             f"not known to stay within {limits.max_carbon_kg} kg CO2e")


def _check_period(assessment: Assessment, here: list[Serving], need: Need) -> None:
    """Limits that hold at every time."""
    limits = assessment.constraints
    for most, names, word in (
        (limits.max_operators, {s.choice.operator for s in here}, "operators"), (limits.max_models, {s.choice.model for s in here}, "models"),
    ):
        need(word, most is None or len(names) <= most, f"{len(names)} {word} are more than {most}")
    running = [s for s in here if not s.choice.stands_by]
    vital = [s for s in running if s.workload.criticality is Criticality.CRITICAL]
    share, whole = limits.concentration.max_share_of_critical, sum(s.number for s in vital)
    for operator in sorted({s.choice.operator for s in vital} - {OWN}):
        carried = sum(s.number for s in vital if s.choice.operator == operator)
        says = f"{operator} carries more than {share} of the critical workloads"
        need("concentration", share is None or carried <= int(share * whole), says)
    wanted = limits.sovereignty.min_score
    if wanted is not None:
        strict = limits.sovereignty.basis == "strict"
        with exact():
            reached = whole_weight = Decimal(0)
            for s in running:
                weight = PORTFOLIO_WEIGHTS[s.workload.criticality] * s.part.share * s.number / s.part.count
                reached += weight * (s.judged.score_strict if strict else s.judged.score)
                whole_weight += weight
        need("sovereignty", reached >= int(wanted * SCORE_UNIT) * whole_weight, f"the portfolio's score is below {wanted}")
