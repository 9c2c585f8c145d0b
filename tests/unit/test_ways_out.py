"""When no plan exists the tool says what would make one possible, and each way out is a change that does."""
from __future__ import annotations

from datetime import date

import pytest

from planner.planning.story import plan
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.resources import bundled

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def world():
    return load_catalog([bundled("catalog")])


@pytest.fixture(scope="module")
def base(world):
    data = assessment_data(load_assessment(bundled("assessments") / "bank.yaml", world))
    triage = next(w for w in data["workloads"] if w["id"] == "triage")
    return data | {"workloads": [triage | {"models": ["gemma-4-31b-it", "mistral-small-4"], "modes": ["api"]}], "constraints": {}}


def planned(world, data, **change):
    data = data | change
    return plan(world, assessment_from_data(data, world), DAY, data)


def test_a_budget_is_raised_to_what_the_cheapest_plan_costs_and_no_further(world, base):
    cheapest = planned(world, base).plan.cost.total_eur
    conflict = planned(world, base, constraints={"budget": {"total": 1000}}).conflict
    (repair,) = conflict.repairs
    assert repair.cost_eur == cheapest and repair.says.startswith("raise the budget in all to EUR")
    amount = int(repair.says.rpartition(" ")[2].replace(",", ""))
    assert planned(world, base, constraints={"budget": {"total": amount}}).outcome == "planned"
    assert planned(world, base, constraints={"budget": {"total": amount - 1}}).outcome == "no-plan"


def test_a_seal_is_lowered_as_little_as_needed(world, base):
    conflict = planned(world, base, workloads=[base["workloads"][0] | {"min_seal": 4}]).conflict
    (repair,) = conflict.repairs
    level = int(repair.says.rpartition("-")[2])
    assert planned(world, base, workloads=[base["workloads"][0] | {"min_seal": level}]).outcome == "planned"
    assert planned(world, base, workloads=[base["workloads"][0] | {"min_seal": level + 1}]).outcome == "no-plan"


def test_operators_that_were_left_out_are_named(world, base):
    operator = planned(world, base).plan.choices[0].operator
    report = planned(world, base, constraints={"operators": {"only": ["hetzner"]}})
    assert report.outcome == "no-plan"
    assert f"allow {operator}" in {r.says for r in report.conflict.repairs}
