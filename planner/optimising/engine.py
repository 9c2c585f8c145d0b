"""The optimiser for whoever brings a problem of their own: plain data in, a proved plan out.

    from planner.optimising.engine import best_plan
    from planner.optimising.portfolio import Item, Portfolio, Spend, Way

    decision = best_plan(Portfolio(
        items=(Item("letters"),),
        ways=(Way("metered", "letters", "vendor-a", "model-a", (Spend.of(1200),)), Way("own", "letters", "own", "model-b", (Spend.of(900),))),
    ))
    decision.serving["letters", 0]  # {"own": 1}
"""
from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from planner.optimising.assembling import Assembled, assembled
from planner.optimising.portfolio import Portfolio
from planner.optimising.reducing import reduced
from planner.optimising.search import Solution, solve
from planner.optimising.standing import Tell


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan in the portfolio's own words. `bound` is what no plan can beat in the first aim; `proved` says they meet."""

    serving: Mapping[tuple[str, int], Mapping[str, int]]  # (item, period) -> way -> parts
    replicas: Mapping[tuple[str, int, str], int]  # (pool, period, moment) -> replicas, spares included
    taken_on: Mapping[tuple[str, int, str], int]  # (machine, period, moment) -> how many
    begun: Mapping[tuple[str, int], int]  # (work, period) -> how often
    standby: Mapping[str, str]  # item -> way
    aims: tuple[int, ...]  # the exact value of each aim in order, what is wanted large with a minus; cost is last where nobody asked for it
    cents: int  # of the first aim: present cents where that is cost
    bound: int | None
    proved: bool

    @property
    def gap(self) -> float | None:
        """The relative gap that is certified: (cost - bound) / cost."""
        if self.bound is None:
            return None
        return 0.0 if self.bound == self.cents else (self.cents - self.bound) / max(abs(self.cents), 1)


def best_plan(
    portfolio: Portfolio, solver: str = "highs", seconds: float = 60.0, gap: float = 0.0, isolated: bool = True, tell: Tell | None = None,
) -> Decision | None:
    """The best plan by the portfolio's aims in order, or None where none exists.

    `seconds` is a limit on the wall clock, `gap` the relative gap that is good enough; with `isolated` the solver runs in a child
    process that is ended at the limit, and Ctrl-C gives the best plan so far. `tell` hears of each better plan and bound. Raises NotProved
    where nothing is known when the limit is reached, KeyError on a portfolio that names what it does not hold.
    """
    began = time.monotonic()
    small = reduced(portfolio)
    made = assembled(small.portfolio)
    left = max(seconds - (time.monotonic() - began), 0.1)
    solution = solve(made.programme, solver, left, gap, isolated, tell)
    if solution.values is None:
        return None
    found = decision_of(solution, made)
    return replace(found, serving=small.spread(found.serving, portfolio))


def decision_of(solution: Solution, made: Assembled) -> Decision:
    """A solution's values, said in the portfolio's own words. The solution must have values."""
    values, v = solution.values, made.variables
    assert values is not None and solution.cost is not None
    serving: dict[tuple[str, int], dict[str, int]] = {}
    for (item, way, period), i in v.x.items():
        if values[i]:
            serving.setdefault((item, period), {})[way] = values[i]
    return Decision(
        serving=serving, replicas={k: values[i] for k, i in v.N.items() if values[i]},
        taken_on={k: values[i] for k, i in v.K.items() if values[i]}, begun={k: values[i] for k, i in v.z.items() if values[i]},
        aims=tuple(o.value(values) for o in made.programme.objectives),
        standby={item: way for (item, way), i in v.s.items() if values[i]}, cents=solution.cost, bound=solution.bound, proved=solution.proved,
    )
