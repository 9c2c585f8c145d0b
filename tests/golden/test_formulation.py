"""The formulation is pinned: any change to a row shows in a diff. `UPDATE_GOLDEN=1 pytest tests/golden` writes the files anew."""
from __future__ import annotations

import os
from pathlib import Path

import pytest
from random_problems import portfolio, with_least_bills

from planner.optimising.assembling import assembled
from planner.optimising.families import FAMILIES
from planner.optimising.formulation_page import page
from planner.optimising.solver import lp_text

HERE = Path(__file__).parent
PINNED = {"25": lambda: portfolio(25), "106": lambda: portfolio(106), "317": lambda: portfolio(317),
          "3-least-bills": lambda: with_least_bills(portfolio(3), 3)}


@pytest.mark.parametrize("name", PINNED)
def test_the_formulation_of_a_small_problem_is_what_it_was(name):
    text = lp_text(assembled(PINNED[name]()).programme)
    golden = HERE / f"problem-{name}.lp"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


def test_the_pinned_problems_hold_rows_of_every_family():
    rows = {row.family for made in PINNED.values() for row in assembled(made()).programme.constraints}
    assert rows == {family.__name__ for family in FAMILIES}


def test_the_page_on_the_formulation_is_made_from_the_families():
    assert (HERE.parent.parent / "docs" / "formulation.md").read_text() == page()
