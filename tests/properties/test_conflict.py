"""A conflict is a conflict, and a smallest one: trying everything confirms both."""
from __future__ import annotations

from random_problems import best_by_trying, keeping, portfolio

from planner.optimising.assembling import assembled
from planner.optimising.conflict import core, shrink


def test_every_conflict_is_impossible_and_dropping_any_one_demand_makes_it_possible():
    found = 0
    for seed in range(260):
        problem = portfolio(seed)
        if best_by_trying(problem) is not None or best_by_trying(keeping(problem, set())) is None:
            continue
        names = set(core(assembled(problem).programme))
        assert names, seed
        assert best_by_trying(keeping(problem, names)) is None, (seed, names)
        for name in names:
            assert best_by_trying(keeping(problem, names - {name})) is not None, (seed, names, name)
        found += 1
    assert found > 50


def test_shrinking_finds_a_minimal_set_whatever_hides_in_it():
    demands = [f"d{i}" for i in range(23)]
    for hidden in ({"d0"}, {"d22"}, {"d3", "d4"}, {"d1", "d11", "d20"}, set(demands)):
        assert set(shrink(demands, lambda kept, hidden=hidden: not hidden <= kept)) == hidden
