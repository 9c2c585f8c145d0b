"""The optimum is the optimum: trying everything, HiGHS and CBC agree, and so do the plans themselves."""
from __future__ import annotations

import pytest
from random_portfolios import best_by_trying, portfolio, with_workloads

from planner.optimising.formulation import formulate
from planner.optimising.search import solve

INSTANCES = 500


@pytest.mark.parametrize("block", range(10))
def test_trying_everything_equals_highs_equals_cbc_and_all_name_the_same_plan(block):
    size = INSTANCES // 10
    feasible = 0
    for seed in range(block * size, (block + 1) * size):
        options, assessment = portfolio(seed)
        options = with_workloads(options, assessment)
        expected = best_by_trying(options, assessment)
        formulation = formulate(options, assessment)
        for engine in ("highs", "cbc"):
            found = solve(formulation.programme, engine, seconds=30, isolated=False)
            if expected is None:
                assert found.values is None and found.proved, (seed, engine)
                continue
            assert found.values is not None and found.proved, (seed, engine)
            assert found.cost == expected[0][0], (seed, engine)
            picked = {w: o for (w, o), variable in formulation.choose.items() if found.values[variable]}
            assert picked == expected[1], (seed, engine)
        feasible += expected is not None
    assert feasible > size // 4  # the blocks are not all hopeless
