"""One portfolio solved again and again at other prices, as a study does: what does not change is made once and kept.

Every answer depends on the first portfolio and on the prices asked for alone, never on what was asked in between, so it is the same in
whatever process and order it is computed.
"""
from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np

from planner.optimising.arrays import Arrays
from planner.optimising.assembling import assembled, objectives
from planner.optimising.engine import Decision, decision_of
from planner.optimising.money_families import budgets, shares
from planner.optimising.portfolio import Portfolio
from planner.optimising.search import solve, solved_again
from planner.optimising.variables import Variables

_MONEY = {family.__name__ for family in (budgets, shares)}


class Living:
    """A portfolio, its rows and its best plan, to be solved again with other prices."""

    def __init__(self, portfolio: Portfolio, solver: str = "highs", seconds: float = 60.0):
        """Solve it once. Raises NotProved at the limit."""
        self.solver, self.seconds, self.made = solver, seconds, assembled(portfolio)
        rows = self.made.programme.constraints
        self._arrays = Arrays.of(replace(self.made.programme, constraints=tuple(row for row in rows if row.family not in _MONEY)))
        self.first = solve(self.made.programme, solver, seconds, isolated=False)

    def resolved_with(self, portfolio: Portfolio) -> Decision | None:
        """The best plan of a portfolio that differs from the first in budgets and in what things cost alone, least bills apart.

        None where there is none. Raises ValueError where it differs in more than that, NotProved at the limit.
        """
        variables = self._priced(portfolio)
        money = [row for family in (budgets, shares) for row in family(variables)]
        arrays = self._arrays.with_rows(money)
        aims = [(arrays.costs(o), o.within) for o in objectives(variables)]
        known = None if self.first.values is None else np.array(self.first.values, dtype=np.int64)
        solution = solved_again(arrays, aims, self.solver, self.seconds, known)
        if solution.values is None:
            return None
        programme = replace(self.made.programme, objectives=objectives(variables))
        return decision_of(solution, replace(self.made, programme=programme, variables=variables))

    def _priced(self, portfolio: Portfolio) -> Variables:
        before = self.made.variables
        if _bare(portfolio) != _bare(before.portfolio):
            raise ValueError("the portfolio differs from the first in more than prices and budgets")
        found = copy.copy(before)
        found.portfolio = portfolio
        found.items = {i.id: i for i in portfolio.items}
        found.nodes = {n.key: n for n in portfolio.nodes if n.key in before.nodes}
        found.terms = {term.key: (node, term) for node in found.nodes.values() for term in node.terms}
        found.works = {w.key: w for w in portfolio.works if w.key in before.works}
        return found


def _bare(p: Portfolio) -> tuple:
    """All of a portfolio that its rows, those of money apart, are made of."""
    limits = p.limits
    rest = replace(limits, total=None, bought=None, by_year={}, share_of_spend=None)
    ways = [(w.key, w.item, w.operator, w.model, w.pool, w.loads, w.works, w.open, w.score, w.carbon, w.standby is None, w.billed) for w in p.ways]
    nodes = [(n.key, n.operator, n.accelerators, n.site, n.watts, n.most, [
        (t.key, t.lasts, t.carbon, [s is None for s in t.spends], {m: [s is None for s in spends] for m, spends in t.by_moment.items()})
        for t in n.terms]) for n in p.nodes]
    items = [(i.id, i.count, i.critical, i.weight, i.moment, i.standby, any(s.present or s.paid for s in i.moving)) for i in p.items]
    works = [(w.key, w.operator, w.lasts, w.each, w.least) for w in p.works]
    return rest, limits.share_of_spend is None, ways, nodes, items, works, p.pools, p.aims, p.periods, p.moments, p.years
