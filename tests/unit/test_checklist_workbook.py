"""The checklist leaves as a workbook, is filled in there, and comes back with every bad row named."""
from __future__ import annotations

import io
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_fixture import rich_report, with_text
from typer.testing import CliRunner

from planner.cli.app import app
from planner.domain.assessment import StepRecord
from planner.problems import Exit, MissingExtra, Refused
from planner.reading.progress import filled_in, load_progress
from planner.reporting.exports.steps import COLUMNS
from planner.reporting.exports.steps_sheet import checklist_xlsx
from planner.reporting.json_report import report_json
from planner.reporting.phrases import languages, phrases
from planner.reporting.workbook import xlsx

openpyxl = pytest.importorskip("openpyxl", reason="the extra `xlsx` is not installed")
pytest.importorskip("xlsxwriter", reason="the extra `xlsx` is not installed")

REPORT = rich_report()
FIRST = REPORT.checklist[0]
STATUS, EVIDENCE = COLUMNS.index("status") + 1, COLUMNS.index("evidence") + 1


def _sheet(data: bytes, name: str | None = None):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book, book[name] if name else book.worksheets[0]


def _refused(path) -> str:
    with pytest.raises(Refused) as refused:
        filled_in(path)
    return str(refused.value)


def test_the_sheet_filters_and_its_status_is_picked_from_a_list():
    _, sheet = _sheet(checklist_xlsx(REPORT))
    assert tuple(cell.value for cell in sheet[1]) == COLUMNS and sheet.max_row == len(REPORT.checklist) + 1
    (table,) = sheet.tables.values()
    assert table.autoFilter.ref == table.ref == sheet.dimensions
    (picked,) = sheet.data_validations.dataValidation
    assert picked.formula1 == '"open,in-progress,done"' and picked.showErrorMessage
    assert {cell.coordinate for (cell,) in sheet[str(picked.sqref)]} == {f"K{n}" for n in range(2, sheet.max_row + 1)}
    assert [cell.value.date() for (cell,) in sheet.iter_rows(2, min_col=8, max_col=8)] == [s.due for s in REPORT.checklist]


def test_what_was_filled_in_comes_back_by_the_commands_and_an_open_row_takes_the_record_away(tmp_path):
    run = CliRunner().invoke
    plan, made, status = tmp_path / "plan.json", tmp_path / "checklist.xlsx", tmp_path / "s.yaml"
    plan.write_text(report_json(REPORT))
    assert run(app, ["checklist", str(plan), "--to", "xlsx", "--out", str(tmp_path)]).exit_code == 0
    book, sheet = _sheet(made.read_bytes())
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, STATUS, "open"), sheet.cell(row, EVIDENCE).__setattr__("value", None)
    sheet.cell(2, STATUS, "done"), sheet.cell(2, EVIDENCE, 17)
    book.save(made)
    assert run(app, ["checklist", "import", str(made), "--plan", str(plan), "--out", str(status)]).exit_code == 0
    assert load_progress(status) == (StepRecord(step=FIRST.step, horizon=FIRST.horizon, status="done", evidence="17"),)
    sheet.cell(2, STATUS, "open"), sheet.cell(2, EVIDENCE).__setattr__("value", None)
    book.save(made)
    assert run(app, ["checklist", "import", str(made), "--plan", str(plan), "--out", str(status)]).exit_code == 0
    assert load_progress(status) == ()


@pytest.mark.parametrize("lang", languages())
def test_the_checklist_in_a_report_of_any_language_comes_back_too(tmp_path, lang):
    p = phrases(lang)
    book, sheet = _sheet(xlsx(REPORT, lang, "all"), p("sheet.checklist"))
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, heads[p("column.status")], "in-progress")
    book.save(tmp_path / "report.xlsx")
    (tmp_path / "plan.json").write_text(report_json(REPORT))
    told = CliRunner().invoke(app, ["checklist", "import", str(tmp_path / "report.xlsx"), "--plan", str(tmp_path / "plan.json"),
                                    "--out", str(tmp_path / "s.yaml")])
    assert told.exit_code == 0, told.output
    assert {(r.step, r.horizon) for r in load_progress(tmp_path / "s.yaml")} == {(s.step, s.horizon) for s in REPORT.checklist}


def test_each_bad_row_is_named_by_its_number(tmp_path):
    book, sheet = _sheet(checklist_xlsx(REPORT))
    sheet.delete_rows(2, sheet.max_row)
    for row in (("a", "short", "done", None), ("b", "short", "finished", "x"), ("c", "soon", "open", "x"), ("d", "mid", "done", "x"),
                (None, None, None, None), ("d", "mid", "open", None), (None, "mid", "done", "x")):
        number = sheet.max_row + 1
        for name, value in zip(("step", "horizon", "status", "evidence"), row, strict=True):
            sheet.cell(number, COLUMNS.index(name) + 1, value or "")
    book.save(tmp_path / "c.xlsx")
    said = _refused(tmp_path / "c.xlsx")
    assert [line.removeprefix(str(tmp_path)).split(": ")[:2] for line in said.splitlines()] == [
        ["/c.xlsx:2:12", "evidence"], ["/c.xlsx:3:11", "status"], ["/c.xlsx:4:6", "horizon"], ["/c.xlsx:7:2", "step"], ["/c.xlsx:8:2", "step"]]
    assert "names its `evidence`" in said and "there twice" in said


def test_a_file_that_is_no_checklist_is_refused_in_words(tmp_path):
    (tmp_path / "torn.xlsx").write_bytes(checklist_xlsx(REPORT)[:500])
    (tmp_path / "text.xlsx").write_text("step,horizon")
    (tmp_path / "few.csv").write_text("step,status\nx,open\n")
    (tmp_path / "cut.csv").write_text('step,horizon,status,evidence\n"x')
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(65 * 1024 * 1024))
    assert "not a readable workbook" in _refused(tmp_path / "torn.xlsx") and "not a readable workbook" in _refused(tmp_path / "text.xlsx")
    assert "few.csv:1:1: the table lacks the columns horizon, evidence" in _refused(tmp_path / "few.csv")
    assert "not a readable CSV" in _refused(tmp_path / "cut.csv") and "no such file" in _refused(tmp_path / "none.xlsx")
    assert "lacks the columns step" in _refused(tmp_path / "empty.xlsx") and "holds more than" in _refused(tmp_path / "bomb.xlsx")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_no_text_becomes_a_formula_in_the_workbook(text):
    _, sheet = _sheet(checklist_xlsx(with_text(REPORT, lambda old: text or "x")))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_workbook_without_its_reader_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "c.xlsx").write_bytes(checklist_xlsx(REPORT))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"sovplan\[xlsx\]") as missing:
        filled_in(tmp_path / "c.xlsx")
    assert missing.value.exit_code is Exit.MISSING_EXTRA
