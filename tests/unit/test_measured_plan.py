"""A plan rests on what the organisation measured of its own replicas, says so, and is checked by the same measurement."""
from __future__ import annotations

from datetime import date

from planner.planning.story import plan, recheck
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.resources import bundled
from planner.verify import verify

DAY = date(2026, 11, 24)
MODEL = "gemma-4-26b-a4b"


def _reading_of_alerts(world, **more):
    """The bank's money-laundering alerts alone, on one model."""
    data = assessment_data(load_assessment(bundled("assessments") / "bank.yaml", world))
    alerts = next(w for w in data["workloads"] if w["id"] == "aml")
    return assessment_from_data(data | {"workloads": [alerts | {"models": [MODEL]}]} | more, world)


def _planned(world, assessment):
    return plan(world, assessment, DAY, assessment_data(assessment))


def test_a_plan_rests_on_what_the_organisation_measured_and_says_so():
    world = load_catalog([bundled("catalog")])
    by_physics = _planned(world, _reading_of_alerts(world)).plan.choices[0]
    stated = {
        "model": MODEL, "accelerator": by_physics.hardware, "precision": by_physics.precision, "tensor_parallel": by_physics.tensor_parallel,
        "requests_per_hour": by_physics.size.requests_per_hour * 2,
    }
    assessment = _reading_of_alerts(world, measured=[stated])
    report = _planned(world, assessment)
    choice = report.plan.choices[0]
    assert (choice.hardware, choice.tensor_parallel) == (by_physics.hardware, by_physics.tensor_parallel)
    assert choice.size.requests_per_hour == stated["requests_per_hour"] and choice.load < by_physics.load
    assert "measured by the organisation" in choice.size.rests_on and not by_physics.size.rests_on
    assert not recheck(report, world, assessment)
    assert verify(report.plan, world, _reading_of_alerts(world), DAY)  # without the measurement the same plan does not hold
