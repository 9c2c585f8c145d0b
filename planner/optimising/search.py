"""The search: the relaxation, a first plan from what it opens, what no plan as cheap can contain, the rest exactly, then aim by aim.

Fixing is exact: a variable whose reduced cost lifts the relaxation above the cost of a known plan is 0 in every plan that is no dearer.
"""
from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays, widened
from planner.optimising.child import explained, in_child
from planner.optimising.highs import Run
from planner.optimising.leaning import lean
from planner.optimising.linear import Programme
from planner.optimising.probing import IMPOSSIBLE, Forced, useful, within_caps
from planner.optimising.refining import Aims, refined
from planner.optimising.relaxing import cheapest
from planner.optimising.solver import Engine
from planner.optimising.steady import steady, throughout
from planner.problems import NotProved

SLACK = 1e-4  # of one unit of the objective, for a relaxation computed in floating point
_OPEN = 0.05  # what the relaxation opens so far is open in the first small problem
_PROMISING = 4  # columns of each group that enter it whatever they open
_ROUGH = 12  # columns of each group that enter the rough plan, which comes before any relaxation
_ROUGH_SHARE, _ROUGH_GAP = 0.05, 0.01  # of the time, at most, and how good it has to be
_STEADY_SHARE, _STEADY_GAP = 0.4, 0.001  # of the time, at most, for a plan without moves, and how good it has to be
_MANY = 20  # of what follows from choices for each group, from which on ruling out comes first
_SMALL = 2000  # columns that a solver settles sooner than any rough plan
_FIRST_SHARE = 0.4  # of the time that is left, at most, for the first plan


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
        return None if self.cost is None or self.bound is None else gap_between(self.cost, self.bound)


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


def solve(
    programme: Programme, engine: str = "highs", seconds: float = 60.0, gap: float = 0.0, isolated: bool = True, tell: Tell | None = None,
) -> Solution:
    """Solve a programme lexicographically. `tell` hears of each better plan and bound.

    With `isolated` the best plan so far is returned where the child has to be killed at the limit, or Ctrl-C is pressed. Raises NotProved
    when nothing is known when the limit is reached, KeyboardInterrupt where nothing was known yet.
    """
    if not isolated:
        return _solve(programme, engine, seconds, gap, tell or (lambda progress: None))
    heard = _Heard(tell)
    solution, how = in_child(_solve, programme, engine, seconds, gap, seconds=seconds, tell=heard)
    if how == "done":
        return solution
    if heard.values is None or heard.cost is None:
        raise KeyboardInterrupt if how == "interrupted" else explained(how, seconds)
    return Solution(heard.values, heard.cost, heard.bound, heard.bound is not None and heard.bound >= heard.cost)


class _Heard:
    """What a child has told so far, passed on."""

    def __init__(self, tell: Tell | None):
        self.tell = tell
        self.values: tuple[int, ...] | None = None
        self.cost: int | None = None
        self.bound: int | None = None

    def __call__(self, progress: Progress) -> None:
        if progress.values is not None:
            self.values = progress.values
        self.cost, self.bound = progress.cost, progress.bound
        if self.tell is not None:
            self.tell(progress)


def feasible(programme: Programme, engine: str = "highs", seconds: float = 60.0) -> bool:
    """Whether any values satisfy the programme. Raises NotProved at the limit."""
    run, whole = Engine(engine, time.monotonic() + seconds), Arrays.of(programme)
    if whole.impossible:
        return False
    arrays, _ = whole.restricted(useful(whole, within_caps(whole)))
    if arrays.impossible or any(not (arrays.group == g).any() for g in range(len(arrays.counts))):
        return False
    if run.relaxed(arrays, np.zeros(arrays.size, dtype=np.int64)).infeasible:
        return False
    answer = run.on(arrays).minimised(np.zeros(arrays.size, dtype=np.int64), run.remaining())
    if not answer.infeasible and (answer.values is None or not arrays.holds(answer.values)):
        raise NotProved("whether a plan exists was not decided within the limit")
    return answer.values is not None


class _Search:
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

    def tried(self, arrays: Arrays, keep: Array, gap: float, seconds: float, every: float | None = None) -> Run:
        """The problem with only some columns, from the best plan on; they are all that a plan of less than `every` can contain."""
        part, kept = arrays.restricted(useful(arrays, keep))
        if part.impossible:
            return Run(None, -FREE, infeasible=True)
        here = self.here
        start = None if here is None or here.sum() > here[kept].sum() else here[kept]
        enough = self.floor / (1 - gap) if self.floor > 0 and gap > 0 else -FREE
        run = self.engine.on(part).minimised(
            self.costs[kept], seconds, gap, start, lambda values: self.found(widened(values, kept, arrays.size)),
            None if every is None else lambda bound: self.raised(min(bound, every)), enough,
        )
        if run.values is not None:
            self.found(widened(run.values, kept, arrays.size))
        if every is not None:
            self.raised(min(every, self.cost if self.cost is not None else FREE) if run.infeasible else min(run.bound, every))
        return run


def _solve(programme: Programme, engine_name: str, seconds: float, gap: float, tell: Tell) -> Solution:
    engine, whole = Engine(engine_name, time.monotonic() + seconds), Arrays.of(programme)
    aims = [(whole.costs(o), o.within) for o in programme.objectives]
    search = _Search(engine, whole, aims[0][0], gap, tell)
    if whole.impossible:
        return Solution(None, None, None, True)
    if programme.alike:
        _steady_plan(search, programme, engine_name, seconds)
    _rough_plan(search, seconds)
    return _finished(search, aims)


def solved_again(arrays: Arrays, aims: Aims, engine_name: str, seconds: float, known: Array | None = None) -> Solution:
    """The search on arrays that are at hand, in this process, from a plan that may hold and be good. Raises NotProved at the limit."""
    search = _Search(Engine(engine_name, time.monotonic() + seconds), arrays, aims[0][0], 0.0, lambda progress: None)
    if arrays.impossible:
        return Solution(None, None, None, True)
    if known is not None:
        search.found(known)
    if search.plan is None:
        _rough_plan(search, seconds)
    return _finished(search, aims)


def _finished(search: _Search, aims: Aims) -> Solution:
    """From a rough plan, or none, to the end: what cannot be in a plan as cheap, the relaxation, the best plan, the further aims."""
    engine, whole = search.engine, search.whole
    if whole.size > _SMALL and not (search.costs < 0).any():
        while search.plan is not None and search.narrow(Forced(search.arrays).least(search.costs) <= (search.cost or 0) * (1 + aims[0][1])) < 0.95:
            pass  # the less is left, the more each choice must cost
    relaxation = engine.relaxed(search.arrays, search.costs)
    if relaxation.infeasible or not _hunted(search, relaxation):
        return Solution(None, None, None, True)
    plan, cost, bound = search.plan, search.cost, search.bound
    if plan is None or cost is None:
        raise NotProved("no plan was found within the limit, nor a proof that there is none")
    if bound is None or cost > bound:
        return Solution(tuple(plan.tolist()), cost, bound, False)
    search.narrow(_may_be_used(relaxation, cost + int(abs(cost) * aims[0][1])))
    best = refined(engine, search.arrays, [(costs[search.old], within) for costs, within in aims], plan[search.old])
    return Solution(tuple(widened(best, search.old, whole.size).tolist()), cost, bound, True)


def _steady_plan(search: _Search, programme: Programme, engine_name: str, seconds: float) -> None:
    """A plan in which everything keeps its way through all periods, from a programme that has each way once."""
    small, stands_for = steady(programme)
    try:
        found = _solve(small, engine_name, seconds * _STEADY_SHARE, max(search.gap, _STEADY_GAP), lambda progress: None)
    except NotProved:
        return
    if found.values is not None:
        search.found(np.array(throughout(found.values, stands_for, search.whole.size), dtype=np.int64))


def _rough_plan(search: _Search, seconds: float) -> None:
    """A plan from the choices that cost least by themselves: of each group the best few, and who could share what they force.

    It is worth its while where far more pools and machines could be opened than there is to serve: then it rules most of them out.
    """
    few_to_serve = search.arrays.tail.sum() > _MANY * len(search.arrays.counts)
    if search.arrays.size <= _SMALL or not few_to_serve or (search.costs < 0).any():
        return
    alone = Forced(search.arrays).implied(search.costs)
    keep = (alone < IMPOSSIBLE) & (cheapest(search.arrays, alone, _ROUGH) | search.arrays.tail)
    search.tried(search.arrays, keep, _ROUGH_GAP, min(seconds * _ROUGH_SHARE, search.engine.remaining()))


def _hunted(search: _Search, relaxation: Run) -> bool:
    """The least first objective as far as time allows; whether there may be a plan at all."""
    search.raised(relaxation.bound)
    if search.good_enough:
        return True
    engine, gap = search.engine, search.gap
    arrays = lean(search.arrays, relaxation.needed)
    if relaxation.values is not None:
        if arrays.size > _SMALL:  # what the relaxation uses, and nothing else: a plan within seconds, whatever the size
            search.tried(arrays, (relaxation.values > 1e-6) | arrays.tail, max(gap / 2, 1e-3), engine.remaining() * _FIRST_SHARE / 4)
            if search.good_enough:
                return True
        keep = _promising(search.arrays, relaxation)
        if not keep.all():
            search.tried(arrays, keep, max(gap / 2, 1e-3), engine.remaining() * _FIRST_SHARE)
    if search.good_enough:
        return True
    keep, every = np.ones(arrays.size, dtype=bool), FREE
    if search.here is not None and search.cost is not None:
        every = search.cost - gap * abs(search.cost)  # a bound that is as high is good enough
        keep = _may_be_used(relaxation, every) | (search.here > 0)
    run = search.tried(arrays, keep, gap, engine.remaining(), every)
    return not (run.infeasible and search.plan is None)


def _promising(arrays: Arrays, relaxation: Run) -> Array:
    """What the relaxation opens, whoever can be served by that alone, and the next cheapest of each group by reduced cost."""
    values, reduced = relaxation.values, relaxation.reduced_costs
    assert values is not None and reduced is not None
    which, target = arrays.links
    entries = which[arrays.rows] & (arrays.coefficients > 0)
    column, asked = arrays.columns[entries], target[arrays.rows[entries]]
    closed = (arrays.upper[asked] == 1) & (values[asked] < _OPEN)
    keep = np.ones(arrays.size, dtype=bool)
    keep[column[closed]] = False
    return keep | (values > 1e-6) | arrays.tail | cheapest(arrays, reduced, _PROMISING)


def _may_be_used(relaxation: Run, cost: float) -> Array:
    """Which of the relaxation's variables may be above 0 in a plan no dearer than `cost`."""
    if relaxation.reduced_costs is None:
        return np.ones(1, dtype=bool)
    return relaxation.bound + relaxation.reduced_costs <= cost + SLACK + 1e-9 * abs(cost)


def _whole(bound: float) -> int | None:
    """A bound on whole numbers, rounded up after allowing for floating point; None where there is none."""
    return None if not math.isfinite(bound) else math.ceil(bound - max(SLACK, 1e-9 * abs(bound)))
