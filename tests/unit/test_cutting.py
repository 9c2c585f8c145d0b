"""What leaving a party costs: planned again without it, once for each party, and not known where nothing can be planned."""
from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

from sovereignty_world import assessment, world

from planner.domain.plan import Plan
from planner.judging.paradox import Change, Left
from planner.problems import NotProved
from planner.studies.cutting import leaving, without

CHANGE = Change("SOV-2.2", 2, "Scaleway")


def _plan(total: int, operator: str = "scaleway") -> Plan:
    return Plan.model_construct(
        choices=(SimpleNamespace(operator=operator, model="test-model"),), cost=SimpleNamespace(total_eur=Decimal(total)), months=36,
    )


def test_the_difference_is_by_the_month_and_each_party_is_planned_for_once():
    asked = []

    def replan(changed):
        asked.append(changed)
        return _plan(136_000), None

    resolve = leaving(_plan(100_000), assessment(), world(), replan)
    assert resolve(CHANGE) == resolve(Change("SOV-1.1", 3, "Scaleway")) == Left(Decimal(1000))
    assert len(asked) == 1 and asked[0].constraints.operators.exclude == asked[0].constraints.vendors.exclude == ("scaleway",)


def test_leaving_can_be_cheaper():
    assert leaving(_plan(100_000), assessment(), world(), lambda changed: (_plan(64_000), None))(CHANGE) == Left(Decimal(-1000))


def test_no_plan_no_proof_and_a_stranger_cost_nobody_knows_what():
    def unproved(changed):
        raise NotProved("limit")

    plan = _plan(100_000)
    assert leaving(plan, assessment(), world(), lambda changed: None)(CHANGE) is None
    assert leaving(plan, assessment(), world(), unproved)(CHANGE) is None
    for stranger in ("Nobody", "IONOS Cloud"):  # unknown, and known but not in the plan
        assert leaving(plan, assessment(), world(), lambda changed: (_plan(1), None))(Change("SOV-2.2", 2, stranger)) is None


def test_what_was_shut_out_before_stays_out():
    once = without(assessment(constraints={"operators": {"exclude": ["aws"]}}), "scaleway")
    assert once.constraints.operators.exclude == ("aws", "scaleway") and once.constraints.vendors.exclude == ("scaleway",)
