"""The roadmap: everything that begins, ends or has to be ready within the horizon stands on its day, with who has to act and by when."""
from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from report_fixture import with_text
from typer.testing import CliRunner

from planner.domain.assessment import Waiver
from planner.domain.base import Figure
from planner.domain.catalog import Price, PriceUnit
from planner.domain.overlay import laid_over
from planner.domain.roadmap import RoadmapEntry
from planner.planning.roadmap import law_roadmap, plan_roadmap
from planner.planning.story import recheck
from planner.quantities import add_months
from planner.reporting.render import render
from planner.reporting.roadmap_drawing import draw_roadmap

AS_OF = date(2026, 11, 24)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def planned(reports, catalog):
    report, assessment = reports("bank")
    return report, assessment, laid_over(catalog, assessment)


def made_with(planned, **changes):
    """The roadmap of the plan in a world, or under an assessment, that differs."""
    report, assessment, world = planned
    fields = {name: getattr(world, name) for name in type(world).model_fields}
    other = type(world).model_construct(**{**fields, **{k: {**fields[k], **v} for k, v in changes.items() if k != "waivers"}})
    assessment = assessment.model_copy(update={"waivers": changes.get("waivers", ())})
    return plan_roadmap(report.plan, report.findings, report.checklist, assessment, other, AS_OF)


def test_every_duty_that_begins_within_the_horizon_stands_on_its_day(planned):
    report, assessment, world = planned
    coming = {(f.rule, f.applies_from) for f in report.findings
              if f.timing == "upcoming" and f.law_status != "proposal" and world.rules[f.rule].kind != "classification"}
    assert coming and {(e.rule, e.day) for e in report.roadmap if e.kind == "duty"} == coming


def test_nothing_stands_before_the_planning_day_or_after_the_horizon(planned):
    report, assessment, _ = planned
    end = add_months(assessment.horizon.start, assessment.horizon.months)
    assert all(AS_OF <= e.day and (e.day <= end or e.kind == "ready") for e in report.roadmap)
    assert list(report.roadmap) == sorted(report.roadmap, key=lambda e: e.day)


def test_every_step_that_is_not_done_is_on_the_roadmap_with_its_owner(planned):
    report, _, _ = planned
    on_it = {(owner, step) for e in report.roadmap for step in e.steps for owner in e.owners}
    assert {(s.owner, s.step) for s in report.checklist if s.status != "done"} <= on_it


def test_a_duty_says_by_when_its_longest_step_has_to_begin_and_whether_that_is_past(planned):
    report, _, world = planned
    for e in report.roadmap:
        if e.kind == "duty" and e.steps:
            assert e.weeks == max(step.weeks for step in world.rules[e.rule].steps) and e.begin_by == e.day - timedelta(weeks=e.weeks)
        assert e.late == (e.begin_by is not None and e.begin_by < AS_OF)


def test_models_and_offers_that_end_and_prices_that_change_are_told(planned):
    report, _, world = planned
    choice = report.plan.choices[0]
    model, offer = world.models[choice.model], world.offers[choice.offer]
    ends = Figure[str](value="2027-06", source="own-assumption", date="2026-11")
    price = Price(unit=PriceUnit.ONCE, amount=1, currency="EUR", valid_from="2027-09-01", source="own-assumption", date="2026-11")
    changed = made_with(
        planned, models={model.id: model.model_copy(update={"retires": ends, "successor": "The next one"})},
        offers={offer.id: offer.model_copy(update={"available_until": "2028", "term_months": 12, "prices": (*offer.prices, price)})},
        waivers=(Waiver(rule="gdpr-35-dpia", owner="Data protection officer", reason="a pilot", expires=date(2027, 3, 1)),),
    )
    told = {e.kind: e for e in changed if e.kind not in ("duty", "duty-ends", "ready")}
    assert {kind: e.day for kind, e in told.items()} == {
        "model-retires": date(2027, 6, 1), "offer-ends": date(2028, 1, 1), "term-ends": date(2028, 1, 1), "price": date(2027, 9, 1),
        "waiver": date(2027, 3, 1),
    }
    assert told["model-retires"].detail == "The next one" and choice.workload in told["offer-ends"].workloads


def test_taking_a_fact_away_takes_no_duty_off_the_roadmap(catalog):
    from planner.judging.law import law_of_facts

    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "roles.deployer": True, "wl.annex3_point": "5b", "wl.profiling": True,
             "org.places_digital_product": True, "wl.type_on_market_before_hr_date": False}

    def duties(known):
        found = law_roadmap(law_of_facts(known, catalog, AS_OF).obligations, catalog, AS_OF, date(2030, 12, 31))
        return {e.rule for e in found if e.kind == "duty" and catalog.rules[e.rule].kind in ("obligation", "prohibition")}

    whole = duties(facts)
    assert {"ai-act-27-fria", "cra-13-essential"} <= whole
    for name in facts:
        assert whole <= duties({k: v for k, v in facts.items() if k != name}), name


def test_a_roadmap_that_was_changed_by_hand_is_found(planned, catalog):
    report, assessment, _ = planned
    assert recheck(report, catalog, assessment) == ()
    changed = report.model_copy(update={"roadmap": report.roadmap[1:]})
    assert recheck(changed, catalog, assessment) == ("roadmap: it is not what follows from the plan",)
    assert recheck(report.model_copy(update={"roadmap": ()}), catalog, assessment) == ()  # a plan of an older version has none


@pytest.mark.parametrize("lang", ["en", "fr", "de", "ja"])
def test_the_drawing_says_every_entry_in_words(planned, lang):
    report, assessment, _ = planned
    root = ET.fromstring(draw_roadmap(report.roadmap, AS_OF, assessment.horizon.start, lang))
    assert root.attrib["role"] == "img" and len(root.find(f"{SVG}desc").text.split("; ")) >= len(report.roadmap)


def test_hostile_text_stays_text_in_the_drawing():
    entries = tuple(RoadmapEntry(day=date(2027, 1, n), kind="price", what="<script>x</script>\u202e", detail="a") for n in range(1, 9))
    root = ET.fromstring(draw_roadmap(entries, AS_OF, date(2027, 1, 1)))
    assert not list(root.iter(f"{SVG}script")) and "\u202e" not in ET.tostring(root, encoding="unicode")


def test_page_and_markdown_show_the_roadmap_and_a_report_without_one_does_not(planned):
    report, _, _ = planned
    for to in ("html", "md"):
        assert "The roadmap" in render(report, to).decode()
        assert "The roadmap" not in render(report.model_copy(update={"roadmap": ()}), to).decode()
    assert with_text(report, lambda old: "x" + old).roadmap


def test_the_law_command_tells_the_roadmap_to_2030(tmp_path):
    from planner.cli.app import app

    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "roles.deployer": True, "wl.annex3_point": "5b", "wl.profiling": True}
    (tmp_path / "f.yaml").write_text(json.dumps({"facts": facts}))
    shown = json.loads(CliRunner().invoke(app, ["law", str(tmp_path / "f.yaml"), "--as-of", "2026-11-24", "--json"]).stdout)["roadmap"]
    assert {e["day"] for e in shown if e["rule"] == "ai-act-27-fria"} == {"2027-12-02"} and max(e["day"] for e in shown) <= "2030-12-31"
    text = CliRunner().invoke(app, ["law", str(tmp_path / "f.yaml"), "--as-of", "2026-11-24"]).stdout
    assert "Roadmap to 31 December 2030" in text and "2 December 2027" in text
