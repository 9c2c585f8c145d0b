"""What must be so whatever the numbers are: on random portfolios over all families of constraints."""
from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from random_problems import portfolio

from planner.optimising.engine import Decision, best_plan
from planner.optimising.portfolio import Aim, Portfolio

SEEDS = range(2000, 2060)


def solved(p: Portfolio, solver: str = "highs") -> Decision | None:
    return best_plan(p, solver, seconds=30, isolated=False)


def for_cost(seed: int) -> Portfolio:
    return replace(portfolio(seed), aims=(Aim("cost"),))


def cost(p: Portfolio) -> float:
    found = solved(p)
    return float("inf") if found is None else found.cents


def test_more_budget_never_costs_more():
    for seed in SEEDS:
        p = for_cost(seed)
        if p.limits.total is not None:
            more = replace(p, limits=replace(p.limits, total=p.limits.total * 3 // 2))
            assert cost(more) <= cost(p), seed


def test_a_further_limit_never_lowers_cost():
    for seed in SEEDS:
        p = for_cost(seed)
        before = cost(p)
        for limit in ({"score": 60}, {"operators": 1}, {"models": 1}, {"carbon": 60}, {"share_of_critical": Fraction(1, 3)}, {"required": ("op2",)}):
            if not getattr(p.limits, next(iter(limit))):
                assert cost(replace(p, limits=replace(p.limits, **limit))) >= before, (seed, limit)


def test_the_order_of_items_changes_nothing_in_the_plan():
    for seed in SEEDS:
        p = portfolio(seed)
        other = replace(p, items=p.items[::-1], pools=p.pools[::-1], nodes=p.nodes[::-1], works=p.works[::-1])
        a, b = solved(p), solved(other)
        assert (a is None) == (b is None), seed
        if a is not None and b is not None:
            assert a.aims == b.aims, seed
            if one_plan_only(p, a):
                assert a.serving == b.serving, seed


def one_plan_only(p: Portfolio, found: Decision) -> bool:
    """Whether the tie-break by catalog order was not needed: the plan is also the last by that order."""
    last = solved(replace(p, ways=p.ways[::-1]))
    return last is not None and last.serving == found.serving


def test_a_dominated_way_never_changes_the_plan():
    for seed in SEEDS:
        p = portfolio(seed)
        r = random.Random(seed)
        victim = r.choice(p.ways)
        worse = replace(victim, key="worse", score=max(victim.score - r.randint(0, 5), 0), quality=max(victim.quality - r.randint(0, 5), 0))
        if p.limits.share_of_spend is None:
            worse = replace(worse, spends=tuple(replace(s, paid=s.paid + 100, present=s.present + 90) for s in victim.spends))
        a, b = solved(p), solved(replace(p, ways=(*p.ways, worse)))
        assert (a is None) == (b is None), seed
        if a is not None and b is not None:
            assert (a.aims, a.serving, a.standby) == (b.aims, b.serving, b.standby), seed


def test_doubling_the_load_never_lowers_cost():
    for seed in SEEDS:
        p = for_cost(seed)
        if p.limits.share_of_spend is None:  # what is padded would hide behind a share
            doubled = replace(p, ways=tuple(replace(w, loads=tuple(2 * n for n in w.loads)) for w in p.ways))
            assert cost(doubled) >= cost(p), seed


@pytest.mark.parametrize("seed", range(2200, 2240))
def test_cbc_and_highs_give_the_same_plan(seed):
    a, b = solved(portfolio(seed)), solved(portfolio(seed), "cbc")
    assert (a is None) == (b is None)
    if a is not None and b is not None:
        assert (a.aims, a.serving, a.standby, a.taken_on) == (b.aims, b.serving, b.standby, b.taken_on)


def test_like_items_are_served_as_if_each_stood_alone():
    for seed in range(2300, 2360):
        p = portfolio(seed)
        item = p.items[0]
        if item.standby or item.count > 1 or len(p.items) > 2:
            continue
        twin = replace(item, id="twin")
        twins = replace(p, items=(*p.items, twin), ways=(*p.ways, *(replace(w, item="twin") for w in p.ways if w.item == item.id)))
        # a weight that tells them apart, where no aim or limit weighs, keeps them from being taken together
        weighed = p.limits.score is not None or any(a.name in ("sovereignty", "quality") for a in p.aims)
        apart = twins if weighed else replace(twins, items=(*p.items, replace(twin, weight=twin.weight + 1)))
        a, b = solved(twins), solved(apart)
        assert (a is None) == (b is None), seed
        if a is not None and b is not None:
            assert a.aims == b.aims, seed
            together = Counter(tuple(sorted(parts.items())) for parts in a.serving.values())
            assert sum(together.values()) == len(p.periods) * len(twins.items), seed
