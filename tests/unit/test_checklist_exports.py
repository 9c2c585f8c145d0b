"""The checklist leaves as CSV, Markdown and calendar, and what became of it survives the next plan."""
from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import rich_report, with_text
from typer.testing import CliRunner

from planner.domain.assessment import StepRecord, Waiver
from planner.judging.waivers import holds, waiver_for
from planner.problems import Refused
from planner.reading.progress import filled_in, load_progress, progress_yaml
from planner.reporting.exports.cells import csv_text, plain_cell, safe_cell
from planner.reporting.exports.steps import COLUMNS, checklist_calendar, checklist_csv, checklist_markdown
from planner.reporting.json_report import report_json

REPORT = rich_report()


def test_every_step_is_a_task_of_the_calendar_with_its_day():
    icalendar = pytest.importorskip("icalendar")
    tasks = icalendar.Calendar.from_ical(checklist_calendar(REPORT)).walk("VTODO")
    assert [str(t["SUMMARY"]) for t in tasks] == [s.step for s in REPORT.checklist]
    assert [t["DUE"].dt for t in tasks] == [s.due for s in REPORT.checklist]
    assert len({str(t["UID"]) for t in tasks}) == len(tasks)


def test_a_task_keeps_its_name_when_the_plan_is_made_again():
    later = REPORT.model_copy(update={"provenance": REPORT.provenance.model_copy(update={"as_of": date(2027, 3, 1)})})
    names = [[line for line in checklist_calendar(r).splitlines() if line.startswith("UID")] for r in (REPORT, later)]
    assert names[0] == names[1]


@given(st.text(max_size=200))
def test_any_text_stays_one_property_of_at_most_75_octets_a_line(text):
    icalendar = pytest.importorskip("icalendar")
    hostile = with_text(REPORT, lambda old: text or "x")
    calendar = checklist_calendar(hostile)
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert len(icalendar.Calendar.from_ical(calendar).walk("VTODO")) == len(hostile.checklist)


@given(st.text(max_size=60))
def test_no_cell_is_a_formula_and_the_guard_comes_off_again(text):
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    if cell.startswith("'") and cell != "'":
        assert safe_cell(plain_cell(cell)) in (cell, plain_cell(cell))
    assert list(csv.reader(io.StringIO(csv_text([[text, "b"]]), newline=""))) == [[cell, "b"]]


def test_the_table_has_one_row_a_step_and_markdown_one_box():
    table = list(csv.reader(io.StringIO(checklist_csv(REPORT))))
    assert tuple(table[0]) == COLUMNS and len(table) == len(REPORT.checklist) + 1
    assert checklist_markdown(REPORT).count("- [") == len(REPORT.checklist)


def test_a_step_that_is_done_without_evidence_is_refused_with_its_line(tmp_path):
    (tmp_path / "c.csv").write_text("step,horizon,status,evidence\nDo it,short,done,\n")
    with pytest.raises(Refused, match="c.csv:2:4: evidence"):
        filled_in(tmp_path / "c.csv")


def test_a_status_file_reads_back_as_it_was_written(tmp_path):
    records = (StepRecord(step='a "b" # {c}: ', horizon="long", status="done", evidence="=x\ty"), StepRecord(step="z", horizon="mid"))
    (tmp_path / "s.yaml").write_text(progress_yaml(records))
    assert load_progress(tmp_path / "s.yaml") == records


def test_a_waiver_holds_until_the_day_it_expires_and_for_its_workload_only():
    waiver = Waiver(rule="r", workload="w", owner="CISO", reason="x", expires=date(2027, 1, 1))
    assert holds(waiver, date(2026, 12, 31)) and not holds(waiver, date(2027, 1, 1))
    assert waiver_for((waiver,), "r", ("w",), date(2026, 12, 1)) == waiver
    assert waiver_for((waiver,), "r", ("w", "v"), date(2026, 12, 1)) is None
    assert waiver_for((waiver,), "r", (), date(2026, 12, 1)) is None


def test_the_commands_export_and_import(tmp_path):
    from planner.cli.app import app

    run = CliRunner().invoke
    (tmp_path / "plan.json").write_text(report_json(REPORT))
    assert run(app, ["checklist", str(tmp_path / "plan.json"), "--to", "md,csv,ics", "--out", str(tmp_path)]).exit_code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "checklist.csv").read_bytes().decode("utf-8-sig"))))
    rows = [row | {"evidence": row["evidence"] or "on file"} if row["status"] == "done" else row for row in rows]
    rows[0] |= {"status": "done", "evidence": "file 17"}
    (tmp_path / "filled.csv").write_text(csv_text([COLUMNS, *(list(r.values()) for r in rows)]))
    made = run(app, ["checklist", "import", str(tmp_path / "filled.csv"), "--plan", str(tmp_path / "plan.json"), "--out", str(tmp_path / "s.yaml")])
    assert made.exit_code == 0, made.output
    first = REPORT.checklist[0]
    assert StepRecord(step=first.step, horizon=first.horizon, status="done", evidence="file 17") in load_progress(tmp_path / "s.yaml")
