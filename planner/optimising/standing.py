"""Where a search stands: the best plan and bound so far, told as they get better, and the parts of the problem that it looks at."""
from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays, widened
from planner.optimising.highs import Run
from planner.optimising.probing import useful
from planner.optimising.solver import Engine

SLACK = 1e-4  # of one unit of the objective, for a relaxation computed in floating point


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands after some seconds: the best plan's cost and a bound, None where there is none yet; `values` with a new plan."""

    seconds: float
    cost: int | None
    bound: int | None
    values: tuple[int, ...] | None = None

    @property
    def gap(self) -> float | None:
        """Our own relative gap between cost and bound."""
        return None if self.cost is None or self.bound is None else gap_between(self.cost, self.bound)


Tell = Callable[[Progress], None]


def gap_between(cost: int, bound: int) -> float:
    """The relative gap that a bound certifies."""
    return 0.0 if cost == bound else (cost - bound) / max(abs(cost), 1)


class Standing:
    """The search for the best first objective: the best plan and bound so far, told as they get better.

    `arrays` are what is still looked at, `old` their columns' places in the whole problem; plans are kept in the whole problem's columns.
    """

    def __init__(self, engine: Engine, whole: Arrays, costs: Array, gap: float, tell: Tell):
        self.engine, self.whole, self.gap, self._whole_costs, self._tell = engine, whole, gap, costs, tell
        self.arrays, self.old = whole, np.arange(whole.size)
        self.began = time.monotonic()
        self.plan: Array | None = None
        self.cost: int | None = None
        self.floor = -FREE

    @property
    def costs(self) -> Array:
        """The objective over the columns still looked at."""
        return self._whole_costs[self.old]

    @property
    def here(self) -> Array | None:
        """The best plan over the columns still looked at."""
        return None if self.plan is None else self.plan[self.old]

    @property
    def bound(self) -> int | None:
        """What no plan can beat, in whole units; never above the cost of a known plan."""
        bound = _whole(self.floor)
        return bound if bound is None or self.cost is None else min(bound, self.cost)

    @property
    def enough(self) -> float:
        """A bound that is as high is near enough to the best plan; as yet, none is."""
        if self.cost is None:
            return FREE
        within = self.gap * abs(self.cost)
        return self.cost - max(within, 1 - 2 * _doubt(self.cost))

    @property
    def good_enough(self) -> bool:
        """Whether the plan is as near to the bound as was asked."""
        bound = self.bound
        return self.cost is not None and bound is not None and gap_between(self.cost, bound) <= self.gap

    def tell(self, values: Array | None = None) -> None:
        """Say where the search stands."""
        said = None if values is None else tuple(values.tolist())
        self._tell(Progress(time.monotonic() - self.began, self.cost, self.bound, said))

    def found(self, here: Array) -> None:
        """Take a plan if it is one, and better."""
        cost = int(here @ self.costs)
        if self.cost is None or cost < self.cost:
            values = widened(here, self.old, self.whole.size)
            if self.whole.holds(values):
                self.plan, self.cost = values, cost
                self.tell(values)

    def raised(self, bound: float) -> None:
        """Take a bound if it is better."""
        before = self.bound
        self.floor = max(self.floor, bound)
        if self.bound != before:
            self.tell()

    def narrow(self, keep: Array) -> float:
        """Look at these columns and the best plan's only; how much is left of what was."""
        if self.here is not None:
            keep = keep | (self.here > 0)
        self.arrays, kept = self.arrays.restricted(useful(self.arrays, keep))
        before, self.old = len(self.old), self.old[kept]
        return len(kept) / max(before, 1)

    def part(self, arrays: Arrays, keep: Array) -> Part:
        """The problem, in rows that say the same, with only some of the columns that are still looked at."""
        part, kept = arrays.restricted(useful(arrays, keep))
        return Part(self, part, kept)


class Part:
    """Some of the columns of a search, with the plans in it told to the search; `kept` are their places among those looked at."""

    def __init__(self, search: Standing, arrays: Arrays, kept: Array):
        self.search, self.arrays, self.kept = search, arrays, kept

    @property
    def costs(self) -> Array:
        """The objective."""
        return self.search.costs[self.kept]

    @property
    def here(self) -> Array | None:
        """The best plan, if it lies in this part."""
        here = self.search.here
        return None if here is None or here.sum() > here[self.kept].sum() else here[self.kept]

    def part(self, arrays: Arrays, keep: Array) -> Part:
        """This part with fewer columns, and maybe further rows."""
        part, kept = arrays.restricted(useful(arrays, keep))
        return Part(self.search, part, self.kept[kept])

    def tried(self, gap: float, seconds: float, every: float | None = None) -> Run:
        """Solve it, from the best plan on; `every`: it holds all plans that cost less than that."""
        search = self.search
        if self.arrays.impossible:
            run = Run(None, -FREE, infeasible=True)
        else:
            floor = search.floor / (1 - gap) if search.floor > 0 and gap > 0 else -FREE
            run = search.engine.on(self.arrays).minimised(
                self.costs, seconds, gap, self.here, self.found, None if every is None else lambda bound: search.raised(min(bound, every)), floor,
            )
        if run.values is not None:
            self.found(run.values)
        if every is not None:
            search.raised(min(every, search.cost if search.cost is not None else FREE) if run.infeasible else min(run.bound, every))
        return run

    def found(self, values: Array) -> None:
        """Take a plan if it is one, and better."""
        self.search.found(widened(values, self.kept, self.search.arrays.size))


def _doubt(bound: float) -> float:
    """How far a relaxation's value may be off, as it is computed in floating point."""
    return max(SLACK, 1e-9 * abs(bound))


def _whole(bound: float) -> int | None:
    """A bound on whole numbers, rounded up after allowing for floating point; None where there is none."""
    return None if not math.isfinite(bound) else math.ceil(bound - _doubt(bound))
