"""The search: a rough plan, what no plan as cheap can contain, the relaxation, the rest fixed exactly, then objective by objective.

Fixing is exact: a variable that forces more cost than a known plan has, or whose reduced cost lifts the relaxation above it, is 0 in
every plan that is no dearer.
"""
from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.optimising.linear import Constraint, Objective, Programme
from planner.optimising.probing import implied_costs, least_costs, useful, within_caps
from planner.optimising.solver import Engine, in_child
from planner.problems import NotProved

_SLACK = 1e-4  # of one unit of the objective, for a relaxation computed in floating point
_PROMISING = 12  # columns of each group that enter the first small programme


@dataclass(frozen=True, slots=True)
class Solution:
    """Values of the variables (None: no plan exists), the first objective's exact value, and a bound that no plan can beat."""

    values: tuple[int, ...] | None
    cost: int | None
    bound: int | None
    proved: bool  # the bound meets the cost, or infeasibility is proved

    @property
    def gap(self) -> float | None:
        """Our own relative gap between cost and bound."""
        if self.cost is None or self.bound is None:
            return None
        return 0.0 if self.cost == self.bound else (self.cost - self.bound) / max(abs(self.cost), 1)


def solve(programme: Programme, engine: str = "highs", seconds: float = 60.0, gap: float = 0.0, isolated: bool = True) -> Solution:
    """Solve a programme lexicographically. Raises NotProved when nothing is known when the limit is reached."""
    if isolated:
        return in_child(_solve, programme, engine, seconds, gap, seconds=seconds)
    return _solve(programme, engine, seconds, gap)


def feasible(programme: Programme, engine: str = "highs", seconds: float = 60.0) -> bool:
    """Whether any values satisfy the programme. Raises NotProved at the limit."""
    if any(not row.terms and not row.holds(()) for row in programme.constraints):
        return False
    run = Engine(engine, time.monotonic() + seconds)
    small, _ = programme.restricted(useful(programme, within_caps(programme)))
    if any(not group for group in small.groups):
        return False
    if _rough_plan(run, small) is not None:
        return True
    if run.relaxed(small, small.objectives[0]).infeasible:
        return False
    answer = run.integer(small, Objective("any", ()))
    if answer.values is None and not answer.infeasible:
        raise NotProved("whether a plan exists was not decided within the limit")
    return answer.values is not None


def _solve(programme: Programme, engine_name: str, seconds: float, gap: float) -> Solution:
    engine = Engine(engine_name, time.monotonic() + seconds)
    if any(not row.terms and not row.holds(()) for row in programme.constraints):
        return Solution(None, None, None, True)
    rough = _rough_plan(engine, programme)
    small, old = _narrowed(programme, rough)
    found = _least(engine, small, gap, None if rough is None else tuple(rough[i] for i in old))
    if found is None:
        return Solution(None, None, None, True)
    values, bound, reduced, floor = found
    cost = small.objectives[0].value(values)
    if cost > bound:
        return Solution(_widened(values, old, len(programme.variables)), cost, bound, False)
    return Solution(_widened(_refined(engine, small, reduced, floor, values), old, len(programme.variables)), cost, bound, True)


def _least(
    engine: Engine, programme: Programme, gap: float, known: tuple[int, ...] | None
) -> tuple[tuple[int, ...], int, Sequence[float] | None, float] | None:
    """Values of least first objective, a bound, the relaxation's reduced costs and value; None where there is no plan."""
    first = programme.objectives[0]
    relaxation = engine.relaxed(programme, first)
    if relaxation.infeasible:
        return None
    reduced, floor = relaxation.reduced_costs, relaxation.bound if relaxation.bound is not None else -math.inf
    plan = _better(first, known, _first_plan(engine, programme, reduced, relaxation.fractions))
    small, old = programme, list(range(len(programme.variables)))
    if plan is not None and reduced is not None:
        cost = first.value(plan)
        if cost <= _whole(floor) or gap > 0 and cost - floor <= gap * max(abs(cost), 1):
            return plan, min(cost, _whole(floor)), reduced, floor
        small, old = programme.restricted(useful(programme, _may_be_used(reduced, floor, cost, plan)))
    answer = engine.integer(small, small.objectives[0], gap, start=[plan[i] for i in old] if plan is not None else None)
    if answer.infeasible and plan is None:
        return None
    values = _better(first, plan, None if answer.values is None else _widened(answer.values, old, len(programme.variables)))
    if values is None:
        raise NotProved("no plan was found within the limit, nor a proof that there is none")
    return values, min(first.value(values), max(_whole(floor), _whole(answer.bound))), reduced, floor


def _better(objective: Objective, a: tuple[int, ...] | None, b: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return min((p for p in (a, b) if p is not None), key=objective.value, default=None)


def _rough_plan(engine: Engine, programme: Programme) -> tuple[int, ...] | None:
    """A plan from the choices that cost least by themselves: of each group the best few, and who could share what they force."""
    alone = implied_costs(programme, programme.objectives[0])
    if alone is None or not programme.groups:
        return None
    keep = [True] * len(programme.variables)
    for group in programme.groups:
        for i in sorted(group, key=lambda i: (alone[i], i))[_PROMISING:]:
            keep[i] = False
    small, old = programme.restricted(useful(programme, keep))
    answer = engine.integer(small, small.objectives[0], gap=1e-3)
    return None if answer.values is None else _widened(answer.values, old, len(programme.variables))


def _narrowed(programme: Programme, plan: Sequence[int] | None) -> tuple[Programme, list[int]]:
    """The programme without what a plan as cheap as the known one cannot contain, again and again while that helps."""
    small, old = programme, list(range(len(programme.variables)))
    while plan is not None:
        here = [plan[i] for i in old]
        smaller, kept = small.restricted(useful(small, _affordable(small, here)))
        helped = len(kept) < 0.95 * len(old)
        small, old = smaller, [old[i] for i in kept]
        if not helped:
            break
    return small, old


def _affordable(programme: Programme, plan: Sequence[int] | None) -> list[bool]:
    """Which variables may be above 0 in a plan no dearer than the known one, by what each of them forces."""
    least = None if plan is None else least_costs(programme, programme.objectives[0])
    if least is None or plan is None:
        return [True] * len(programme.variables)
    most = _allowed(programme.objectives[0], plan)
    return [plan[i] > 0 or least[i] <= most for i in range(len(programme.variables))]


def _first_plan(
    engine: Engine, programme: Programme, reduced: Sequence[float] | None, fractions: Sequence[float] | None
) -> tuple[int, ...] | None:
    """A good plan from a small programme: in each group the columns the relaxation uses, and the next cheapest by reduced cost."""
    if reduced is None or fractions is None or not programme.groups:
        return None
    keep = [True] * len(programme.variables)
    for group in programme.groups:
        ranked = sorted(group, key=lambda i: (-(fractions[i] > 1e-6), reduced[i], i))
        for i in ranked[_PROMISING:]:
            keep[i] = fractions[i] > 0.05
    small, old = programme.restricted(useful(programme, keep))
    answer = engine.integer(small, small.objectives[0], gap=1e-3)
    return None if answer.values is None else _widened(answer.values, old, len(programme.variables))


def _may_be_used(reduced: Sequence[float], floor: float, cost: int, plan: Sequence[int]) -> list[bool]:
    """Which variables may be above 0 in a plan no dearer than `cost`; those of the known plan always."""
    return [plan[i] > 0 or floor + r <= cost + _SLACK for i, r in enumerate(reduced)]


def _widened(values: Sequence[int], old: Sequence[int], size: int) -> tuple[int, ...]:
    full = [0] * size
    for i, v in zip(old, values, strict=True):
        full[i] = v
    return tuple(full)


def _whole(bound: float | None) -> int:
    """A bound on whole numbers, rounded up after allowing for floating point."""
    return -(10**18) if bound is None or not math.isfinite(bound) else math.ceil(bound - max(_SLACK, 1e-9 * abs(bound)))


def _refined(engine: Engine, programme: Programme, reduced: Sequence[float] | None, floor: float, values: tuple[int, ...]) -> tuple[int, ...]:
    """Among the plans of least cost, the best by the further objectives in turn, then by catalog order: one plan for everyone."""
    first = programme.objectives[0]
    most = _allowed(first, values)
    small, old = programme, list(range(len(programme.variables)))
    if reduced is not None:
        small, old = programme.restricted(useful(programme, _may_be_used(reduced, floor, most, values)))
    current = tuple(values[i] for i in old)
    small = small.with_rows([_fixed(small.objectives[0], current, "cost")])
    for n, objective in enumerate(small.objectives[1:], 1):
        small, current, proved = _stage(engine, small, objective, current, f"stage{n}")
        if not proved:
            return _widened(current, old, len(programme.variables))  # out of time: still a plan of least cost
    for n, objective in enumerate(o for o in small.objectives[:-1] if o.within):
        exact = replace(objective, within=0)  # what was allowed to later aims and not needed is taken back
        small, current, proved = _stage(engine, small, exact, current, f"again{n}")
    if not (small.one_by_one and _only_one(engine, small, current)):
        for n, objective in enumerate(small.tie_breaks()):
            small, current, proved = _stage(engine, small, objective, current, f"tie{n}")
            if not proved:
                return _widened(current, old, len(programme.variables))
    if small.settled:
        _, current, _ = _stage(engine, small, small.earliest(), current, "earliest")
    return _widened(current, old, len(programme.variables))


def _stage(
    engine: Engine, programme: Programme, objective: Objective, current: tuple[int, ...], name: str
) -> tuple[Programme, tuple[int, ...], bool]:
    """The best by one more objective, and the programme that keeps it; whether it was proved."""
    if not objective.terms:
        return programme, current, True
    answer = engine.integer(programme, objective, start=current)
    if answer.values is None or _whole(answer.bound) < objective.value(answer.values):
        return programme, current, False
    return programme.with_rows([_fixed(objective, answer.values, name)]), answer.values, True


def _only_one(engine: Engine, programme: Programme, current: Sequence[int]) -> bool:
    """Whether no other choice is as cheap: asking for one that differs anywhere has no answer."""
    chosen = [i for group in programme.groups for i in group if current[i]]
    other = Constraint("other", "lexicographic", "at least one choice differs", tuple((i, 1) for i in chosen), "<=", len(chosen) - 1)
    return bool(chosen) and engine.integer(programme.with_rows([other]), Objective("any", ())).infeasible


def _fixed(objective: Objective, values: Sequence[int], name: str) -> Constraint:
    says = f"{objective.name} stays as good as it can be" + (f", less {float(objective.within):g} of it" if objective.within else "")
    return Constraint(f"keep_{name}", "lexicographic", says, objective.terms, "<=", _allowed(objective, values))


def _allowed(objective: Objective, values: Sequence[int]) -> int:
    """The worst that an objective may become for the sake of later ones."""
    best = objective.value(values)
    return best + int(abs(best) * objective.within)
