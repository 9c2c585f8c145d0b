"""The workbook: live formulas that give the plan's figures, lists to filter, and text that never becomes a formula."""
from __future__ import annotations

import io
import re
import sys
import zipfile
from decimal import Decimal

import pytest
from report_fixture import no_plan_report, rich_report, with_text

from planner.problems import MissingExtra
from planner.reporting.context import Context
from planner.reporting.render import render
from planner.reporting.spending import spending
from planner.reporting.workbook_cost import as_computed

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, which reads workbooks for the tests, is not installed")
pytest.importorskip("xlsxwriter", reason="the extra `xlsx` is not installed")


def opened(data: bytes, values: bool = False):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def columns(sheet, row: int) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[row] if cell.value is not None}


@pytest.mark.parametrize("name", ["bank", "research"])
def test_the_lines_by_year_and_by_operator_add_up_to_the_plan_to_the_cent(reports, name):
    report, _ = reports(name)
    cost = report.plan.cost
    found = spending(Context(report, "en"))
    assert sum(one.line.amount_eur for one in found) == cost.total_eur
    assert {y: Decimal(sum(one.cents_by_year[y] for one in found)) / 100 for y in cost.by_year} == cost.by_year
    if cost.by_quarter:
        assert {q: Decimal(sum(one.cents_by_quarter[q] for one in found)) / 100 for q in cost.by_quarter} == cost.by_quarter
    assert {o: sum(one.line.amount_eur for one in found if one.operator == o) for o in cost.by_operator} == cost.by_operator


def test_the_sums_of_the_first_sheet_hold_the_figures_of_the_plan(reports):
    report, _ = reports("bank")
    sheet = opened(render(report, "xlsx"), values=True)["Summary"]
    stands = {row[1].value or row[0].value: (row[2].value, row[3].value, row[4].value) for row in sheet.iter_rows(min_row=9) if row[3].value is not None}
    cost = report.plan.cost
    assert stands["Cost over the horizon"] == (float(cost.total_eur), float(cost.total_eur), 0)
    assert {y: stands[y][0] for y in cost.by_year} == {y: float(v) for y, v in cost.by_year.items()}
    assert stands["L4 Compute and deployment"][0] == float(cost.by_layer["L4"])


def test_every_amount_is_a_formula_over_quantity_price_and_rate():
    sheet = opened(render(rich_report(), "xlsx"))["Cost model"]
    at = columns(sheet, 4)
    amounts = [sheet.cell(row, at["Amount in euros"]).value for row in range(5, sheet.max_row + 1)]
    assert len(amounts) == len(rich_report().plan.lines)
    assert all(re.fullmatch(r"=ROUND\(ROUND\(G(\d+)\*I\1\*J\1/L\1,2\)\+M\1,2\)", formula) for formula in amounts)


def test_a_currency_has_one_rate_to_change():
    book = opened(render(rich_report(), "xlsx"))
    sheet = book["Cost model"]
    at = columns(sheet, 4)
    rates = {sheet.cell(row, at["Units of currency per euro"]).value for row in range(5, sheet.max_row + 1) if sheet.cell(row, at["Currency"]).value == "USD"}
    assert rates == {"='Summary'!$C$10"} and book["Summary"]["C10"].value == 1.1583


def test_a_spreadsheet_rounds_as_we_suppose():
    assert as_computed(Decimal("1.005"), Decimal(100), Decimal(1), Decimal(100)) == Decimal("1.01")  # a binary 1.005 is a little less, and is shown as 1.005
    assert as_computed(Decimal("25544.16"), Decimal("0.21"), Decimal(1), Decimal(1)) == Decimal("5364.27")


@pytest.mark.parametrize("lang", ["en", "fr", "de", "ja"])
def test_every_list_is_a_table_and_no_sheet_is_empty(lang):
    book = opened(render(rich_report(), "xlsx", lang))
    assert len(book.sheetnames) == 9 and all(len(name) <= 31 for name in book.sheetnames)
    assert sum(len(sheet.tables) for sheet in book) == 6 and all(sheet.max_row > 1 for sheet in book)


def test_the_checklist_can_be_filled_in_from_a_list_of_states():
    sheet = opened(render(rich_report(), "xlsx"))["Checklist"]
    [rule] = sheet.data_validations.dataValidation
    assert rule.formula1 == '"open,in-progress,done"' and sheet.max_row == len(rich_report().checklist) + 1


def test_an_audience_gets_its_sheets_and_its_steps():
    book = opened(render(rich_report(), "xlsx", audience="legal"))
    assert book.sheetnames == ["Summary", "Findings", "Checklist", "Open questions", "Choices", "Sources"]
    legal = [s for s in rich_report().checklist if "legal" in s.audience.split(", ")]
    assert book["Checklist"].max_row == max(len(legal), 1) + 1


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "=HYPERLINK(\"https://x.example\")", "|x", "%0A", "\t=1", "{=1}", "*", "?", "&A&P"])
def test_text_from_others_is_text_and_stays_text_when_it_is_copied(hostile):
    report = with_text(rich_report(), lambda old: hostile + old)
    book = opened(render(report, "xlsx"))
    ours = {cell.value for cell in cells(opened(render(rich_report(), "xlsx"))) if cell.data_type == "f"}
    assert {cell.value for cell in cells(book) if cell.data_type == "f"} <= ours | {"='Summary'!$C$10"}
    bare = [c for c in cells(book) if c.data_type == "s" and c.value.startswith(("=", "+", "-", "@", "|", "%")) and not c.quotePrefix and c.row > 1]
    assert not bare


def test_a_report_without_a_plan_has_its_summary():
    assert opened(render(no_plan_report(), "xlsx")).sheetnames == ["Summary"]


def test_the_clock_is_not_in_the_file():
    data = zipfile.ZipFile(io.BytesIO(render(rich_report(), "xlsx")))
    assert {info.date_time for info in data.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"2026-11-24T00:00:00Z" in data.read("docProps/core.xml")


def test_without_its_writer_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"sovplan\[xlsx\]"):
        render(rich_report(), "xlsx")
