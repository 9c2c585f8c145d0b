"""Runs the calendar of timeline.yaml: upcoming on the day before, in force on the day, and any day from 2025 to 2030 can be asked."""
from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from law_catalog import law_catalog
from typer.testing import CliRunner

from planner.judging.law import law_of_facts
from planner.reading.strict_yaml import read

SPEC = read(Path(__file__).with_name("timeline.yaml")).data
CASES = SPEC["cases"]


def name(case) -> str:
    return f"{case['day']} {case['what']}"


def told(case, day: date) -> dict:
    """Rule -> finding, on a day."""
    facts = {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in {**SPEC["usual"], **case.get("facts", {})}.items()}
    return {finding.rule: finding for finding in law_of_facts(facts, law_catalog(), day).obligations}


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_duty_is_upcoming_on_the_day_before_and_in_force_on_the_day(case):
    day = date.fromisoformat(str(case["day"]))
    before, on = told(case, day - timedelta(days=1)), told(case, day)
    assert {rule: (before[rule].timing, before[rule].applies_from) for rule in case["starts"]} == {r: ("upcoming", day) for r in case["starts"]}
    assert {rule: on[rule].timing for rule in case["starts"]} == {r: "in-force" for r in case["starts"]}
    for rule in case.get("ends", ()):
        assert before[rule].timing == "in-force" and rule not in on


@pytest.mark.parametrize("case", [c for c in CASES if "none_before" in c], ids=name)
def test_nothing_of_an_instrument_is_in_force_before_its_first_day(case):
    quiet = case["none_before"]
    found = told(case, date.fromisoformat(str(quiet["until"]))).values()
    rules = law_catalog().rules
    assert not [f.rule for f in found if f.timing == "in-force" and rules[f.rule].instrument.startswith(quiet["instrument"])]


def test_on_every_first_of_a_month_from_2025_to_2030_what_is_in_force_only_grows_or_ends():
    case = next(c for c in CASES if c["what"].startswith("Listed high-risk uses, duties of those who use"))
    rules, seen = law_catalog().rules, set()
    for month in range(72):
        day = date(2025 + month // 12, month % 12 + 1, 1)
        found = told(case, day)
        now = {rule for rule, finding in found.items() if finding.timing == "in-force"}
        assert all((finding.applies_from <= day) == (finding.timing == "in-force") for finding in found.values())
        assert all(rules[rule].applies_until is not None and rules[rule].applies_until <= day for rule in seen - now)
        seen = now


def test_the_command_reads_the_law_of_any_day(tmp_path):
    from planner.cli.app import app

    case = next(c for c in CASES if c["what"] == "Intimate imagery without consent is banned")
    (tmp_path / "facts.yaml").write_text(json.dumps({"facts": {**SPEC["usual"], **case["facts"]}}))
    timings = []
    for day in ("2026-12-01", "2026-12-02"):
        shown = json.loads(CliRunner().invoke(app, ["law", str(tmp_path / "facts.yaml"), "--as-of", day, "--json"]).stdout)
        timings += [o["timing"] for o in shown["obligations"] if o["rule"] == "ai-act-5-1-ba"]
    assert timings == ["upcoming", "in-force"]
