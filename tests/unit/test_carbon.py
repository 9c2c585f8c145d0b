"""Carbon that nobody knows is never read as none; what is known of it adds up, and says what it rests on."""
from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal

import pytest

from typer.testing import CliRunner

from planner.cli.app import app
from planner.domain.assessment import Assessment
from planner.planning import plan
from planner.reading.assessment import assessment_data
from planner.reporting.json_report import report_json
from planner.verify import verify

DAY = date(2026, 11, 24)
MODELS = ["ministral-3-14b", "mistral-medium-3-5"]


def asked(residency="eea", objective=("cost", "sovereignty"), models=MODELS, **constraints):
    return Assessment.model_validate({
        "sha256": "0" * 64, "name": "x", "horizon": {"start": "2027-01-01", "months": 12}, "objective": list(objective),
        "organisation": {"name": "x", "sector": "other", "country": "FR", "sites": [{"id": "room", "name": "room", "country": "FR"}]},
        "workloads": [{"id": "one", "name": "One", "task": "classification", "quality": {"tier": "basic"}, "models": list(models),
                       "demand": {"requests_per_month": 100000}, "residency": residency}],
        "constraints": constraints,
    })


def planned(catalog, assessment):
    return plan(catalog, assessment, DAY, assessment_data(assessment))


@pytest.fixture
def without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ecologits", None)


def test_under_a_cap_on_carbon_only_ways_whose_carbon_is_known_are_open(catalog, without_the_extra):
    capped = planned(catalog, asked("anywhere", max_carbon_kg=100000))
    assert {c.mode for c in capped.plan.choices} <= {"on-prem", "vpc", "mistral-compute"}
    assert any(e.rule == "carbon-not-known" for e in capped.exclusions)


def test_without_a_cap_a_metered_way_may_be_cheaper(catalog, without_the_extra):
    made = planned(catalog, asked("anywhere")).plan
    assert {c.mode for c in made.choices} == {"api"} and made.cost.carbon_kg is None


def test_a_cap_nobody_can_keep_is_the_conflict(catalog, without_the_extra):
    report = planned(catalog, asked(max_carbon_kg=1))
    assert report.outcome == "no-plan" and [d.name for d in report.conflict.demands] == ["carbon"]


def test_rented_machines_emit_by_their_accelerators_the_building_and_the_grid(catalog, without_the_extra):
    made = planned(catalog, asked(modes={"only": ["vpc"]})).plan
    group, = made.nodes
    offer, site = catalog.offers[group.offer], catalog.sites[group.site][0]
    grid = catalog.countries[site.country].grid_g_per_kwh.value
    watts = offer.accelerators * catalog.accelerators[offer.accelerator].power_w.value * (site.pue.value if site.pue else Decimal("1.4"))
    kilos = watts * 730 * 12 * grid / 10**6 * group.nodes
    assert abs(group.carbon_kg - kilos) <= group.nodes * 2
    assert made.cost.carbon_kg == sum(c.carbon_kg for c in made.choices) == group.carbon_kg
    assert "estimate" in made.choices[0].carbon_source


def test_bought_machines_emit_by_their_servers_and_say_so(catalog, without_the_extra):
    made = planned(catalog, asked(modes={"only": ["on-prem"]})).plan
    assert made.cost.carbon_kg == sum(g.carbon_kg for g in made.nodes) > 0
    assert made.choices[0].carbon_source == "watts of the servers, PUE and grid: operation alone"


def test_metered_answers_count_by_the_estimate_where_carbon_counts(catalog, monkeypatch):
    ecologits = pytest.importorskip("ecologits")
    assessment = asked("anywhere", max_carbon_kg=100000, modes={"only": ["api"]})
    report = planned(catalog, assessment)
    choice, = report.plan.choices
    assert choice.carbon_kg >= 1 and ecologits.__version__ in choice.carbon_source and report.plan.cost.carbon_kg == choice.carbon_kg
    assert any(e.rule == "carbon-not-known" for e in report.exclusions)  # other services of the same models
    less = report.plan.model_copy(update={"choices": (choice.model_copy(update={"carbon_kg": choice.carbon_kg - 1}),)})
    assert verify(less, catalog, assessment, DAY)
    monkeypatch.setitem(sys.modules, "ecologits", None)
    said = verify(report.plan, catalog, assessment, DAY)
    assert any("needs the extra impact" in words for words in said)


def test_least_carbon_first_never_emits_more_than_least_cost_first(catalog, without_the_extra):
    clean, cheap = (planned(catalog, asked(objective=aims, modes={"only": ["vpc", "on-prem"]})).plan for aims in (("carbon", "cost"), ("cost",)))
    assert clean.cost.carbon_kg <= cheap.cost.carbon_kg and clean.cost.total_eur >= cheap.cost.total_eur


def test_explaining_carbon_says_what_each_figure_rests_on_and_keeps_what_makers_say_apart(reports, tmp_path):
    report, _ = reports("ministry")
    (tmp_path / "plan.json").write_text(report_json(report), encoding="utf-8")
    shown = CliRunner().invoke(app, ["explain", str(tmp_path / "plan.json"), "carbon", "--json"], catch_exceptions=False)
    told = json.loads(shown.stdout)
    assert Decimal(told["carbon_kg"]) == sum(Decimal(c["carbon_kg"]) for c in told["choices"]) == report.plan.cost.carbon_kg
    assert all(c["carbon_source"] for c in told["choices"]) and "never part of it" in told["read_it"]
