"""No green on silence: whoever says nothing is told nothing good."""
from __future__ import annotations

from datetime import date

import pytest

from planner.domain.assessment import Assessment
from planner.domain.catalog import Party
from planner.judging.law import law_of_facts
from planner.judging.sovereignty import Scorer
from planner.planning import plan
from planner.reading.assessment import assessment_data

AS_OF = date(2026, 11, 24)


@pytest.fixture(scope="module")
def silent(catalog):
    """The plan of an organisation that says only what it must."""
    assessment = Assessment.model_validate({
        "sha256": "0" * 64,
        "name": "Silent", "organisation": {"name": "Silent", "sector": "other", "country": "FR"}, "horizon": {"start": "2027-01-01", "months": 12},
        "workloads": [{"id": "one", "name": "One", "task": "classification", "demand": {"requests_per_month": 1000}}],
    })
    return plan(catalog, assessment, AS_OF, assessment_data(assessment))


def test_a_silent_organisation_gets_a_conditional_plan_and_its_first_line_says_so(silent):
    assert all(choice.conditional_on for choice in silent.plan.choices)
    assert silent.headline[0].startswith("This plan holds on condition")
    assert silent.questions


def test_a_silent_organisation_is_never_found_to_have_met_what_forbids(silent):
    assert not [f for f in silent.findings if f.status == "met" and f.severity == "forbids" and f.act_by == "customer" and not f.facts]


def test_the_assumptions_that_stood_in_for_silence_are_listed(silent):
    assert {a.name for a in silent.plan.assumptions} >= {"peak-factor", "growth-per-year", "input-tokens-classification"}


def test_a_silent_organisation_is_not_called_sovereign(silent):
    assert silent.scorecard.overall.seal.proven == 0 and "sovereign" not in silent.scorecard.overall.label


def test_an_operator_of_whom_nothing_is_known_is_seal_0_proven_with_48_factors_unknown(catalog):
    card = Scorer(None, catalog).party_scorecard(Party(id="nobody", name="Nobody", kinds=("operator",)))
    assert card.overall.seal.proven == 0 and len(card.unknown) == 48 and card.overall.coverage_percent == 0


@pytest.mark.parametrize("facts", [{}, {"wl.is_ai_system": True}, {"ev.dpia_done": True}])
def test_no_answer_and_one_answer_clear_no_class_and_no_duty(catalog, facts):
    reading = law_of_facts(facts, catalog, AS_OF)
    assert reading.classes["prohibited"] is None and reading.classes["high_risk"] is None
    forbidding = [o for o in reading.obligations if o.severity == "forbids"]
    assert forbidding and not [o for o in forbidding if o.status == "met"]
