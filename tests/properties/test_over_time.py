"""Plans over periods, terms, request classes, hours, parts and standby: checked from the nouns, forged in every field, and never beaten."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from test_verify import mutants

from planner.domain.plan import Plan
from planner.planning.story import plan, recheck
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.resources import bundled
from planner.verify import verify

DAY = date(2026, 11, 24)
MODELS = ["gemma-4-26b-a4b", "gemma-4-31b-it", "mistral-small-4"]
HORIZON = {"start": "2027-01-01", "months": 36}
CLASSES = [{"id": "short", "share": "0.7", "input_tokens": 500, "output_tokens": 100},
           {"id": "long", "share": "0.3", "input_tokens": 12000, "output_tokens": 900}]
HOURS = [{"id": "day", "hours_per_month": 210}, {"id": "night", "hours_per_month": 520}]


@pytest.fixture(scope="module")
def world():
    return load_catalog([bundled("catalog")])


@pytest.fixture(scope="module")
def bank(world):
    return assessment_data(load_assessment(bundled("assessments") / "bank.yaml", world))


def asked(world, bank, names=("aml", "triage"), demand=None, workload=None, constraints=None, **change):
    """A few of the bank's workloads on a few models, with changes; without its budget and shares."""
    workloads = [
        w | {"models": MODELS} | (workload or {}) | {"demand": w["demand"] | (demand or {})} for w in bank["workloads"] if w["id"] in names
    ]
    free = bank["constraints"] | {"budget": {}, "concentration": {}, "sovereignty": {}} | (constraints or {})
    return assessment_from_data(bank | {"workloads": workloads, "constraints": free} | change, world)


def made(world, assessment) -> Plan:
    report = plan(world, assessment, DAY, assessment_data(assessment))
    assert report.plan is not None, report.conflict
    assert not recheck(report, world, assessment)
    return report.plan


def cut(world, bank, name):
    """An assessment for each thing that makes a plan finer."""
    without = {"input_tokens": None, "output_tokens": None}
    return {
        "years": lambda: asked(world, bank, horizon=HORIZON | {"period_months": 12},
                               assumptions={"cost-of-capital-per-year": "0.08", "price-change-tokens-per-year": "-0.2"}, demand={"growth_per_year": "0.8"}),
        "ramp": lambda: asked(world, bank, horizon=HORIZON | {"period_months": 6}, demand={"ramp_months": 12}),
        "classes": lambda: asked(world, bank, demand=without | {"classes": CLASSES}),
        "hours": lambda: asked(world, bank, horizon=HORIZON | {"hours": HOURS}, demand={"by_hours": {"day": "0.8", "night": "0.2"}}),
        "parts": lambda: asked(world, bank, workload={"parts": 3}),
        "standby": lambda: asked(world, bank, names=("triage",), workload={"standby": True}),
        "carbon": lambda: asked(world, bank, constraints={"max_carbon_kg": 100000}, horizon=HORIZON | {"period_months": 12}),
        "embeddings": lambda: asked(world, bank, names=("search",), workload={"models": ["mistral-embed"], "tuning": {"kind": "adapter"}}),
    }[name]()


@pytest.mark.parametrize("name", ["years", "ramp", "classes", "hours", "parts", "standby", "carbon", "embeddings"])
def test_a_finer_plan_adds_up_and_survives_the_check_and_its_forgeries_do_not(world, bank, name):
    assessment = cut(world, bank, name)
    found = made(world, assessment)
    assert sum(c.cost_eur for c in found.choices) == found.cost.total_eur
    assert sum(found.cost.by_year.values()) == sum(found.cost.by_quarter.values()) == found.cost.total_eur
    everything = list(mutants(found))
    seen = everything[:: max(len(everything) // 60, 1)]
    missed = [(path, value, forged) for path, value, forged, mutant in seen if not verify(mutant, world, assessment, DAY)]
    assert len(missed) <= len(seen) // 100, missed


def test_periods_never_cost_more_than_one_decision_for_the_whole_horizon(world, bank):
    whole = made(world, asked(world, bank, demand={"growth_per_year": "0.8"}))
    yearly = made(world, asked(world, bank, demand={"growth_per_year": "0.8"}, horizon=HORIZON | {"period_months": 12}))
    cents_of_rounding = Decimal("0.01") * len(yearly.lines)
    assert yearly.cost.total_eur <= whole.cost.total_eur + cents_of_rounding


def test_what_may_be_split_never_costs_more_than_what_may_not(world, bank):
    assert made(world, cut(world, bank, "parts")).cost.total_eur <= made(world, asked(world, bank)).cost.total_eur + Decimal("1.00")


def test_a_standby_is_another_operator_and_costs_something(world, bank):
    found = made(world, cut(world, bank, "standby"))
    serving = {c.operator for c in found.choices if not c.stands_by}
    ready = {c.operator for c in found.choices if c.stands_by}
    assert ready and not serving & ready
    assert found.cost.total_eur > made(world, asked(world, bank, names=("triage",))).cost.total_eur


def test_later_money_is_worth_less_and_the_sum_that_is_paid_is_shown_beside(world, bank):
    found = made(world, cut(world, bank, "years"))
    assert Decimal(0) < found.cost.present_eur < found.cost.total_eur


def test_a_discount_lowers_the_price_of_its_operator_alone(world, bank):
    plain = made(world, asked(world, bank, names=("triage",), workload={"modes": ["api"]}))
    operator = plain.choices[0].operator
    less = made(world, asked(world, bank, names=("triage",), workload={"modes": ["api"]}, discounts={operator: "0.5"}))
    assert less.choices[0].operator == operator
    assert all(line.factor == Decimal("0.5") for line in less.choices[0].cost_lines)
    halved = sum(line.amount_eur for line in plain.choices[0].cost_lines) / 2
    assert abs(sum(line.amount_eur for line in less.choices[0].cost_lines) - halved) <= Decimal("0.02")


def test_hours_that_are_not_the_whole_month_are_refused(world, bank):
    with pytest.raises(Exception, match="730"):
        asked(world, bank, horizon=HORIZON | {"hours": [{"id": "day", "hours_per_month": 210}]})
