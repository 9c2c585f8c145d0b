"""What leaving a choice costs: shown beside its price, half-way through its months, line by line."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from planner.planning import plan
from planner.planning.euro_walk import cost_walk
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.resources import bundled

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def planned(catalog):
    """`planned(workload, change…)`: the plan of one workload on few models, free of the bank's limits."""
    bank = assessment_data(load_assessment(bundled("assessments") / "bank.yaml", catalog))

    def of(name="triage", workload=None, horizon=None, **change):
        free = bank["constraints"] | {"budget": {}, "concentration": {}, "sovereignty": {}}
        workloads = [w | {"models": ["gemma-4-26b-a4b", "gemma-4-31b-it", "mistral-small-4"]} | (workload or {}) for w in bank["workloads"] if w["id"] == name]
        data = bank | {"workloads": workloads, "constraints": free, "horizon": {"start": "2027-01-01", "months": 36} | (horizon or {})} | change
        assessment = assessment_from_data(data, catalog)
        report = plan(catalog, assessment, DAY, assessment_data(assessment))
        assert report.plan is not None, report.headline
        return report.plan

    return of


def amounts(choice) -> dict[str, Decimal]:
    return {line.what.split(" (")[0]: line.amount_eur for line in choice.exit_lines}


def test_leaving_stands_beside_the_plan_s_cost_and_adds_up(reports):
    for name in ("bank", "ministry"):
        made = reports(name)[0].plan
        assert sum(c.cost_eur for c in made.choices) == made.cost.total_eur
        assert all(c.exit_cost_eur == sum(line.amount_eur for line in c.exit_lines) > 0 for c in made.choices if not c.stands_by)
        assert all(line.from_month == made.months // 2 for c in made.choices for line in c.exit_lines)


def test_a_metered_model_is_evaluated_anew_and_another_operator_brought_in(planned):
    choice, = planned(workload={"modes": ["api"]}).choices
    assert amounts(choice) == {
        "another model: prompts, tests, evaluation": 10000, "bringing another operator in": 15000, "egress: no charge for switching": 0,
    }
    egress = choice.exit_lines[-1]
    assert "Data Act Art. 29(1)" in egress.what and egress.source == "law-data-act" and not egress.estimate


def test_before_switching_charges_end_egress_is_not_known_and_says_so(planned):
    later, = planned(workload={"modes": ["api"]}, horizon={"start": "2026-12-01", "months": 4}).choices
    assert later.exit_lines[-1].from_month == 2 and not later.exit_lines[-1].estimate
    early, = planned(workload={"modes": ["api"]}, horizon={"start": "2026-12-01", "months": 1}).choices
    assert "not known" in early.exit_lines[-1].what and early.exit_lines[-1].estimate


def test_who_holds_open_weights_takes_the_model_along_and_is_left_with_servers(planned):
    made = planned(workload={"modes": ["on-prem"]})
    choice, = made.choices
    found = amounts(choice)
    assert "another model: prompts, tests, evaluation" not in found and "moving with the same model: prompts, tests, cut-over" in found
    group, = made.nodes
    paid = sum(line.amount_eur for line in group.cost_lines if line.capex)
    back = sum(-line.amount_eur for line in group.cost_lines if line.spread == "end")
    assert found["servers paid and not used up, less resale"] == (paid - back) * 30 / 48  # 18 of 48 months are used up
    assert not any("egress" in what for what in found)


def test_rent_that_is_committed_is_owed_to_the_end_of_its_term(planned, catalog):
    first, = planned(workload={"modes": ["vpc"]}).nodes
    machine = catalog.offers[first.offer]
    committed = machine.model_dump(mode="json", exclude_none=True) | {"term_months": 24, "name": "Committed", "id": "committed"}
    made = planned(workload={"modes": ["vpc"]}, offers=[committed], discounts={"committed": "0.5"})
    group, = made.nodes
    assert group.offer == "committed"
    found = amounts(made.choices[0])
    assert found["rent still owed to the end of its term"] == (group.cost_eur * 6 / 48).quantize(Decimal("0.01"))  # 36 months: two terms of 24


def test_texts_are_embedded_anew_at_the_choice_s_own_price(planned):
    made = planned("search", {"models": ["mistral-embed"], "modes": ["api"]})
    choice, = made.choices
    line, = (x for x in choice.exit_lines if x.what.startswith("embedding"))
    assert line.price == choice.cost_lines[0].price and line.layer == choice.cost_lines[0].layer
    fewer = planned("search", {"models": ["mistral-embed"], "modes": ["api"]}, assumptions={"reembedding-months": 6}).choices[0]
    less = next(x for x in fewer.exit_lines if x.what.startswith("embedding"))
    assert 0 < less.quantity < line.quantity


def test_a_tuned_model_is_lost_where_somebody_else_holds_its_weights(planned):
    tuned = {"tuning": {"kind": "adapter"}}
    metered = amounts(planned(workload={"modes": ["api"]} | tuned).choices[0])
    held = amounts(planned(workload={"modes": ["vpc"]} | tuned).choices[0])
    assert metered["tuning made anew for another model"] == 25000 and "tuning made anew for another model" not in held


def test_what_stands_by_has_no_exit_cost(planned):
    made = planned(workload={"standby": True})
    ready, = (c for c in made.choices if c.stands_by)
    assert ready.exit_lines == () and ready.exit_cost_eur is None


def test_explaining_a_cost_tells_what_leaving_costs_beside_it(reports):
    made = reports("bank")[0].plan
    walk = cost_walk(made, made.choices[0].workload)
    exits, = walk["leaving"]
    assert sum(p["amount_eur"] for p in exits["parts"]) == exits["amount_eur"] == made.choices[0].exit_cost_eur
    assert sum(p["amount_eur"] for p in walk["parts"]) == walk["amount_eur"]
