"""A portfolio without a plan: a smallest set of demands that cannot all hold, and the cheapest ways out, each proved by a plan.

Demands are what somebody wishes: the limits, what must stand by, and what closes ways (`Closed`). Machines, stock and loads are the world.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from planner.optimising.assembling import assembled
from planner.optimising.engine import Decision, best_plan
from planner.optimising.linear import Objective, Variable
from planner.optimising.portfolio import Item, Limits, Portfolio, Way
from planner.optimising.search import feasible, solve
from planner.problems import NotProved

Can = Callable[[frozenset[str]], bool]
Value = int | Fraction | None
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Closed:
    """A way that demands close, and for each of them the level that it would have to come down to (None: it has no level)."""

    way: Way
    breaks: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One demand changed to `value`, in the unit of its limit; None: given up."""

    demand: str
    value: Value


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that make a plan possible, and the best plan then."""

    changes: tuple[Change, ...]
    cents: int  # what it costs, in present cents
    decision: Decision


@dataclass(frozen=True)
class Problem:
    """A portfolio with the ways that its demands close."""

    portfolio: Portfolio
    closed: Sequence[Closed] = ()
    engine: str = "highs"
    seconds: float = 60.0
    deadline: float = field(default=0.0)

    def left(self) -> float:
        """Seconds left. Raises NotProved where there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise NotProved("the limit was reached before the conflict was settled")
        return left

    def demands(self) -> tuple[str, ...]:
        """The names of all demands, in order."""
        return tuple(sorted(set(_limits(self.portfolio)) | {name for c in self.closed for name in c.breaks}))

    def with_changes(self, changes: Mapping[str, Value]) -> Portfolio:
        """The portfolio with some demands changed or given up (None)."""
        p = self.portfolio
        levels = {n: v for n, v in changes.items() if n not in _limits(p)}
        opened = tuple(c.way for c in self.closed if all(n in levels and _allows(levels[n], level) for n, level in c.breaks.items()))
        items = tuple(replace(i, standby=i.standby and _standby(i) not in changes) for i in p.items)
        return replace(p, items=items, ways=p.ways + opened, limits=_changed(p.limits, changes))

    def keeping(self, kept: frozenset[str]) -> Portfolio:
        """The portfolio with only these demands."""
        return self.with_changes({name: None for name in self.demands() if name not in kept})

    def can(self, kept: frozenset[str]) -> bool:
        """Whether these demands can all hold."""
        return feasible(assembled(self.keeping(kept)).programme, self.engine, self.left())


def smallest_conflict(portfolio: Portfolio, closed: Sequence[Closed] = (), engine: str = "highs", seconds: float = 60.0) -> tuple[str, ...] | None:
    """The names of a smallest set of demands that cannot all hold; None where all can, empty where the world alone forbids every plan.

    Smallest is proved: without any one of them the others can hold. Raises NotProved at the limit.
    """
    problem = _timed(portfolio, closed, engine, seconds)
    if problem.can(frozenset(problem.demands())):
        return None
    return shrink(problem.demands(), problem.can)


def repairs(
    portfolio: Portfolio, closed: Sequence[Closed] = (), engine: str = "highs", seconds: float = 60.0, known: Sequence[str] = (),
) -> tuple[Repair, ...]:
    """Ways out of a conflict, the cheapest plan first: each gives way in as few demands as it can and as little as it can.

    One starts from each demand of a smallest conflict, `known` where it was found before. Each is proved by the plan that it makes
    possible. Raises NotProved at the limit.
    """
    problem = _timed(portfolio, closed, engine, seconds)
    if not known and problem.can(frozenset(problem.demands())) or not problem.can(frozenset()):
        return ()
    found = {}
    for first in known or shrink(problem.demands(), problem.can):
        given_up = _least_given_up(problem, first)
        if given_up not in found:
            found[given_up] = _repair(problem, given_up)
    return tuple(sorted(found.values(), key=lambda r: (r.cents, tuple(c.demand for c in r.changes))))


def shrink(demands: Sequence[str], can: Can) -> tuple[str, ...]:
    """A minimal infeasible subset by deletion in halves, then one by one; `can` says whether a set of demands can all hold."""
    kept = list(demands)
    size = max(len(kept) // 2, 1)
    while True:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size:]
            if can(frozenset(rest)):
                start += size
            else:
                kept = rest
        if size == 1:
            return tuple(kept)
        size = max(size // 2, 1)


def _timed(portfolio: Portfolio, closed: Sequence[Closed], engine: str, seconds: float) -> Problem:
    return Problem(portfolio, closed, engine, seconds, time.monotonic() + seconds)


def _least_given_up(problem: Problem, first: str) -> tuple[str, ...]:
    """Demands to give up so that all others can hold, none of them needlessly: `first` alone where that is enough."""
    rest = [name for name in problem.demands() if name != first]
    if problem.can(frozenset(rest)):
        return (first,)
    kept: list[str] = []
    for name in [*rest, first]:
        if problem.can(frozenset([*kept, name])):
            kept.append(name)
    return tuple(name for name in problem.demands() if name not in kept)


def _repair(problem: Problem, given_up: tuple[str, ...]) -> Repair:
    """The least change of each demand given up, one after another, and the plan that proves them."""
    changes: dict[str, Value] = dict.fromkeys(given_up)
    for name in given_up:
        changes[name] = _least_change(problem, name, changes)
    decision = best_plan(problem.with_changes(changes), problem.engine, problem.left(), isolated=False)
    if decision is None:
        raise AssertionError(f"changing {', '.join(given_up)} makes no plan possible")  # a defect: each value was found with a plan
    aims = [aim.name for aim in problem.portfolio.aims]
    cents = decision.aims[aims.index("cost") if "cost" in aims else -1]
    return Repair(tuple(Change(name, value) for name, value in changes.items()), cents, decision)


def _least_change(problem: Problem, name: str, changes: Mapping[str, Value]) -> Value:
    """The value nearest to what was asked of a demand with which a plan exists, the others changed as they are."""
    p = problem.portfolio
    others = {k: v for k, v in changes.items() if k != name}
    if name not in _limits(p):
        levels = sorted({level for c in problem.closed for n, level in c.breaks.items() if n == name and level is not None}, reverse=True)
        return _first(levels, lambda level: _possible(problem, others | {name: level})) if levels else None
    if name == "concentration:spend":
        assert p.limits.share_of_spend is not None
        shares = [Fraction(n, _PERCENT) for n in range(_PERCENT + 1) if Fraction(n, _PERCENT) > p.limits.share_of_spend]
        return _first(shares, lambda share: _possible(problem, others | {name: share}))
    if name.partition(":")[0] in ("required", "standby"):
        return None
    return _nearest(name, _missed_by(problem, name, others), p)


def _possible(problem: Problem, changes: Mapping[str, Value]) -> bool:
    return feasible(assembled(problem.with_changes(changes)).programme, problem.engine, problem.left())


def _first(values: Sequence[Any], holds: Callable[[Any], bool]) -> Any:
    """The first value that holds, where all after it do as well; None where none does."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(values[middle]) else (middle + 1, high)
    return values[low] if low < len(values) else None


def _missed_by(problem: Problem, name: str, others: Mapping[str, Value]) -> int:
    """By how much the rows of a demand are missed at least, in their own unit."""
    programme = assembled(problem.with_changes(others)).programme
    gap = len(programme.variables)
    rows = tuple(
        replace(row, terms=(*row.terms, (gap, 1 if row.sense == ">=" else -1))) if row.demand == name else row for row in programme.constraints
    )
    most = max(sum(abs(c) * programme.variables[i].upper for i, c in row.terms) + abs(row.rhs) for row in programme.constraints if row.demand == name)
    missed = replace(
        programme, variables=(*programme.variables, Variable("gap", most, f"{name} is missed by")), constraints=rows,
        objectives=(Objective("missed by", ((gap, 1),)),), tail=(*programme.tail, gap),
    )
    cost = solve(missed, problem.engine, problem.left(), isolated=False).cost
    if cost is None:
        raise AssertionError(f"{name} was said to be in the way, and is not")  # a defect: without it a plan exists
    return cost


def _limits(p: Portfolio) -> dict[str, Value]:
    """Every limit under the name of its demand, and what must stand by."""
    limits = p.limits
    found: dict[str, Value] = {
        "budget:total": limits.total, "budget:capex": limits.bought, "portfolio-score": limits.score, "concentration:spend": limits.share_of_spend,
        "concentration:critical": limits.share_of_critical, "max-operators": limits.operators, "max-models": limits.models,
        "carbon": limits.carbon, **{f"budget:{year}": cents for year, cents in limits.by_year.items() if year in p.years},
        **{f"power:{site}": watts for site, watts in limits.power.items()},
    }
    asked: dict[str, Value] = {f"required:{k}": 1 for k in limits.required} | {_standby(i): 1 for i in p.items if i.standby}
    return {name: value for name, value in found.items() if value is not None} | asked


def _standby(item: Item) -> str:
    """The demand behind an item's standby: parts of one workload (`name/part`) share it."""
    return f"standby:{item.id.partition('/')[0]}"


def _nearest(name: str, missed: int, p: Portfolio) -> Value:
    """The limit that is missed by so much in its row's unit, moved just far enough."""
    asked = _limits(p)[name]
    assert asked is not None
    if name == "portfolio-score":
        whole = sum(i.weight * i.count for i in p.items)
        return (int(asked) * whole - missed) // whole
    if name == "concentration:critical":
        vital = sum(i.count for i in p.items if i.critical)
        return Fraction(int(asked * vital) + missed, vital)
    return int(asked) + missed


def _changed(limits: Limits, changes: Mapping[str, Value]) -> Limits:
    def now(name: str, value: Any) -> Any:
        return changes.get(name, value)

    return replace(
        limits, total=now("budget:total", limits.total), bought=now("budget:capex", limits.bought), score=now("portfolio-score", limits.score),
        share_of_spend=now("concentration:spend", limits.share_of_spend), operators=now("max-operators", limits.operators),
        share_of_critical=now("concentration:critical", limits.share_of_critical), models=now("max-models", limits.models),
        carbon=now("carbon", limits.carbon),
        by_year={year: c for year, cents in limits.by_year.items() if (c := now(f"budget:{year}", cents)) is not None},
        power={site: w for site, watts in limits.power.items() if (w := now(f"power:{site}", watts)) is not None},
        required=tuple(k for k in limits.required if f"required:{k}" not in changes),
    )


def _allows(level: Value, needed: int | None) -> bool:
    """Whether a demand given up, or lowered to a level, leaves a way open that needs it at `needed`."""
    return level is None or needed is not None and level <= needed
