"""The one seam between the studies and the planner: options enumerated once, and solved again under other limits.

Everything that is found here has passed the re-check, exactly as the plan that a user sees.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.overlay import laid_over
from planner.domain.plan import Plan
from planner.judging.portfolio import PORTFOLIO_WEIGHTS, SCORE_UNIT
from planner.optimising.adapting import portfolio_of
from planner.optimising.assembling import Assembled, assembled
from planner.optimising.decide import decided
from planner.optimising.engine import decision_of
from planner.optimising.linear import Constraint
from planner.optimising.search import solve
from planner.options.dominance import without_dominated
from planner.options.enumerate import enumerate_options
from planner.options.option import Option, Options
from planner.problems import SelfCheckFailed
from planner.quantities import from_cents
from planner.sizing.demand import Part
from planner.verify import verify

Way = tuple[str, str, str, str]  # workload, model, mode, operator: what makes two plans really differ


@dataclass(frozen=True, slots=True)
class Prepared:
    """The options of one world, before anything dominated is left out. `catalog` is the whole one, against which plans are re-checked."""

    catalog: Catalog
    assessment: Assessment
    as_of: date
    options: Options

    @property
    def parts_without_way(self) -> tuple[Part, ...]:
        """The parts of workloads that nothing can serve here."""
        return tuple(part for part in self.options.parts if not self.options.open[part.id])


@dataclass(frozen=True, slots=True)
class Found:
    """A plan that passed the re-check; whether it is proved best, and a bound on the cost of any plan where cost comes first."""

    plan: Plan
    proved: bool
    bound_eur: Decimal | None
    score: Decimal | None  # the portfolio's, by the basis that the assessment chose
    carbon_kg: int | None  # None: not known


def prepare(catalog: Catalog, market: Catalog, assessment: Assessment, as_of: date, only: frozenset[str] | None = None) -> Prepared:
    """Enumerate and size once. `market` may hold less than `catalog`, which is the one that plans are re-checked against.

    `only` looks at some workloads alone.
    """
    return Prepared(catalog, assessment, as_of, enumerate_options(laid_over(market, assessment), assessment, as_of, only=only))


def find(
    ready: Prepared, assessment: Assessment, pins: Mapping[str, Sequence[str]], cuts: Sequence[Sequence[Way]], engine: str = "highs",
    seconds: float = 60.0, in_use: Mapping[str, Sequence[str]] | None = None,
) -> Found | None:
    """The best plan of `assessment`, which may differ from the prepared one in limits and aims alone; None where there is none.

    `pins`: workload, or part of one -> the options it may have. Each of `cuts` is a set of ways that must not all come again.
    `in_use`: workload -> the options that it has today; then only the first aim counts, and the best plan keeps as much of today's as
    costs nothing. Raises NotProved at the limit and SelfCheckFailed where the plan does not survive the re-check.
    """
    allowed = {part.id: pins.get(part.id, pins.get(part.workload)) for part in ready.options.parts}
    kept = {p: tuple(o for o in ways if allowed[p] is None or o.key in allowed[p]) for p, ways in ready.options.open.items()}
    if any(not ways for ways in kept.values()):
        return None
    options = without_dominated(replace(ready.options, open=kept))
    made = assembled(portfolio_of(options, assessment))
    made = replace(made, programme=made.programme.with_rows(_cut(made, options, cut, n) for n, cut in enumerate(cuts)))
    today = tuple(
        made.variables.x[part.id, key, t] for part in ready.options.parts for key in (in_use or {}).get(part.workload, ())
        for t in made.variables.times if (part.id, key, t) in made.variables.x
    )
    solution = solve(made.programme, engine, seconds, isolated=False, in_use=today)
    if solution.values is None:
        return None
    plan = decided(decision_of(solution, made), options, assessment, ready.as_of)
    if violations := verify(plan, ready.catalog, assessment, ready.as_of):
        raise SelfCheckFailed(violations)
    by_cost = assessment.objective[0].value == "cost"
    bound = None if not by_cost or solution.bound is None else from_cents(solution.bound)
    return Found(plan, solution.proved, bound, *_judged(plan, options, assessment))


def placed(ready: Prepared, assessment: Assessment, keys: Mapping[str, str]) -> Found | None:
    """The plan in which each workload, or part of one, has the option of this key throughout; None where one is not open or a limit breaks.

    Nothing else is looked for, so nothing is proved. Raises SelfCheckFailed where the plan does not survive the re-check.
    """
    if any(keys.get(part.id, keys.get(part.workload)) is None for part in ready.options.parts):
        return None
    found = find(ready, assessment, {name: (key,) for name, key in keys.items()}, ())
    return None if found is None else replace(found, proved=False, bound_eur=None)


def near(ready: Prepared, number: int) -> set[tuple[str, str]]:
    """Offer and model of the few ways of each workload that cost least by themselves: their own lines, one machine, and what they share."""
    o = ready.options

    def alone(way: Option) -> int:
        return way.cents + (o.nodes[o.pools[way.pool].node].cents if way.pool else 0) + sum(o.shared[s].cents for s in way.shared)

    cheapest = [way for ways in o.open.values() for way in sorted(ways, key=lambda w: (alone(w), w.key))[:number]]
    return {(way.deployment.offer.id, way.model) for way in cheapest if way.deployment.offer is not None}


def way_of(option: Option) -> Way:
    """What an option is, beside its place and its machine."""
    assert option.deployment.mode is not None
    return (option.workload, option.model, option.deployment.mode.id, option.operator)


def _cut(made: Assembled, options: Options, cut: Iterable[Way], number: int) -> Constraint:
    """Not all of these ways again throughout: at least one workload is served by another model, mode or operator at some time."""
    wanted = set(cut)
    same = tuple(
        (made.variables.x[part, o.key, t], 1)
        for part, ways in options.open.items() for o in ways if way_of(o) in wanted for t in made.variables.times
        if (part, o.key, t) in made.variables.x
    )
    parts = sum(item.count for item in made.variables.portfolio.items if any(way_of(o) in wanted for o in options.open[item.id]))
    return Constraint(
        f"differs_{number:03d}", "alternatives", "the plan differs from one already found", same, "<=", parts * len(made.variables.times) - 1
    )


def _judged(plan: Plan, options: Options, assessment: Assessment) -> tuple[Decimal, int | None]:
    """The portfolio's mean score over the horizon by the basis that the assessment chose, and kilograms of CO2e; None: not known."""
    strict = assessment.constraints.sovereignty.basis == "strict"
    by_key = {(o.workload, o.key): o for ways in options.open.values() for o in ways}
    weights = {w.id: PORTFOLIO_WEIGHTS[w.criticality] for w in assessment.workloads}
    months, points = assessment.horizon.months, Decimal(0)
    for c in (c for c in plan.choices if not c.stands_by):
        option = by_key[c.workload, c.option]
        lasts = (c.until_month or months) - c.from_month
        points += weights[c.workload] * c.share * (option.score_strict if strict else option.score) * lasts / months
    return points / (sum(weights.values()) * SCORE_UNIT), None if plan.cost.carbon_kg is None else int(plan.cost.carbon_kg)
