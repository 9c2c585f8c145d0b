"""Branching on what is shared: machines, replicas, contracts. Each branch's bound comes from our own relaxation, which lives on between them.

Solvers branch over everything and solve thousands of columns anew each time; here the few whole numbers that make a portfolio dear are
settled first, the relaxation needs few columns for it, and what is left small by it goes to the solver as it is. Exact: a branch is closed
only where its bound is as high as the best plan allows, where it was solved, or where its prices prove that it holds nothing.
"""
from __future__ import annotations

import heapq
import itertools
import math
import time
from dataclasses import dataclass, field, replace

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays
from planner.optimising.highs import Run
from planner.optimising.probing import Forced
from planner.optimising.relaxing import Relaxation, cheapest, served_by
from planner.optimising.standing import Part

_WHOLE = 1e-6  # of a value that counts as a whole number
_ASKED = 6  # candidates without a history that are tried out before one is branched on
_ASKING = 0.02  # of the time that is left, at most, for trying them out
_SMALL = 1200  # columns of a branch that a solver settles sooner than further branching
_SETTLING = 0.1  # of the time that is left, at most, for one such branch
_PLANNING = 0.4  # of the time spent so far, at most, in looking for plans
_PLAN_SECONDS, _PLAN_GAP = 3.0, 0.001  # at most, for one such look, and how good it has to be
_LONGER = 0.1  # of the time spent so far, at most, for one such look later on: what was quick to find has been found
_NEAR = 4  # columns of each group that enter it

Bounds = tuple[tuple[int, int, int], ...]  # column, least, most; the last of a column counts


@dataclass(order=True)
class _Branch:
    """A part of all plans: its bound, what it bounds, and what its relaxation said."""

    bound: float
    number: int
    bounds: Bounds = field(compare=False)
    used: Array = field(compare=False)  # columns that its relaxation uses
    values: Array = field(compare=False)  # of those
    left: int = field(compare=False)  # columns that may be in a plan that is better by enough
    tried: int = field(compare=False)  # as many were left when it, or what it came from, was last tried as it is


class Tree:
    """The branches of a part of the problem that are still open."""

    def __init__(self, part: Part):
        """The part must hold all plans that are better by enough."""
        self.part, self.arrays, self.search, self.engine = part, part.arrays, part.search, part.search.engine
        self._began, self._looking, self._looks, self._number = time.monotonic(), 0.0, 0, 0
        costs = part.costs
        self._relaxation = Relaxation(part.arrays, costs)
        self._weights = Forced(part.arrays).implied(np.maximum(costs, 0))
        self._gains, self._tries = np.zeros((2, self.arrays.size)), np.zeros((2, self.arrays.size))  # of less, of more
        self._open: list[_Branch] = []

    def searched(self) -> bool:
        """Branch, best bound first, until the bound is high enough, or time is up; whether every branch was closed."""
        self._opened((), self._relaxed(()), -FREE, 2 * self.arrays.size)
        looked = 0
        for count in itertools.count():
            if not self._open or self._open[0].bound >= self.search.enough:
                return True
            branch = heapq.heappop(self._open)
            self.search.raised(branch.bound)
            if 4 * count >= 5 * looked and self._looking <= _PLANNING * (time.monotonic() - self._began):
                self._look_for_a_plan(branch)
                looked = count + 1
            if branch.bound < self.search.enough and not self._split(branch) or self.engine.remaining() <= 0:
                return False

    def _relaxed(self, bounds: Bounds, enough: float | None = None) -> Run:
        return self._relaxation.solved(*self._within(bounds), self.engine.deadline, self.search.enough if enough is None else enough)

    def _within(self, bounds: Bounds) -> tuple[Array, Array]:
        """The least and the most of each column."""
        lower, upper = np.zeros(self.arrays.size), self.arrays.upper.astype(float)
        for column, least, most in bounds:
            lower[column], upper[column] = least, most
        return lower, upper

    def _opened(self, bounds: Bounds, run: Run, least: float, tried: int) -> None:
        """Keep a branch for later, unless it holds nothing of use."""
        bound, enough = max(run.bound, least), self.search.enough
        if run.infeasible or bound >= enough:
            return
        values = np.zeros(self.arrays.size) if run.values is None else run.values
        used = np.nonzero(values > _WHOLE)[0]
        left = 0 if run.values is None or run.reduced_costs is None else int((run.bound + run.reduced_costs < enough).sum())
        self._number += 1
        heapq.heappush(self._open, _Branch(bound, self._number, bounds, used, values[used], left, tried))

    def _split(self, branch: _Branch) -> bool:
        """Settle a branch, or open two in its place; whether one of them was done."""
        fractions = np.abs(branch.values - np.rint(branch.values)) > _WHOLE
        candidates, at = branch.used[fractions], branch.values[fractions]
        if not len(candidates) or branch.left <= min(_SMALL, branch.tried // 2):
            run = self._settled(branch, _SETTLING * self.engine.remaining() if len(candidates) else self.engine.remaining())
            closed = run.infeasible or run.bound >= self.search.enough
            if closed or not len(candidates):
                return closed
            branch.bound, branch.tried = max(branch.bound, run.bound), branch.left
        shared = self.arrays.group[candidates] < 0
        if shared.any():
            candidates, at = candidates[shared], at[shared]
        self._branched(branch, candidates, at)
        return True

    def _branched(self, branch: _Branch, candidates: Array, at: Array) -> None:
        """Open the two sides of the candidate that promises the highest bounds."""
        below = at - np.floor(at)
        away = np.stack([below, 1 - below])
        tries = self._tries[:, candidates]
        known = (tries > 0).all(axis=0)
        promised = np.where(known, _product(*(self._gains[:, candidates] / np.maximum(tries, 1) * away)), -1.0)
        fresh = np.nonzero(~known)[0]
        weight = away.min(axis=0) * self._weights[candidates]
        sides: dict[int, list[tuple[Bounds, Run]]] = {}
        began, share = time.monotonic(), _ASKING * self.engine.remaining()
        for n in fresh[np.argsort(-weight[fresh], kind="stable")][:_ASKED]:
            if sides and time.monotonic() - began > share:
                break
            sides[n], gains = self._both(branch, int(candidates[n]), float(at[n]))
            promised[n] = _product(*gains)
        best = int(np.argmax(promised))
        if best not in sides:
            sides[best], _ = self._both(branch, int(candidates[best]), float(at[best]))
        for bounds, run in sides[best]:
            self._opened(bounds, run, branch.bound, branch.tried)

    def _both(self, branch: _Branch, column: int, value: float) -> tuple[list[tuple[Bounds, Run]], list[float]]:
        """Both sides of a column's value: their bounds, how their relaxations end, and how much that lifts the branch's bound."""
        lower, upper = self._within(branch.bounds)
        sides, gains, below = [], [], math.floor(value)
        for side, (least, most) in enumerate(((int(lower[column]), below), (below + 1, int(upper[column])))):
            bounds = (*branch.bounds, (column, least, most))
            run = self._relaxed(bounds)
            room = min(self.search.enough, branch.bound + abs(branch.bound) + 1) - branch.bound
            gains.append(room if run.infeasible else min(max(run.bound - branch.bound, 0.0), room))
            self._gains[side, column] += gains[-1] / abs(value - (most if side == 0 else least))
            self._tries[side, column] += 1
            sides.append((bounds, run))
        return sides, gains

    def _settled(self, branch: _Branch, seconds: float) -> Run:
        """All of a branch that a plan better by enough may contain, solved as it is."""
        (lower, upper), run, enough = self._within(branch.bounds), self._relaxed(branch.bounds), self.search.enough
        if run.infeasible or run.bound >= enough:
            return run
        arrays, keep = self._bounded(lower, upper), upper > 0
        if run.reduced_costs is not None:
            keep &= (run.bound + run.reduced_costs < enough) | (lower > 0)
        done = self.part.part(arrays, keep).tried(self.search.gap / 2, seconds)
        return Run(None, max(run.bound, min(done.bound, enough)), infeasible=done.infeasible)

    def _look_for_a_plan(self, branch: _Branch) -> None:
        """A plan near a branch, in one of two ways in turn: below it, or on whatever it or the best plan opens."""
        began, here = time.monotonic(), self.part.here
        run = self._relaxed(branch.bounds, self._cost)
        if self._looks % 2 == 0:
            self._dive(branch.bounds, run)
        elif run.values is not None:
            self._plan_near((), run, run.values if here is None else np.maximum(run.values, here))
        self._looks += 1
        self._looking += time.monotonic() - began

    def _dive(self, bounds: Bounds, run: Run) -> None:
        """What is shared is rounded one by one, nearest first; then the rest on what that opens."""
        while run.values is not None and run.bound < self._cost:
            away = np.abs(run.values - np.rint(run.values))
            open_still = np.nonzero((away > _WHOLE) & (self.arrays.group < 0))[0]
            if not len(open_still):
                self._plan_near(bounds, run, run.values)
                return
            nearest = int(open_still[np.argmin(away[open_still])])
            value = int(np.rint(run.values[nearest]))
            bounds = (*bounds, (nearest, value, value))
            run = self._relaxed(bounds, self._cost)

    @property
    def _cost(self) -> float:
        return FREE if self.search.cost is None else float(self.search.cost)

    def _plan_near(self, bounds: Bounds, run: Run, values: Array) -> None:
        """A plan with as many of what costs money, on what some values open: what they use, and of each group the next cheapest ways."""
        costs = self.part.costs
        near = served_by(self.arrays, values) & ~self.arrays.tail
        keep = near & cheapest(self.arrays, np.where(near, run.reduced_costs, np.inf), _NEAR) | self.arrays.tail | (values > _WHOLE)
        arrays = self._bounded(*self._within(tuple(b for b in bounds if costs[b[0]])))
        seconds = max(_PLAN_SECONDS, _LONGER * (time.monotonic() - self._began))
        self.part.part(arrays, keep & (arrays.upper > 0)).tried(_PLAN_GAP, min(seconds, self.engine.remaining()))

    def _bounded(self, lower: Array, upper: Array) -> Arrays:
        arrays = replace(self.arrays, upper=upper.astype(np.int64))
        for column in np.nonzero(lower)[0]:
            arrays = arrays.with_row(-np.eye(1, arrays.size, column, dtype=np.int64)[0], -lower[column])
        return arrays


def _product(less: Array, more: Array) -> Array:
    return np.maximum(less, 1e-3) * np.maximum(more, 1e-3)
