"""A portfolio solved again at other prices has the plan that solving it afresh finds, whatever was asked in between."""
from __future__ import annotations

import random
from dataclasses import replace

import pytest
from random_problems import portfolio, with_least_bills

from planner.optimising.engine import best_plan
from planner.optimising.living import Living
from planner.optimising.portfolio import Portfolio, Spend


def repriced(p: Portfolio, seed: int) -> Portfolio:
    """The portfolio with every price of ways, machines and work changed by up to half, and another budget."""
    r = random.Random(seed)

    def changed(spend: Spend | None) -> Spend | None:
        if spend is None:
            return None
        by = r.randint(50, 150)
        return Spend(*(n * by // 100 for n in (spend.paid, spend.present, spend.bought)), tuple(n * by // 100 for n in spend.by_year))

    def all_of(spends):
        return tuple(changed(s) for s in spends)

    return replace(
        p, ways=tuple(replace(w, spends=all_of(w.spends)) for w in p.ways),
        nodes=tuple(replace(n, spends=all_of(n.spends), by_moment={m: all_of(s) for m, s in n.by_moment.items()}) for n in p.nodes),
        works=tuple(replace(w, spends=all_of(w.spends)) for w in p.works),
        limits=replace(p.limits, total=None if p.limits.total is None else p.limits.total * r.randint(80, 200) // 100),
    )


def test_other_prices_give_the_plan_that_solving_afresh_gives():
    feasible = 0
    for seed in range(3000, 3100):
        p = portfolio(seed)
        living = Living(p)
        for n in range(3):
            other = repriced(p, 10 * seed + n)
            again, afresh = living.resolved_with(other), best_plan(other, isolated=False)
            assert (again is None) == (afresh is None), (seed, n)
            if again is not None and afresh is not None:
                assert (again.aims, again.serving, again.cents) == (afresh.aims, afresh.serving, afresh.cents), (seed, n)
                feasible += 1
    assert feasible > 60


def test_what_was_asked_before_changes_no_answer():
    for seed in range(3000, 3020):
        p = portfolio(seed)
        others = [repriced(p, n) for n in range(4)]
        one, two = Living(p), Living(p)
        assert [one.resolved_with(o) for o in others] == [two.resolved_with(o) for o in others[::-1]][::-1]


def test_more_than_other_prices_is_refused():
    p = portfolio(3)
    with pytest.raises(ValueError, match="more than prices"):
        Living(p).resolved_with(replace(p, limits=replace(p.limits, score=1)))
    billed = with_least_bills(p, 3)
    with pytest.raises(ValueError, match="more than prices"):
        Living(billed).resolved_with(replace(billed, works=tuple(replace(w, least=()) for w in billed.works)))
