"""Least monthly bills, seats with terms and provisioned throughput: worked out by hand, planned, verified, and forged in every field."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from test_verify import mutants

from planner.planning.euro_walk import cost_walk
from planner.planning.story import plan, recheck
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.resources import bundled
from planner.verify import verify

ONE = Path(__file__).parents[2] / "docs" / "examples" / "one-workload.yaml"
DAY = date(2026, 11, 24)
READ = {"currency": "EUR", "valid_from": "2026-11-01", "source": "own-assessment", "date": "2026-11-20"}
HUB = {  # a quote of one's own: EUR 0.50 and 1.50 a million tokens, and at least EUR 1,000 a month
    "id": "our-hub", "name": "Our hub", "operator": "t-systems", "mode": "api", "layer": "L1", "kind": "tokens", "model": "mistral-small-4",
    "processing_region": "eu", "minimum_eur_per_month": 1000,
    "prices": [READ | {"unit": "input-mtok", "amount": "0.5"}, READ | {"unit": "output-mtok", "amount": "1.5"}],
}
SEATS = {
    "id": "our-seats", "name": "Our seats", "operator": "t-systems", "mode": "api", "layer": "L2", "kind": "seats", "model": "mistral-small-4",
    "processing_region": "eu", "minimum_seats": 5, "maximum_seats": 150, "term_months": 12, "prices": [READ | {"unit": "seat-month", "amount": 20}],
}


@pytest.fixture(scope="module")
def world():
    return load_catalog([bundled("catalog")])


def asked(world, offer=None, workloads=({},), **change):
    """The assistant, or several like it, with an offer of one's own and at its operator alone."""
    data = assessment_data(load_assessment(ONE, world))
    first = data["workloads"][0]
    each = [first | {"id": f"assistant-{n}", "modes": ["api"]} | w | {"demand": first["demand"] | w.get("demand", {})} for n, w in enumerate(workloads)]
    own = {} if offer is None else {"offers": [offer], "constraints": {"operators": {"only": [offer["operator"]]}}}
    return assessment_from_data(data | own | {"workloads": each} | change, world)


def made(world, assessment):
    report = plan(world, assessment, DAY, assessment_data(assessment))
    assert report.plan is not None, report.conflict
    assert report.proof.status == "optimal" and not recheck(report, world, assessment)
    return report.plan


def only(result, name):
    return next(item for item in result.shared if item.id == name)


# ---------------------------------------------------------------------------------------- least monthly bills


def test_a_least_bill_is_filled_by_all_workloads_together(world):
    """A month of one: 200 million tokens in at 0.50 and 50 out at 1.50, so 175; two of them leave 650 of 1,000 to be topped up."""
    topped = only(made(world, asked(world, HUB, ({}, {}))), "minimum:our-hub")
    line, = topped.cost_lines
    assert (line.quantity, line.price, line.amount_eur, topped.cost_eur) == (12, 650, 7800, 7800)
    assert topped.workloads == ("assistant-0", "assistant-1")


def test_a_month_that_reaches_the_least_bill_is_not_topped_up(world):
    result = made(world, asked(world, HUB, ({"demand": {"requests_per_month": 600000}},)))
    assert not [item for item in result.shared if item.id.startswith("minimum:")]


def test_each_month_is_topped_up_by_itself_as_requests_grow(world):
    """From a sixth of 1,050 in the first month to all of it in the sixth: 825, 650, 475, 300, 125 fall short, and then nothing."""
    result = made(world, asked(world, HUB, ({"demand": {"requests_per_month": 600000, "ramp_months": 6}},)))
    assert [line.amount_eur for line in only(result, "minimum:our-hub").cost_lines] == [825, 650, 475, 300, 125]
    assert result.cost.by_layer["L1"] == 175 + 350 + 525 + 700 + 875 + 7 * 1050 + 825 + 650 + 475 + 300 + 125


def test_a_least_bill_makes_what_costs_less_by_use_the_dearer_way(world):
    dear = HUB | {"id": "by-use", "minimum_eur_per_month": None, "prices": [p | {"amount": str(Decimal(p["amount"]) * 2)} for p in HUB["prices"]]}
    both = {"offers": [HUB, dear], "constraints": {"operators": {"only": ["t-systems"]}}}
    assert [c.offer for c in made(world, asked(world, None, ({},), **both)).choices] == ["by-use"]  # 350 a month beside 1,000
    assert {c.offer for c in made(world, asked(world, None, ({},) * 4, **both)).choices} == {"our-hub"}  # 1,400 beside 1,000


def test_later_top_ups_are_worth_less_where_money_costs_something(world):
    result = made(world, asked(world, HUB, assumptions={"cost-of-capital-per-year": "0.08"}))
    assert result.cost.present_eur < result.cost.total_eur


def test_an_offer_with_a_least_bill_does_not_stand_by(world):
    two = {"offers": [HUB, HUB | {"id": "other", "operator": "scaleway", "minimum_eur_per_month": None}]}
    result = made(world, asked(world, None, ({"standby": True},), constraints={"operators": {"only": ["t-systems", "scaleway"]}}, **two))
    assert [(c.operator, c.stands_by) for c in result.choices] == [("t-systems", False), ("scaleway", True)]


# ------------------------------------------------------------------------------------------------------ seats


def test_fewer_people_than_the_least_seats_pay_for_the_least(world):
    result = made(world, asked(world, SEATS, ({"seats": 3},)))
    line, = result.choices[0].cost_lines
    assert (line.quantity, line.amount_eur) == (60, 1200)


def test_a_year_of_seats_is_paid_whole_and_goes_on_through_its_quarters(world):
    result = made(world, asked(world, SEATS, ({"seats": 10},), horizon={"start": "2027-01-01", "months": 18, "period_months": 3}))
    held = only(result, "held:our-seats:assistant-0")
    assert result.choices[0].cost_lines == ()
    assert [(x.from_month, x.until_month, x.quantity, x.amount_eur) for x in held.cost_lines] == [(0, 12, 120, 2400), (12, None, 120, 2400)]


def test_a_year_that_is_paid_ahead_is_paid_at_its_start(world):
    two_years = {"start": "2027-07-01", "months": 24}
    result = made(world, asked(world, SEATS | {"paid_ahead": True}, ({"seats": 10},), horizon=two_years))
    assert [(x.from_month, x.until_month, x.spread, x.amount_eur) for x in result.choices[0].cost_lines] == [(0, 12, "start", 2400), (12, None, "start", 2400)]
    assert (result.cost.by_quarter["2027-Q3"], result.cost.by_quarter["2028-Q3"]) > (result.cost.by_quarter["2027-Q4"] + 2000,) * 2


def test_who_leaves_in_the_middle_of_a_term_owes_the_rest_of_it(world):
    """Left after 9 of 18 months: 3 months of the year begun at the start are left of 12, at 200 each."""
    quarters = {"start": "2027-01-01", "months": 18, "period_months": 3}
    for horizon in (quarters, {"start": "2027-01-01", "months": 18}):
        choice, = made(world, asked(world, SEATS, ({"seats": 10},), horizon=horizon)).choices
        assert [x.amount_eur for x in choice.exit_lines if x.what == "the rest of its term, owed or paid ahead"] == [600]


def test_more_people_than_are_sold_seats_need_another_offer(world):
    report = plan(world, asked(world, SEATS, ({"seats": 200},)), DAY, {})
    assert report.plan is None
    assert any("at most 150 seats" in e.reason for e in report.exclusions)


# ------------------------------------------------------------------------------------- provisioned throughput


AZURE = {"operators": {"only": ["microsoft-azure"]}}


def provisioned(world, horizon=None, **change):
    more = {} if horizon is None else {"horizon": horizon}
    return asked(world, None, ({"models": ["gpt-5"], "residency": "eea"} | change,), constraints=AZURE, **more)


def test_throughput_is_bought_in_steps_for_the_busiest_minute(world):
    """1,428.6 requests in the busiest hour, 23.8 a minute, of 2,000 + 8 x 500 = 6,000 tokens: 142,857 a minute. A unit carries 4,750, filled to
    0.7, so 3,325: 42.96 units, sold as 15 and steps of 5: 45. A year of one costs USD 2,916, and a euro buys 1.1172."""
    result = made(world, provisioned(world))
    choice, = result.choices
    line, = choice.cost_lines
    assert choice.offer == "microsoft-azure-gpt-5-provisioned-eu-year"
    assert (line.quantity, line.price, line.amount_eur) == (45 * 12, 243, (45 * Decimal(2916) / Decimal("1.1172")).quantize(Decimal("0.01")))


def test_little_traffic_pays_for_the_least_units(world):
    line, = made(world, provisioned(world, demand={"requests_per_month": 1000})).choices[0].cost_lines
    assert line.quantity == 15 * 12


def test_what_is_cached_takes_no_throughput_where_the_operator_says_so(world):
    """Half the input is cached: 1,000 + 4,000 tokens a request, 119,048 a minute over 3,325 is 35.8: 40 units."""
    line, = made(world, provisioned(world, demand={"cached_input_share": "0.5"})).choices[0].cost_lines
    assert line.quantity == 40 * 12


def test_its_cost_is_walked_down_to_units_price_and_source(world):
    result = made(world, provisioned(world))
    part = next(p for p in cost_walk(result, "assistant-0")["parts"] if p["says"] == "provisioned throughput")
    assert (part["quantity"], part["unit"], part["source"]) == (540, "throughput-unit-month", "of-azure-ptu")


# ------------------------------------------------------------------------------------------------- forged plans


@pytest.mark.parametrize("case", ["least bill", "seats", "seats paid ahead", "throughput", "throughput by the year"])
def test_a_forged_plan_is_seen(world, case):
    quarters = {"start": "2027-01-01", "months": 18, "period_months": 3}
    growing = {"requests_per_month": 600000, "ramp_months": 6}
    assessment = {
        "least bill": lambda: asked(world, HUB, ({"demand": growing}, {"parts": 2}), assumptions={"cost-of-capital-per-year": "0.08"}, horizon=quarters),
        "seats": lambda: asked(world, SEATS, ({"seats": 10},), horizon=quarters),
        "seats paid ahead": lambda: asked(world, SEATS | {"paid_ahead": True, "term_months": 8}, ({"seats": 10},), horizon=quarters),
        "throughput": lambda: provisioned(world),
        "throughput by the year": lambda: provisioned(world, horizon=quarters, demand={"growth_per_year": "0.5"}),
    }[case]()
    found = made(world, assessment)
    assert sum(c.cost_eur for c in found.choices) == found.cost.total_eur
    assert sum(found.cost.by_year.values()) == sum(found.cost.by_quarter.values()) == found.cost.total_eur
    everything = list(mutants(found))
    seen = everything[:: max(len(everything) // 60, 1)]
    assert [(path, value, forged) for path, value, forged, mutant in seen if not verify(mutant, world, assessment, DAY)] == []
