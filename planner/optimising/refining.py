"""Among the plans that are best in the first aim, the best in the further ones in turn, then the first by catalog order: one for everyone."""
from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from planner.optimising.arrays import Array, Arrays, widened
from planner.optimising.probing import useful
from planner.optimising.solver import Cbc, Engine, Live

Aims = Sequence[tuple[Array, Fraction | int]]  # coefficients by column, and what share of its best value later aims may give up


def refined(engine: Engine, arrays: Arrays, aims: Aims, best: Array) -> Array:
    """The one best plan, from a plan that is best in the first aim. Out of time, the best so far, which still is."""
    stages = _Stages(engine, arrays, best)
    stages.keep(*aims[0])
    settled = all(within == 0 for _, within in aims) and not any(costs[arrays.tail].any() for costs, _ in aims[1:])
    if settled and len(aims) > 1 and not len(arrays.settled) and (arrays.counts == 1).all() and stages.unique():
        return stages.values  # whatever further aims say, there is no other choice
    if not all([stages.taken(costs, within) for costs, within in aims[1:]]):
        return stages.values
    for costs, within in aims[:-1]:
        if within and not stages.taken(costs, 0):  # what was allowed to later aims and not needed is taken back
            return stages.values
    if not ((arrays.counts == 1).all() and stages.unique()):
        if not all([stages.taken(costs, 0) for costs in arrays.tie_breaks()]):
            return stages.values
    if len(arrays.settled):
        stages.taken(arrays.earliest(), 0)
    return stages.values


def least_changed(engine: Engine, arrays: Arrays, costs: Array, best: Array, in_use: Array) -> Array:
    """Of the mixes of the best plan with one in use that cost no more, the one that keeps most of it; `in_use` marks that one's choices.

    Best itself where the time is up.
    """
    part, kept = arrays.restricted(useful(arrays, in_use | (best > 0) | arrays.tail))
    bounded = part.with_row(costs[kept], int(best @ costs))
    run = engine.on(bounded).minimised(-in_use[kept].astype(np.int64), engine.remaining(), start=best[kept])
    mixed = best if run.values is None else widened(run.values, kept, arrays.size)
    return mixed if arrays.holds(mixed) and int(mixed @ costs) <= int(best @ costs) else best


class _Stages:
    """One living problem that is narrowed aim by aim, and its best plan so far."""

    def __init__(self, engine: Engine, arrays: Arrays, best: Array):
        self.engine, self.arrays, self.values = engine, arrays, best
        self._kept: list[tuple[Array, int]] = []
        self._live: Live | Cbc | None = None
        self.on_time = True

    def keep(self, costs: Array, within: Fraction | int) -> None:
        """Hold an aim as good as it is, less what later ones may give up."""
        value = int(self.values @ costs)
        self._kept.append((costs, value + int(abs(value) * within)))
        if self._live is not None:
            self._live.keep(*self._kept[-1])

    def taken(self, costs: Array, within: Fraction | int) -> bool:
        """Make one more aim as good as it can be, and hold it; whether that was proved."""
        if not self.on_time:
            return False
        if costs.any():
            run = self._running().minimised(costs, self.engine.remaining(), start=self.values)
            known = run.values is not None and math.isfinite(run.bound) and self._holds(run.values)  # out of time, a bound may be none at all
            if not known or math.ceil(run.bound - 1e-4) < int(run.values @ costs):
                self.on_time = False
                return False
            self.values = run.values
            self.keep(costs, within)
        return True

    def unique(self) -> bool:
        """Whether no other choice is as good: asking for one that differs anywhere has no answer."""
        chosen = (self.values > 0) & (self.arrays.group >= 0)
        if not chosen.any():
            return False
        arrays = self.arrays
        for costs, most in self._kept:
            arrays = arrays.with_row(costs, most)
        arrays = arrays.with_row(chosen.astype(np.int64), int(chosen.sum()) - 1)
        return arrays.impossible or self.engine.on(arrays).minimised(np.zeros(arrays.size, dtype=np.int64), self.engine.remaining()).infeasible

    def _running(self) -> Live | Cbc:
        if self._live is None:
            self._live = self.engine.on(self.arrays)
            for costs, most in self._kept:
                self._live.keep(costs, most)
        return self._live

    def _holds(self, values: Array) -> bool:
        return self.arrays.holds(values) and all(int(values @ costs) <= most for costs, most in self._kept)
