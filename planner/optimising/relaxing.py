"""The linear relaxation of a large problem: few columns and few rows at first, more as its prices and its solution ask for them.

The bound is computed from the prices alone, so it is a bound whatever the solver's tolerances, and also where time ran out. What a price
leaves unused of a machine or a replica that nobody takes is handed down to whoever could, which makes reduced costs as large as can be.
"""
from __future__ import annotations

import time

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays
from planner.optimising.highs import Growing, Run

_VIOLATED = 1e-7  # of a row that is added when the relaxation breaks it
_ROUNDED = 1e-9  # of a sum's parts, lost in floating point
_SMALL = 3000  # columns that are all there from the start
_FIRST = 8  # columns of each group to begin with
_MORE = 8  # columns of each group that are added at once
_ROUNDS = 500
_OPEN = 0.05  # what a relaxation opens so far is open
_LEVELS = 3  # from a choice to its replicas, to its machines


def relaxed(arrays: Arrays, costs: Array, seconds: float) -> Run:
    """The relaxation: its value as a bound, values, reduced costs, and `needed`, the rows that shape it."""
    return Relaxation(arrays, costs).solved(np.zeros(arrays.size), arrays.upper, time.monotonic() + seconds)


class Relaxation:
    """The relaxation of a problem, to be solved between ever other bounds; the rows and columns it has come to need stay."""

    def __init__(self, arrays: Arrays, costs: Array):
        self.arrays, self.costs = arrays, costs
        self.needed = ~linking(arrays)
        self.keep = _few(arrays, costs) if arrays.size > _SMALL and costs.any() else np.ones(arrays.size, dtype=bool)
        self._tolerance = 1e-9 * max(float(np.abs(costs).max(initial=0)), 1.0)
        self._growing = Growing(arrays, costs)

    def solved(self, lower: Array, upper: Array, end: float, enough: float = FREE) -> Run:
        """The relaxation between some bounds, until `end` on the monotonic clock, or until its bound is `enough`."""
        arrays, costs, best = self.arrays, self.costs, Run(None, -FREE)
        if arrays.impossible:
            return Run(None, -FREE, infeasible=True)
        for _ in range(_ROUNDS):
            self._growing.take(self.needed, self.keep)
            self._growing.bounded(lower, upper)
            answer = self._growing.solved(end - time.monotonic())
            if answer is None:
                return best
            values, prices = answer
            if values is None:
                wanted = self._lifting(prices, lower, upper)
                if wanted is None:
                    return Run(None, -FREE, infeasible=True)
                if not wanted.any():
                    return best
                self.keep = self.keep | wanted
                continue
            sums = arrays.sums(values)
            broken = ~self.needed & ((sums > arrays.high + _VIOLATED) | (sums < arrays.low - _VIOLATED))
            reduced, by_rows = _reduced(arrays, costs, prices, lower)
            bound = by_rows + float(_least(reduced, lower, upper).sum())
            wanted = ~self.keep & (reduced < -self._tolerance) & (upper > 0)
            done = not broken.any() and not wanted.any()
            if bound > best.bound or done:
                best = Run(values if done else best.values, bound, reduced_costs=reduced, needed=self.needed)
            if done or bound >= enough:
                return best
            self.needed = self.needed | broken
            if wanted.any():
                self.keep = self.keep | wanted & (cheapest(arrays, np.where(wanted, reduced, np.inf), _MORE) | (arrays.group < 0))
        return best

    def _lifting(self, ray: Array, lower: Array, upper: Array) -> Array | None:
        """The columns that could make a relaxation hold which by its prices cannot; None where no column can, so that there is no plan."""
        nothing, size = np.zeros(self.arrays.size), float(np.abs(ray).max(initial=0)) or 1.0
        for prices in (ray / size, -ray / size):
            reduced, by_rows = _reduced(self.arrays, nothing, prices, lower)
            by_columns = _least(reduced, lower, upper)
            doubt = _VIOLATED + _ROUNDED * (abs(by_rows) + np.abs(by_columns).sum())  # large sums that cancel prove nothing
            if by_rows + by_columns[self.keep].sum() > doubt:
                return None if by_rows + by_columns.sum() > doubt else ~self.keep & (by_columns < 0)
        return np.zeros(self.arrays.size, dtype=bool)


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


def served_by(arrays: Arrays, values: Array) -> Array:
    """The columns that need nothing opened but what some values open."""
    which, target = arrays.links
    entries = which[arrays.rows] & (arrays.coefficients > 0)
    column, asked = arrays.columns[entries], target[arrays.rows[entries]]
    closed = (arrays.upper[asked] == 1) & (values[asked] < _OPEN)
    found = np.ones(arrays.size, dtype=bool)
    found[column[closed]] = False
    return found


def _few(arrays: Arrays, costs: Array) -> Array:
    """The columns to begin with: of each group those that cost least with their part of what they share, and all that follows."""
    prices = _handed_down(arrays, costs, np.zeros(len(arrays.low)), np.zeros(arrays.size))
    return cheapest(arrays, _left(arrays, costs, prices), _FIRST) | (arrays.group < 0)


def _left(arrays: Arrays, costs: Array, prices: Array) -> Array:
    """Reduced costs: what each column costs beyond what the rows pay for it."""
    return costs - np.bincount(arrays.columns, arrays.coefficients * prices[arrays.rows], minlength=arrays.size)


def _handed_down(arrays: Arrays, costs: Array, prices: Array, lower: Array) -> Array:
    """Prices under which a replica or a machine has no reduced cost left: it is charged to what takes room on it, if nobody must have it."""
    which, target = arrays.links
    heavy = np.bincount(arrays.rows[arrays.coefficients > 1], minlength=len(arrays.low)) > 0
    rows = np.nonzero(which & heavy)[0]
    rows = rows[lower[target[rows]] == 0]
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


def _reduced(arrays: Arrays, costs: Array, prices: Array, lower: Array) -> tuple[Array, float]:
    """Reduced costs at some prices that rows may have, and what the rows pay for together."""
    signed = np.where(arrays.low == -FREE, np.minimum(prices, 0), np.where(arrays.high == FREE, np.maximum(prices, 0), prices))
    signed = _handed_down(arrays, costs, signed, lower)
    limits = np.where(signed > 0, np.where(arrays.low == -FREE, 0, arrays.low), np.where(arrays.high == FREE, 0, arrays.high))
    return _left(arrays, costs, signed), float(signed @ limits)


def _least(reduced: Array, lower: Array, upper: Array) -> Array:
    """What each column costs where it costs least."""
    return np.minimum(reduced, 0) * upper + np.maximum(reduced, 0) * lower
