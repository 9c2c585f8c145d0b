"""Carbon that nobody knows is never read as none."""
from __future__ import annotations

from datetime import date

import pytest

from planner.domain.assessment import Assessment
from planner.planning import plan
from planner.reading.assessment import assessment_data


def asked(**constraints):
    return Assessment.model_validate({
        "sha256": "0" * 64, "name": "x", "horizon": {"start": "2027-01-01", "months": 12},
        "organisation": {"name": "x", "sector": "other", "country": "FR", "sites": [{"id": "room", "name": "room", "country": "FR"}]},
        "workloads": [{"id": "one", "name": "One", "task": "classification", "quality": {"tier": "basic"}, "demand": {"requests_per_month": 1000}}],
        "constraints": constraints,
    })


@pytest.fixture(scope="module")
def capped(catalog):
    assessment = asked(max_carbon_kg=100000)
    return plan(catalog, assessment, date(2026, 11, 24), assessment_data(assessment))


def test_under_a_cap_on_carbon_only_ways_whose_carbon_is_known_are_open(capped):
    assert {c.mode for c in capped.plan.choices} == {"on-prem"}
    assert any(e.rule == "carbon-not-known" for e in capped.exclusions)


def test_without_a_cap_a_metered_way_may_be_cheaper(catalog):
    assessment = asked()
    assert {c.mode for c in plan(catalog, assessment, date(2026, 11, 24), assessment_data(assessment)).plan.choices} != {"on-prem"}


def test_a_cap_nobody_can_keep_is_the_conflict(catalog):
    assessment = asked(max_carbon_kg=1)
    report = plan(catalog, assessment, date(2026, 11, 24), assessment_data(assessment))
    assert report.outcome == "no-plan" and [d.name for d in report.conflict.demands] == ["carbon"]
