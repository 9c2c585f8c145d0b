"""A conflict is a conflict, and a smallest one: trying everything confirms both."""
from __future__ import annotations

from random_portfolios import best_by_trying, keeping, portfolio, with_workloads

from planner.optimising.conflict import shrink, smallest_conflict


def test_every_conflict_is_impossible_and_dropping_any_one_demand_makes_it_possible():
    found = 0
    for seed in range(400):
        options, assessment = portfolio(seed)
        options = with_workloads(options, assessment)
        if best_by_trying(options, assessment) is not None:
            continue
        conflict = smallest_conflict(options, assessment, lambda wishes, only, options=options: options)
        names = {d.name for d in conflict.demands}
        assert names and conflict.proved_minimal, seed
        assert best_by_trying(options, keeping(assessment, names)) is None, (seed, names)
        for name in names:
            assert best_by_trying(options, keeping(assessment, names - {name})) is not None, (seed, names, name)
        found += 1
    assert found > 50


def test_shrinking_finds_a_minimal_set_whatever_hides_in_it():
    demands = [f"d{i}" for i in range(23)]
    for core in ({"d0"}, {"d22"}, {"d3", "d4"}, {"d1", "d11", "d20"}, set(demands)):
        assert set(shrink(demands, lambda kept, core=core: not core <= kept)) == core
