"""Conflicts and ways out of them, on plain data: trying everything confirms that each conflict is smallest and that each repair is one."""
from __future__ import annotations

import pytest
from random_problems import best_by_trying, keeping, portfolio

from planner.optimising.portfolio import Item, Limits, Portfolio, Spend, Way
from planner.optimising.repairing import Change, Closed, Problem, repairs, shrink, smallest_conflict

SEEDS = [seed for seed in range(600) if len(portfolio(seed).periods) == 1]  # trying everything is quick in these, also without limits
HOPELESS = [seed for seed in SEEDS if best_by_trying(portfolio(seed)) is None]


def test_every_conflict_is_impossible_and_without_any_one_of_its_demands_possible():
    found = 0
    for seed in HOPELESS:
        p = portfolio(seed)
        names = smallest_conflict(p)
        assert names is not None, seed
        assert best_by_trying(keeping(p, set(names))) is None, (seed, names)
        for name in names:
            assert best_by_trying(keeping(p, set(names) - {name})) is not None, (seed, names, name)
        found += bool(names)
    assert found > 40


def test_what_is_possible_has_no_conflict_and_needs_no_repair():
    for seed in [s for s in SEEDS if s not in HOPELESS][:40]:
        assert smallest_conflict(portfolio(seed)) is None and repairs(portfolio(seed)) == ()


@pytest.mark.parametrize("block", range(4))
def test_every_repair_holds_costs_what_it_says_and_gives_way_no_more_than_it_must(block):
    found = 0
    for seed in HOPELESS[block::4]:
        p = portfolio(seed)
        ways_out = repairs(p)
        assert bool(ways_out) == (best_by_trying(keeping(p, set())) is not None), seed
        assert [r.cents for r in ways_out] == sorted(r.cents for r in ways_out)
        for repair in ways_out:
            changes = {c.demand: c.value for c in repair.changes}
            assert best_by_trying(Problem(p).with_changes(changes)) == repair.decision.aims, (seed, changes)
            for name, value in changes.items():
                less = {**changes, name: a_little_less(name, value)}
                if less[name] is not None:
                    assert best_by_trying(Problem(p).with_changes(less)) is None, (seed, changes, less)
        found += len(ways_out)
    assert found > 10


def a_little_less(name, value):
    """A value that gives way by one step less; None where there is none."""
    if not isinstance(value, int):
        return None
    return value + 1 if name == "portfolio-score" else value - 1


def test_a_level_is_lowered_only_as_far_as_a_plan_needs_it():
    p = Portfolio((Item("triage"),), (Way("dear", "triage", "a", "m", (Spend.of(5000),)),), limits=Limits(total=1000))
    closed = tuple(Closed(Way(f"o{n}", "triage", "b", "m", (Spend.of(cents),)), {"min-seal:triage": n}) for n, cents in ((2, 2000), (1, 900), (0, 100)))
    assert smallest_conflict(p, closed) == ("budget:total", "min-seal:triage")
    found = repairs(p, closed)
    assert [r.changes for r in found] == [(Change("min-seal:triage", 1),), (Change("budget:total", 5000),)]
    assert [r.cents for r in found] == [900, 5000]


def test_an_excluded_operator_is_allowed_again_where_that_is_what_helps():
    p = Portfolio((Item("chat"),), (), limits=Limits())
    closed = (Closed(Way("o", "chat", "b", "m", (Spend.of(700),)), {"excluded:b": None}),)
    assert [(r.changes, r.cents) for r in repairs(p, closed)] == [((Change("excluded:b", None),), 700)]


def test_where_two_demands_are_each_in_the_way_both_are_changed():
    p = Portfolio((Item("chat"),), (Way("o", "chat", "b", "m", (Spend(900, 900, 400),), score=10),), limits=Limits(total=500, score=30))
    (found,) = repairs(p)
    assert found.changes == (Change("budget:total", 900), Change("portfolio-score", 10))


def test_shrinking_finds_a_minimal_set_whatever_hides_in_it():
    demands = [f"d{i}" for i in range(23)]
    for core in ({"d0"}, {"d22"}, {"d3", "d4"}, {"d1", "d11", "d20"}, set(demands)):
        assert set(shrink(demands, lambda kept, core=core: not core <= kept)) == core
