"""While the solver works: what is told is true, the limit is kept, Ctrl-C gives the best plan so far."""
from __future__ import annotations

import time

import pytest
from bench.scale_problems import portfolio

from planner.cli.progress import line
from planner.optimising.child import in_child
from planner.optimising.engine import best_plan
from planner.optimising.standing import Progress
from planner.problems import NotProved


def test_plans_told_get_cheaper_and_bounds_never_pass_them():
    told: list[Progress] = []
    decision = best_plan(portfolio(10, 1), seconds=30, gap=0.02, tell=told.append)
    costs = [p.cost for p in told if p.values is not None]
    assert decision is not None and costs and costs == sorted(costs, reverse=True) and costs[-1] == decision.cents
    assert all(p.bound <= p.cost for p in told if p.bound is not None and p.cost is not None)
    bounds = [p.bound for p in told if p.bound is not None]
    assert bounds == sorted(bounds) and decision.gap is not None and decision.gap <= 0.02


def test_ctrl_c_gives_the_best_plan_so_far_with_its_own_gap():
    def pressed(progress: Progress) -> None:
        if progress.values is not None and progress.bound is not None:
            raise KeyboardInterrupt

    decision = best_plan(portfolio(30, 1), seconds=60, tell=pressed)
    assert decision is not None and not decision.proved and decision.gap is not None and 0 < decision.gap < 1
    assert len(decision.serving) == 30


def test_ctrl_c_before_any_plan_is_passed_on():
    def pressed(progress: Progress) -> None:
        raise KeyboardInterrupt

    def work(tell):
        tell(1)
        time.sleep(5)

    assert in_child(work, seconds=5, tell=pressed) == (None, "interrupted")


def test_work_that_does_not_stop_is_ended_at_its_limit():
    began = time.monotonic()
    assert in_child(lambda tell: time.sleep(60), seconds=1.0, tell=print) == (None, "limit")
    assert time.monotonic() - began < 30


def test_a_limit_too_short_for_any_plan_is_said():
    with pytest.raises(NotProved):
        best_plan(portfolio(100, 1), seconds=0.05)


def test_a_line_of_progress_says_cost_bound_and_gap():
    assert line(Progress(3.5, 10000, 9000)) == "   3.5 s  best 100  bound 90  gap 10.00%  (Ctrl-C: the best so far)"
    assert "best -  bound -  gap -" in line(Progress(1.0, None, None))
