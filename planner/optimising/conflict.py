"""No plan exists: a smallest set of demands that cannot all hold, proved by dropping each one in turn.

Demands are of two kinds. Some are rows of the programme (budgets, shares, scores); others close options (residency, quality,
places, operators). Where a workload has no option at all, sets alone give the conflict. Otherwise the rows are shrunk first,
with every option-closing demand held, and then those demands are lifted: all at once, by kind, one by one.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from planner.domain.assessment import Assessment
from planner.domain.plan import Conflict, Demanded
from planner.optimising.adapting import portfolio_of
from planner.optimising.assembling import assembled
from planner.optimising.linear import Programme
from planner.optimising.repairing import Can, shrink
from planner.optimising.search import feasible
from planner.options.demands import demands_of
from planner.options.option import Options
from planner.problems import NotProved
from planner.sizing.demand import Part

Lift = Callable[[frozenset[str], frozenset[str] | None], Options]  # (wishes lifted, workloads or all) -> options


def smallest_conflict(options: Options, assessment: Assessment, lift: Lift, engine: str = "highs", seconds: float = 60.0) -> Conflict:
    """A minimal conflict among the user's demands. `options` are the open ones; `lift` gives those with some wishes lifted.

    Where even without any demand no plan is left, the conflict says so: law, licences or the catalog alone forbid it. When the
    limit is reached first, the set found so far is given, marked as not proved to be smallest.
    """
    words = demands_of(assessment)
    stuck = next((part for part in options.parts if not options.open[part.id]), None)
    if stuck is not None:
        return _stuck(stuck, next(w.name for w in assessment.workloads if w.id == stuck.workload), words, lift)
    deadline = time.monotonic() + seconds
    programme = assembled(portfolio_of(options, assessment)).programme
    rows = sorted({row.demand for row in programme.constraints if row.demand})
    needed = tuple(rows)
    try:
        needed = shrink(rows, _row_tester(programme, engine, deadline))
        closing = [name for name in sorted(words) if name not in rows]
        idle = frozenset(rows) - set(needed)
        return _conflict((*needed, *_closing(needed, idle, closing, assessment, lift, engine, deadline)), words)
    except NotProved:
        return _conflict(needed, words, proved=False)


def _conflict(names: Sequence[str], words: dict[str, str], proved: bool = True) -> Conflict:
    if not names:
        says = "law, licences, dates or the catalog leave no way to serve everything throughout the horizon"
        return Conflict(demands=(Demanded(name="world", says=says),), proved_minimal=False)
    return Conflict(demands=tuple(Demanded(name=n, says=words[n]) for n in names), proved_minimal=proved)


def _stuck(part: Part, name: str, words: dict[str, str], lift: Lift) -> Conflict:
    """The demands that close every way to serve one part: each way breaks one of them, and none of them is idle."""
    ways = [o.violated for o in lift(frozenset(words), frozenset({part.workload})).open[part.id]]
    if not ways:
        says = f"law, licences or the catalog leave no way to serve {name}"
        return Conflict(demands=(Demanded(name="world", says=says),), proved_minimal=False)
    return _conflict(shrink(sorted(words), lambda kept: any(not (broken & kept) for broken in ways)), words)


def core(programme: Programme, engine: str = "highs", seconds: float = 60.0) -> tuple[str, ...]:
    """A smallest set of demanded rows that cannot all hold, the rest of the programme being what it is. Raises NotProved at the limit."""
    rows = sorted({row.demand for row in programme.constraints if row.demand})
    return shrink(rows, _row_tester(programme, engine, time.monotonic() + seconds))


def _row_tester(programme: Programme, engine: str, deadline: float) -> Can:
    """Whether some rows can hold together, the options being what they are."""

    def can(demands: frozenset[str]) -> bool:
        rows = tuple(row for row in programme.constraints if row.demand is None or row.demand in demands)
        return feasible(replace(programme, constraints=rows), engine, _left(deadline))

    return can


def _closing(
    rows: Sequence[str], idle: frozenset[str], closing: Sequence[str], assessment: Assessment, lift: Lift, engine: str, deadline: float
) -> tuple[str, ...]:
    """Which option-closing demands a conflict of rows needs beside them: none, if lifting them all does not help."""

    def can(held: frozenset[str]) -> bool:
        _left(deadline)
        options = lift((frozenset(closing) - held) | idle, None)
        return _row_tester(assembled(portfolio_of(options, assessment)).programme, engine, deadline)(frozenset(rows))

    if not can(frozenset()):
        return ()
    kept = list(closing)
    for kind in sorted({name.partition(":")[0] for name in closing}):
        rest = [name for name in kept if name.partition(":")[0] != kind]
        if not can(frozenset(rest)):
            kept = rest
    return shrink(kept, can)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise NotProved("the smallest conflict was not found within the limit")
    return left
