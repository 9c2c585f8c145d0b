"""Five industries, five decisions: what the worked assessments are there to show is what the plan decides."""
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from planner.planning import Settings, plan
from planner.reading.assessment import assessment_data, load_assessment
from planner.reading.catalog import load_catalog

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def world():
    """The shipped catalog."""
    return load_catalog([ROOT / "catalog"])


def decided(world, name: str, change=lambda asked: asked):
    """The report of a worked assessment, after a change to what is asked."""
    asked = change(load_assessment(ROOT / "assessments" / f"{name}.yaml", world))
    return plan(world, asked, DAY, assessment_data(asked), Settings("highs", 60.0, 0.0))


def ways(report) -> dict[str, set[tuple[str, str]]]:
    """For each workload, the modes it runs in and the models that do."""
    assert report.plan is not None, report.headline
    found: dict[str, set[tuple[str, str]]] = {}
    for choice in report.plan.choices:
        found.setdefault(choice.workload, set()).add((choice.mode, choice.model))
    return found


def modes(report, workload: str) -> set[str]:
    return {mode for mode, _ in ways(report)[workload]}


def with_workload(name: str, **changes):
    """A change of one workload of an assessment."""
    def change(asked):
        return asked.model_copy(update={"workloads": tuple(w.model_copy(update=changes) if w.id == name else w for w in asked.workloads)})
    return change


def test_office_work_joins_the_server_that_secrets_need_and_is_metered_without_it(world):
    whole = decided(world, "semiconductor")
    alone = decided(world, "semiconductor", lambda a: a.model_copy(update={"workloads": tuple(w for w in a.workloads if w.id == "office")}))
    assert all(modes(whole, w) == {"on-prem"} for w in ("design-notes", "root-cause", "control-code", "office"))
    assert modes(alone, "office") == {"api"}


def test_a_tuned_model_has_open_weights_and_replicas_of_its_own_which_the_untuned_work_shares(world):
    made = decided(world, "automotive-crash")
    for workload in ("crash-reading", "variant-proposals"):
        assert modes(made, workload) == {"vpc"}
        assert all(world.licences[world.models[model].licence.value].weights_available for _, model in ways(made)[workload])
    assert modes(made, "solver-code") == {"vpc"}


def test_part_records_fill_the_server_that_suppliers_prices_need(world):
    made = decided(world, "automotive-bom")
    assert modes(made, "should-cost") == modes(made, "part-records") == {"on-prem"}


def test_no_model_known_to_read_italian_is_good_enough_and_reaches_seal_2(world):
    made = decided(world, "automotive-bom", with_workload("should-cost", min_seal=2))
    assert made.outcome == "no-plan" and made.conflict is not None


def test_a_bank_whose_people_ask_little_pays_by_use_and_not_by_the_seat(world):
    made = decided(world, "bank-productivity")
    assert modes(made, "staff") == {"api"}
    assert modes(made, "payment-alerts") == {"on-prem"}
    assert all(world.offers[choice.offer].kind != "seats" for choice in made.plan.choices)


def test_research_that_must_be_explained_runs_on_published_models_in_the_institute(world):
    made = decided(world, "research")
    for workload in ("explainability", "grant-abstracts"):
        assert all(mode == "on-prem" and model.startswith("apertus") for mode, model in ways(made)[workload])


def test_a_page_of_the_gallery_is_what_its_assessment_gives_today():
    from make_gallery import page

    assert page("research") == (ROOT / "docs" / "gallery" / "research.md").read_text(encoding="utf-8"), "run: python tests/make_gallery.py"
