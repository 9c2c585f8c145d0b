"""No plan exists: a smallest set of demands that cannot all hold, proved by dropping each one in turn."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from planner.domain.assessment import Assessment
from planner.domain.plan import Conflict, Demanded
from planner.optimising.formulation import Formulation, formulate
from planner.optimising.search import feasible
from planner.options.demands import demands_of
from planner.options.option import Options

Feasible = Callable[[frozenset[str]], bool]


def smallest_conflict(lifted: Options, assessment: Assessment, engine: str = "highs", seconds: float = 60.0) -> Conflict:
    """A minimal conflict among the user's demands. `lifted` are the options with the wishes each one breaks.

    Where even no demand at all leaves no plan, the conflict is empty and says so by its sentence: law, licences or
    physics alone forbid it. Raises NotProved at the limit.
    """
    words = demands_of(assessment)
    deadline = time.monotonic() + seconds
    can = _tester(lifted, formulate(lifted, assessment), engine, deadline)
    if not can(frozenset()):
        stuck = [w.name for w in lifted.workloads if not lifted.open[w.id]]
        says = f"law, licences or the catalog leave no way to serve {', '.join(stuck)}" if stuck else "no plan exists even without your demands"
        return Conflict(demands=(Demanded(name="world", says=says),), proved_minimal=False)
    names = shrink(sorted(words), can)
    return Conflict(demands=tuple(Demanded(name=n, says=words[n]) for n in names))


def shrink(demands: list[str], can: Feasible) -> tuple[str, ...]:
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


def _tester(options: Options, formulation: Formulation, engine: str, deadline: float) -> Feasible:
    """Whether a set of demands can all hold: options that break one are closed, rows of the others are left out."""
    programme = formulation.programme
    broken = {formulation.choose[o.workload, o.key]: o.violated for w in options.workloads for o in options.open[w.id]}

    def can(demands: frozenset[str]) -> bool:
        keep = [not (broken.get(i, frozenset()) & demands) for i in range(len(programme.variables))]
        if any(not any(keep[i] for i in group) for group in programme.groups):
            return False
        rows = tuple(row for row in programme.constraints if row.demand is None or row.demand in demands)
        small, _ = replace(programme, constraints=rows).restricted(keep)
        return feasible(small, engine, max(deadline - time.monotonic(), 0.1))

    return can

