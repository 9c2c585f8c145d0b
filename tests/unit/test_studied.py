"""Studies given to a report: shown in every language, and refused where they speak of something else."""
from __future__ import annotations

import json

import pytest
from report_fixture import rich_report

from planner.cli.studied import with_studies
from planner.domain.market import Annexes
from planner.domain.report import Report
from planner.problems import UsageError
from planner.reporting.json_report import report_json
from planner.reporting.phrases import languages
from planner.reporting.render import render

REPORT = rich_report().model_copy(update={"annexes": Annexes()})
SCENARIOS = {
    "as_of": "2026-11-24", "today": {"cost_eur": str(REPORT.plan.cost.total_eur)}, "least_regret": "prices-fall",
    "scenarios": [{"id": "prices-fall", "name": "Prices fall <b>"}],
    "candidates": [{"plan": "today", "regret_eur": {"today": "0.00", "prices-fall": None}},
                   {"plan": "prices-fall", "regret_eur": {"today": "1200.00", "prices-fall": "0.00"}}],
}
BREAKEVEN = {
    "as_of": "2026-11-24",
    "crossings": [{"subject": "aml", "cached_share": None, "from": "api", "to": "on-prem", "above": "3", "below": "4.5", "utilisation": None, "says": ""}],
    "rows": [{"subject": s, "cached_share": None, "traffic": t, "cost_eur": {"api": "10", "on-prem": c}, "utilisation": {}, "cheapest": b}
             for s in ("aml", "portfolio") for t, c, b in (("1", None, "api"), ("10", "5.50", "on-prem"))],
}


@pytest.fixture
def file(tmp_path):
    def write(told: object, name: str = "study.json"):
        (tmp_path / name).write_text(json.dumps(told), encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize("lang", languages())
def test_both_studies_are_shown_with_a_picture_and_a_table(file, lang):
    made = with_studies(REPORT, [file(SCENARIOS), file(BREAKEVEN, "other.json")])
    page = render(made, "html", lang).decode()
    assert '<table id="annex-regret"' in page and '<table id="annex-breakeven"' in page and page.count('<img class="sheet"') >= 2
    assert "<b>" not in page and "Prices fall &lt;b&gt;" in page
    assert Report.model_validate_json(report_json(made)) == made


def test_a_plan_that_does_not_hold_in_a_future_says_so(file):
    page = render(with_studies(REPORT, [file(SCENARIOS)]), "html").decode()
    assert "does not hold" in page and "The plan made for “Prices fall &lt;b&gt;” is regretted least at worst." in page
    assert "Money-laundering alerts, first reading: up to 3 times today&#39;s traffic Metered API, from 4.5 times on On-premises." in render(
        with_studies(REPORT, [file(BREAKEVEN)]), "html").decode()


@pytest.mark.parametrize(("told", "words"), [
    ({**SCENARIOS, "as_of": "2026-01-01"}, "another day"), ({**SCENARIOS, "today": {"cost_eur": "1"}}, "is not this one"),
    ({**BREAKEVEN, "rows": [{**BREAKEVEN["rows"][0], "subject": "nobody"}]}, "workloads that this plan has not"),
    ({"as_of": "2026-11-24"}, "neither"), ([1], "not what"), ({**BREAKEVEN, "rows": [{"subject": "aml"}]}, "not what"),
    ({**SCENARIOS, "candidates": [{"plan": "today", "regret_eur": {"today": "much"}}]}, "not what"),
])
def test_a_study_of_something_else_is_refused_in_words(file, told, words):
    with pytest.raises(UsageError, match=words):
        with_studies(REPORT, [file(told)])
