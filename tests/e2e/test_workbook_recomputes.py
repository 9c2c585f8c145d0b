"""Another program computes the workbook again: it gives the plan's figures, and follows a price that is changed."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from planner.reporting.render import render

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, which reads workbooks for the tests, is not installed")
pytest.importorskip("xlsxwriter", reason="the extra `xlsx` is not installed")
pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (libreoffice-calc-nogui) is not installed")


def computed(book, folder: Path):
    """The workbook as LibreOffice computes it; saved without any value, so that every one is LibreOffice's own."""
    (folder / "out").mkdir(exist_ok=True)
    book.save(folder / "in.xlsx")
    home = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", "--headless", home, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(folder / "in.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return openpyxl.load_workbook(folder / "out" / "in.xlsx", data_only=True)


def test_libreoffice_gives_every_figure_and_follows_a_changed_price(reports, tmp_path):
    report, _ = reports("bank")
    (tmp_path / "report.xlsx").write_bytes(render(report, "xlsx"))
    formulas, cached = (openpyxl.load_workbook(tmp_path / "report.xlsx", data_only=values) for values in (False, True))
    again = computed(formulas, tmp_path)
    checked = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            ours, theirs = cached[sheet.title][cell.coordinate].value, again[sheet.title][cell.coordinate].value
            assert theirs == pytest.approx(ours, abs=1e-6), f"{sheet.title}!{cell.coordinate} {cell.value}"
            checked += 1
    assert checked >= 4 * len(report.plan.lines)

    line = report.plan.lines[0]
    price = formulas["Cost model"]["I5"]
    price.value = float(line.price) * 2
    doubled = computed(formulas, tmp_path)["Summary"]
    moved = {row[1].value: (row[2].value, row[4].value) for row in doubled.iter_rows(min_row=9) if isinstance(row[4].value, (int, float))}
    total, difference = moved["Cost over the horizon"]
    assert difference == pytest.approx(float(line.amount_eur), abs=0.011) and total == pytest.approx(float(report.plan.cost.total_eur) + difference)
