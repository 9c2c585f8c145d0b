"""The linear relaxation of a large problem: few columns and few rows at first, more as its prices and its solution ask for them.

The bound is computed from the prices alone, so it is a bound whatever the solver's tolerances, and also where time ran out. What a price
leaves unused of a machine or a replica that nobody takes is handed down to whoever could, which makes reduced costs as large as can be.
"""
from __future__ import annotations

import time

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays, widened
from planner.optimising.highs import Basis, Live, Run

_VIOLATED = 1e-7  # of a row that is added when the relaxation breaks it
_SMALL = 3000  # columns that are all there from the start
_FIRST = 8  # columns of each group to begin with
_MORE = 8  # columns of each group that are added at once
_ROUNDS = 500
_LEVELS = 3  # from a choice to its replicas, to its machines


def relaxed(arrays: Arrays, costs: Array, seconds: float) -> Run:
    """The relaxation: its value as a bound, values, reduced costs, and `needed`, the rows that shape it."""
    end = time.monotonic() + seconds
    needed = ~linking(arrays)
    keep = _few(arrays, costs) if arrays.size > _SMALL and costs.any() else np.ones(arrays.size, dtype=bool)
    tolerance = 1e-9 * max(float(np.abs(costs).max(initial=0)), 1.0)
    basis, best = None, Run(None, -FREE)
    for _ in range(_ROUNDS):
        sub = _Part(arrays, costs, needed, keep)
        answer = sub.solved(end - time.monotonic(), basis)
        if answer is None:
            if sub.infeasible and keep.all():
                return Run(None, -FREE, infeasible=True)
            if not sub.infeasible:
                return best
            keep, basis = np.ones(arrays.size, dtype=bool), None
            continue
        values, prices, basis = answer
        sums = arrays.sums(values)
        broken = ~needed & ((sums > arrays.high + _VIOLATED) | (sums < arrays.low - _VIOLATED))
        reduced, bound = _reduced(arrays, costs, prices)
        wanted = ~keep & (reduced < -tolerance)
        done = not broken.any() and not wanted.any()
        if bound > best.bound or done:
            best = Run(values if done else best.values, bound, reduced_costs=reduced, needed=needed)
        if done:
            return best
        needed = needed | broken
        if wanted.any():
            keep = keep | wanted & (cheapest(arrays, np.where(wanted, reduced, np.inf), _MORE) | (arrays.group < 0))
    return best


def linking(arrays: Arrays) -> Array:
    """Rows that hold where nothing is chosen, carry no demand and weigh nothing but by ones: most are never broken."""
    heavy = np.bincount(arrays.rows[arrays.coefficients > 1], minlength=len(arrays.low)) > 0
    return (arrays.low == -FREE) & (arrays.high >= 0) & ~arrays.asked & ~(heavy & (arrays.high == 0))


def cheapest(arrays: Arrays, costs: Array, most: int) -> Array:
    """The few columns of each group that cost least; ties by their place."""
    order = np.lexsort((arrays.member, costs, arrays.group))
    group = arrays.group[order]
    place = np.arange(arrays.size) - np.searchsorted(group, group)
    found = np.zeros(arrays.size, dtype=bool)
    found[order[(place < most) & (group >= 0)]] = True
    return found


class _Part:
    """The relaxation over some rows and columns."""

    def __init__(self, arrays: Arrays, costs: Array, rows: Array, columns: Array):
        self.arrays, self.costs = arrays, costs
        active = arrays.of_rows(rows)
        filled = np.bincount(active.rows[columns[active.columns]], minlength=len(active.low)) > 0
        self.rows = np.nonzero(rows)[0][filled]
        self.part, self.columns = active.restricted(columns)
        self.infeasible = self.part.impossible

    def solved(self, seconds: float, basis: Basis | None) -> tuple[Array, Array, Basis] | None:
        """Values and prices over the whole problem, and where to go on from; None where it has none."""
        if self.infeasible:
            return None
        live = Live(self.part, whole=False)
        if basis is not None:
            live.begin(basis, self.rows, self.columns)
        found = live.relaxation(self.costs[self.columns], seconds)
        if found is None:
            self.infeasible = live.infeasible
            return None
        values, prices = found
        after = live.ended(len(self.arrays.low), self.arrays.size, self.rows, self.columns)
        return widened(values, self.columns, self.arrays.size), widened(prices, self.rows, len(self.arrays.low)), after


def _few(arrays: Arrays, costs: Array) -> Array:
    """The columns to begin with: of each group those that cost least with their part of what they share, and all that follows."""
    prices = _handed_down(arrays, costs, np.zeros(len(arrays.low)))
    return cheapest(arrays, _left(arrays, costs, prices), _FIRST) | (arrays.group < 0)


def _left(arrays: Arrays, costs: Array, prices: Array) -> Array:
    """Reduced costs: what each column costs beyond what the rows pay for it."""
    return costs - np.bincount(arrays.columns, arrays.coefficients * prices[arrays.rows], minlength=arrays.size)


def _handed_down(arrays: Arrays, costs: Array, prices: Array) -> Array:
    """Prices under which a replica or a machine has no reduced cost left: it is charged to what takes room on it."""
    which, target = arrays.links
    heavy = np.bincount(arrays.rows[arrays.coefficients > 1], minlength=len(arrays.low)) > 0
    rows = np.nonzero(which & heavy)[0]
    if not len(rows):
        return prices
    room = np.zeros(len(arrays.low))
    at = (arrays.coefficients < 0) & which[arrays.rows]
    room[arrays.rows[at]] = -arrays.coefficients[at]
    share = np.bincount(target[rows], minlength=arrays.size)
    prices = prices.copy()
    for _ in range(_LEVELS):
        spare = np.maximum(_left(arrays, costs, prices)[target[rows]], 0)
        prices[rows] -= spare / (room[rows] * share[target[rows]])
    return prices


def _reduced(arrays: Arrays, costs: Array, prices: Array) -> tuple[Array, float]:
    """Reduced costs and the bound that some prices prove: rows at their prices, and every column where it costs least."""
    signed = np.where(arrays.low == -FREE, np.minimum(prices, 0), np.where(arrays.high == FREE, np.maximum(prices, 0), prices))
    signed = _handed_down(arrays, costs, signed)
    reduced = _left(arrays, costs, signed)
    limits = np.where(signed > 0, np.where(arrays.low == -FREE, 0, arrays.low), np.where(arrays.high == FREE, 0, arrays.high))
    return reduced, float(signed @ limits + np.minimum(reduced, 0) @ arrays.upper)
