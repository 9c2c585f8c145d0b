"""The formulation is pinned: any change to a row shows in a diff. `UPDATE_GOLDEN=1 pytest tests/golden` writes the files anew."""
from __future__ import annotations

import os
from pathlib import Path

import pytest
from random_portfolios import portfolio, with_workloads

from planner.optimising.formulation import formulate
from planner.optimising.solver import lp_text

HERE = Path(__file__).parent


@pytest.mark.parametrize("seed", [3, 12, 100])
def test_the_formulation_of_a_small_portfolio_is_what_it_was(seed):
    options, assessment = portfolio(seed)
    text = lp_text(formulate(with_workloads(options, assessment), assessment).programme)
    golden = HERE / f"portfolio-{seed}.lp"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()
