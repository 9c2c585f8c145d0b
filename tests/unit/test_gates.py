"""Gates, waivers and what a pipeline reads: SARIF valid by its schema, annotations that hostile text cannot break."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import rich_report
from typer.testing import CliRunner

from planner.domain.assessment import Assessment, Waiver
from planner.planning.gates import GATES, Alert, alerts, closed
from planner.reporting.exports.pipeline import annotations, comment, sarif

REPORT = rich_report()
SCHEMA = json.loads((Path(__file__).parent.parent / "schemas" / "sarif-2.1.0.json").read_text())
ASKED = Assessment.model_validate({
    "name": "A", "organisation": {"name": "O", "sector": "banking", "country": "DE"}, "horizon": {"start": date(2027, 1, 1)},
    "workloads": [{"id": "assistant", "name": "W", "task": "chat", "demand": {"requests_per_month": 1}, "min_seal": 4}],
})


def waived(rule: str, expires: date, workload: str | None = None) -> Assessment:
    waiver = Waiver(rule=rule, workload=workload, owner="CISO", reason="agreed", expires=expires)
    return ASKED.model_copy(update={"waivers": (waiver,)})


def test_a_waiver_of_a_gate_opens_it_in_the_open_until_it_expires():
    assert closed("stale", REPORT, ASKED) and closed("seal", REPORT, ASKED) and closed("budget", REPORT, ASKED)
    held = waived("stale", date(2027, 1, 1))
    assert not closed("stale", REPORT, held) and alerts("stale", REPORT, held)[0].waiver.owner == "CISO"
    lapsed = waived("stale", REPORT.provenance.as_of)
    assert closed("stale", REPORT, lapsed) and closed("expired-waiver", REPORT, lapsed)


def test_no_waiver_covers_that_a_waiver_has_expired():
    both = ASKED.model_copy(update={"waivers": waived("stale", date(2020, 1, 1)).waivers + waived("expired-waiver", date(2030, 1, 1)).waivers})
    assert closed("expired-waiver", REPORT, both)


def test_the_log_of_every_gate_is_valid_sarif():
    jsonschema = pytest.importorskip("jsonschema")
    found = [a for gate in GATES for a in alerts(gate, REPORT, waived("stale", date(2030, 1, 1)))]
    log = sarif(found, REPORT, "a b/ü.yaml", {None: 1, "assistant": 7})
    jsonschema.validate(log, SCHEMA)
    assert len(log["runs"][0]["results"]) == len(found) > 5
    assert any("suppressions" in r for r in log["runs"][0]["results"])


@given(st.text(min_size=1, max_size=80))
def test_an_annotation_is_one_line_whatever_it_says(text):
    out = annotations([Alert("stale", "r", text, "error", "w")], text, {})
    assert len(out.splitlines()) == 1 and out.startswith("::error file=") and out.count("::") >= 2


def test_more_alerts_than_are_shown_are_counted():
    out = annotations([Alert("stale", "r", str(n), "error") for n in range(30)], "f", {}).splitlines()
    assert len(out) == 10 and "and 21 more" in out[-1]


def test_the_comment_names_each_gate_and_who_answers():
    held = waived("stale", date(2030, 1, 1))
    text = comment(REPORT, {gate: alerts(gate, REPORT, held) for gate in GATES})
    assert text.startswith("<!-- sovplan -->") and "Waived by CISO until 2030" in text and all(f"| {gate} |" in text for gate in GATES)


def test_an_unknown_gate_is_refused_with_the_nearest_name():
    from planner.cli.app import app

    result = CliRunner().invoke(app, ["plan", "x.yaml", "--fail-on", "stael"])
    assert "did you mean 'stale'" in str(result.exception)
