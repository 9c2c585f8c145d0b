"""The engine on plain data: trying everything finds nothing better, over all families of constraints, and HiGHS and CBC agree."""
from __future__ import annotations

import pytest
from random_problems import best_by_trying, portfolio, with_least_bills

from planner.optimising import branching, leaning, relaxing, search
from planner.optimising.assembling import assembled
from planner.optimising.engine import best_plan
from planner.optimising.portfolio import Item, Portfolio, Spend, Way
from planner.optimising.search import solve

INSTANCES = 2000
BLOCKS = 20


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_engine_finds_what_trying_everything_finds_in_every_aim(block):
    size, feasible = INSTANCES // BLOCKS, 0
    for seed in range(block * size, (block + 1) * size):
        problem = portfolio(seed)
        expected = best_by_trying(problem)
        found = best_plan(problem, "highs", seconds=30, isolated=False)
        assert (found is None) == (expected is None), seed
        if found is not None:
            assert found.aims == expected and found.proved, seed
        feasible += expected is not None
    assert feasible > size // 5  # the blocks are not all hopeless


@pytest.mark.parametrize("block", range(5))
def test_least_bills_that_ways_fill_together_are_topped_up_as_trying_everything_tops_them_up(block):
    feasible, dearer = 0, 0
    for seed in range(block * 100, (block + 1) * 100):
        plain, problem = portfolio(seed), with_least_bills(portfolio(seed), seed)
        expected, found = best_by_trying(problem), best_plan(problem, "highs", seconds=30, isolated=False)
        assert (None if found is None else found.aims) == expected, seed
        assert found is None or found.proved, seed
        feasible += expected is not None
        dearer += expected is not None and expected != best_by_trying(plain)
    assert feasible > 20 and dearer > 10  # they are not all hopeless, and the bills bind


@pytest.mark.parametrize("seed", range(30))
def test_cbc_tops_up_least_bills_alike(seed):
    problem = with_least_bills(portfolio(seed), seed)
    found = best_plan(problem, "cbc", seconds=30, isolated=False)
    assert (None if found is None else found.aims) == best_by_trying(problem)


@pytest.mark.parametrize("block", range(5))
def test_what_is_done_for_large_problems_only_finds_the_same_aims(block, monkeypatch):
    """Few columns and rows at first, and branching to the end on what is shared, with problems that trying everything can settle."""
    for module, name, value in ((search, "_SMALL", 0), (branching, "_SMALL", 0), (relaxing, "_SMALL", 0), (relaxing, "_FIRST", 1),
                                (relaxing, "_MORE", 1), (leaning, "_FEW", 0)):
        monkeypatch.setattr(module, name, value)
    trees = []
    monkeypatch.setattr(branching.Tree, "_branched", lambda self, *given, whole=branching.Tree._branched: trees.append(1) or whole(self, *given))
    for seed in range(block * 100, (block + 1) * 100):
        expected, found = best_by_trying(portfolio(seed)), best_plan(portfolio(seed), "highs", seconds=30, isolated=False)
        assert (None if found is None else found.aims) == expected, seed
        assert found is None or found.proved, seed
    assert len(trees) > 10  # it did branch


def test_with_a_plan_in_use_the_first_aim_is_as_good_and_what_is_good_enough_of_it_stays():
    stayed = 0
    for seed in range(200):
        programme = assembled(portfolio(seed)).programme
        best = solve(programme, isolated=False)
        if best.values is None:
            continue
        chosen = [i for group in programme.groups for i in group if best.values[i]]
        last = [group[-1] for group in programme.groups if group]
        again, other = (solve(programme, isolated=False, in_use=tuple(in_use)) for in_use in (chosen, last))
        assert again.cost == other.cost == best.cost and again.proved and other.proved, seed
        if programme.objectives[0].value(best.values) == best.cost:  # and nothing of it was given up for later aims
            assert again.values is not None and not any(again.values[i] for group in programme.groups for i in group if i not in chosen), seed
            stayed += 1
    assert stayed > 50


@pytest.mark.parametrize("seed", range(60))
def test_cbc_finds_the_same_aims(seed):
    found = best_plan(portfolio(seed), "cbc", seconds=30, isolated=False)
    assert (None if found is None else found.aims) == best_by_trying(portfolio(seed))


def test_the_example_of_the_documentation_chooses_the_cheaper_way():
    decision = best_plan(Portfolio(
        items=(Item("letters"),),
        ways=(Way("metered", "letters", "vendor-a", "model-a", (Spend.of(1200),)), Way("own", "letters", "own", "model-b", (Spend.of(900),))),
    ))
    assert decision is not None and decision.serving["letters", 0] == {"own": 1} and decision.cents == 900
