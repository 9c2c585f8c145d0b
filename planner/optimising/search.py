"""The search: the relaxation, a first plan from what it opens, what no plan as cheap can contain, the rest exactly, then aim by aim.

Fixing is exact: a variable whose reduced cost lifts the relaxation above the cost of a known plan is 0 in every plan that is no dearer.
"""
from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays, widened
from planner.optimising.branching import Tree
from planner.optimising.child import explained, in_child
from planner.optimising.highs import Run
from planner.optimising.leaning import lean
from planner.optimising.linear import Programme
from planner.optimising.probing import IMPOSSIBLE, Forced, useful, within_caps
from planner.optimising.refining import Aims, least_changed, refined
from planner.optimising.relaxing import cheapest, served_by
from planner.optimising.solver import Engine
from planner.optimising.standing import SLACK, Progress, Standing, Tell, gap_between
from planner.optimising.steady import steady, throughout
from planner.problems import NotProved

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


def solve(
    programme: Programme, engine: str = "highs", seconds: float = 60.0, gap: float = 0.0, isolated: bool = True, tell: Tell | None = None,
    in_use: Sequence[int] = (),
) -> Solution:
    """Solve a programme lexicographically. `tell` hears of each better plan and bound.

    `in_use` are the choices of a plan in use, if there is one. Then only the first aim counts, the search begins with that plan, and of the
    mixes of the best plan with it that are as good, the one that keeps most of it is taken.

    With `isolated` the best plan so far is returned where the child has to be killed at the limit, or Ctrl-C is pressed. Raises NotProved
    when nothing is known when the limit is reached, KeyboardInterrupt where nothing was known yet.
    """
    if not isolated:
        return _solve(programme, engine, seconds, gap, in_use, tell or (lambda progress: None))
    heard = _Heard(tell)
    solution, how = in_child(_solve, programme, engine, seconds, gap, in_use, seconds=seconds, tell=heard)
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


def _solve(programme: Programme, engine_name: str, seconds: float, gap: float, in_use: Sequence[int], tell: Tell) -> Solution:
    engine, whole = Engine(engine_name, time.monotonic() + seconds), Arrays.of(programme)
    aims = [(whole.costs(o), o.within) for o in programme.objectives]
    search = Standing(engine, whole, aims[0][0], gap, tell)
    if whole.impossible:
        return Solution(None, None, None, True)
    if in_use:
        return _from_use(search, in_use, aims)
    if programme.alike:
        _steady_plan(search, programme, engine_name, seconds)
    _rough_plan(search, seconds)
    return _finished(search, aims)


def _from_use(search: Standing, in_use: Sequence[int], aims: Aims) -> Solution:
    """The best plan in the first aim, found from one in use, and as much of that one kept as costs nothing."""
    whole, mask = search.whole, np.zeros(search.whole.size, dtype=bool)
    mask[list(in_use)] = True
    search.part(whole, mask | whole.tail).tried(0.0, search.engine.remaining())
    solution = _finished(search, aims[:1], settled=False)
    if not solution.proved or solution.values is None:
        return solution
    best = least_changed(search.engine, whole, aims[0][0], np.array(solution.values, dtype=np.int64), mask)
    return replace(solution, values=tuple(best.tolist()))


def _finished(search: Standing, aims: Aims, settled: bool = True) -> Solution:
    """From a rough plan, or none, to the end: what cannot be in a plan as cheap, the relaxation, the best plan, and if it is to be settled
    which of equally good plans it is, the further aims."""
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
    if not settled:
        return Solution(tuple(plan.tolist()), cost, bound, True)
    search.narrow(_may_be_used(relaxation, cost + int(abs(cost) * aims[0][1])))
    best = refined(engine, search.arrays, [(costs[search.old], within) for costs, within in aims], plan[search.old])
    return Solution(tuple(widened(best, search.old, whole.size).tolist()), cost, bound, True)


def _steady_plan(search: Standing, programme: Programme, engine_name: str, seconds: float) -> None:
    """A plan in which everything keeps its way through all periods, from a programme that has each way once."""
    small, stands_for = steady(programme)
    try:
        found = _solve(small, engine_name, seconds * _STEADY_SHARE, max(search.gap, _STEADY_GAP), (), lambda progress: None)
    except NotProved:
        return
    if found.values is not None:
        search.found(np.array(throughout(found.values, stands_for, search.whole.size), dtype=np.int64))


def _rough_plan(search: Standing, seconds: float) -> None:
    """A plan from the choices that cost least by themselves: of each group the best few, and who could share what they force.

    It is worth its while where far more pools and machines could be opened than there is to serve: then it rules most of them out.
    """
    few_to_serve = search.arrays.tail.sum() > _MANY * len(search.arrays.counts)
    if search.arrays.size <= _SMALL or not few_to_serve or (search.costs < 0).any():
        return
    alone = Forced(search.arrays).implied(search.costs)
    keep = (alone < IMPOSSIBLE) & (cheapest(search.arrays, alone, _ROUGH) | search.arrays.tail)
    search.part(search.arrays, keep).tried(_ROUGH_GAP, min(seconds * _ROUGH_SHARE, search.engine.remaining()))


def _hunted(search: Standing, relaxation: Run) -> bool:
    """The least first objective as far as time allows; whether there may be a plan at all."""
    search.raised(relaxation.bound)
    if search.good_enough:
        return True
    engine, gap = search.engine, search.gap
    arrays = lean(search.arrays, relaxation.needed)
    branching = arrays.size > _SMALL and engine.name == "highs"
    if relaxation.values is not None:
        if arrays.size > _SMALL:  # what the relaxation uses, and nothing else: a plan within seconds, whatever the size
            search.part(arrays, (relaxation.values > 1e-6) | arrays.tail).tried(max(gap / 2, 1e-3), engine.remaining() * _FIRST_SHARE / 4)
            if search.good_enough:
                return True
        keep = _promising(search.arrays, relaxation)
        if not branching and not keep.all():
            search.part(arrays, keep).tried(max(gap / 2, 1e-3), engine.remaining() * _FIRST_SHARE)
    if search.good_enough:
        return True
    keep, every = np.ones(arrays.size, dtype=bool), FREE
    if search.here is not None and search.cost is not None:
        every = search.cost - gap * abs(search.cost)  # a bound that is as high is good enough
        keep = _may_be_used(relaxation, every) | (search.here > 0)
    part = search.part(arrays, keep)
    if part.arrays.size > _SMALL and branching:
        if not Tree(part).searched():
            return True
        search.raised(search.enough if search.cost is not None else -FREE)
        return search.cost is not None
    run = part.tried(gap, engine.remaining(), every)
    return not (run.infeasible and search.plan is None)


def _promising(arrays: Arrays, relaxation: Run) -> Array:
    """What the relaxation opens, whoever can be served by that alone, and the next cheapest of each group by reduced cost."""
    values, reduced = relaxation.values, relaxation.reduced_costs
    assert values is not None and reduced is not None
    return served_by(arrays, values) | (values > 1e-6) | arrays.tail | cheapest(arrays, reduced, _PROMISING)


def _may_be_used(relaxation: Run, cost: float) -> Array:
    """Which of the relaxation's variables may be above 0 in a plan no dearer than `cost`."""
    if relaxation.reduced_costs is None:
        return np.ones(1, dtype=bool)
    return relaxation.bound + relaxation.reduced_costs <= cost + SLACK + 1e-9 * abs(cost)
