"""What a terminal shows: it fits, and nothing in the text steers it."""
from __future__ import annotations

import io

import pytest
from report_fixture import CHECKLIST, law_reading, no_plan_report, rich_report, scorecard, with_text
from rich.console import Console

from planner.reporting.terminal import show, show_checklist, show_conflict, show_law, show_scorecard


def shown(draw, width: int = 90, **options) -> str:
    file = io.StringIO()
    draw(Console(file=file, width=width, highlight=False, **options))
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 100])
def test_a_bank_fits_a_screen(width):
    lines = shown(lambda c: show(rich_report(), c), width).splitlines()
    assert len(lines) <= 55 and max(map(len, lines)) <= width


def test_a_plan_shows_its_conditions_first_and_marks_estimates():
    said = shown(lambda c: show(rich_report(), c)).replace("\u00a0", " ")
    assert said.index("on condition") < said.index("Workload") < said.index("Cost by layer") < said.index("Next steps")
    assert "€298,700 *" in said and "* (estimate)" in said and "1/?" in said
    assert "Law: 1 not met, 2 not known, 1 upcoming, 2 met" in said  # each rule once, of however many workloads


def test_no_plan_shows_the_conflict_and_its_repairs():
    for said in (shown(lambda c: show(no_plan_report(), c)), shown(lambda c: show_conflict(no_plan_report(), c))):
        assert "every workload reaches SEAL-4" in said and "raise the budget" in said


def test_a_scorecard_shows_the_range_and_what_remains():
    said = shown(lambda c: show_scorecard(scorecard(), c))
    assert "3.6 to 8.2 out of 10" in said and "SOV-5.1" in said and "SOV-4 Operational sovereignty" in said and "not known" in said


def test_a_checklist_shows_when_who_and_why():
    said = shown(lambda c: show_checklist(CHECKLIST, c))
    assert "15 January 2027 · Procurement" in said and "Short term: 2 steps" in said and "(done)" in said
    assert "Nothing is to be done" in shown(lambda c: show_checklist([], c))


def test_the_law_shows_unknown_classes_as_not_known():
    said = shown(lambda c: show_law(law_reading(), c))
    assert "transparency  not known" in said and "ai-act-annex3" in said and "which are not law" in said


def test_markup_and_control_codes_stay_letters():
    hostile = with_text(rich_report(), lambda old: "[bold red]x[/] :smile: \x1b[31m\x07\u202e" + old)
    for options in ({}, {"force_terminal": True, "no_color": True}):
        said = shown(lambda c: show(hostile, c), 100, **options)
        assert "[bold red]x[/] :smile: ‹U+001B›[31m" in said
        assert not {"\x07", "\u202e"} & set(said) and "\x1b[31m" not in said


def test_a_screen_without_colour_gets_none():
    assert "\x1b" not in shown(lambda c: show(rich_report(), c))
