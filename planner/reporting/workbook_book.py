"""What every sheet of a workbook is written with: sheets, styles, tables, formulas of ours, and text that never becomes one.

Text never becomes a formula: it is written as text, and what a spreadsheet might compute when it is copied elsewhere is marked as quoted.
"""
from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from planner.problems import MissingExtra
from planner.reporting.columns import letters
from planner.reporting.context import Context
from planner.reporting.text import https_only, visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FIRST_CHARACTERS = ("=", "+", "-", "@", "|", "%", "\t", "\r")  # of what some program takes for a formula
MOST_LETTERS = 32_767  # in a cell
LINE_POINTS, MOST_POINTS = 13.5, 409  # the height of a line, and of the highest row there can be
ROOM = 0.94  # widths are counted in digits, which are wider than letters; some is lost to words that do not break
A3, A4 = 8, 9  # kinds of paper, by their numbers in the file format
WIDE = 200  # letters; a wider sheet is printed on A3
WRAPPED = ("list-wrap", "link")
STYLES: dict[str, dict[str, Any]] = {
    "text": {}, "list": {"indent": 1}, "list-wrap": {"text_wrap": True, "indent": 1},
    "strong": {"bold": True}, "quiet": {"font_color": "#4A4F55"}, "title": {"bold": True, "font_size": 15},
    "lead": {"font_size": 12, "text_wrap": True}, "heading": {"bold": True, "font_color": "#1F4E79", "font_size": 12},
    "header": {"bold": True, "bottom": 2, "text_wrap": True, "indent": 1, "bg_color": "#EEF1F4"},
    "header-right": {"bold": True, "bottom": 2, "text_wrap": True, "align": "right", "bg_color": "#EEF1F4"},
    "money": {"num_format": "#,##0.00"}, "total": {"num_format": "#,##0.00", "bold": True, "top": 1},
    "number": {"num_format": "General"}, "link": {"font_color": "#1F4E79", "text_wrap": True},
    "share": {"num_format": "0.0%"}, "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "input": {"num_format": "#,##0.00####", "font_color": "#0000C0", "bg_color": "#F4F7FD"},
    "input-share": {"num_format": "0.0000%", "font_color": "#0000C0", "bg_color": "#F4F7FD"},
    "input-text": {"font_color": "#0000C0", "bg_color": "#F4F7FD"},
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A column of a list: its header, its width in letters, and the style of its cells."""

    header: str
    width: int
    style: str = "list-wrap"


class Book:
    """A workbook being written, with its styles. Everything it writes is either a number, a day, a formula of ours, or text."""

    def __init__(self, c: Context):
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtra('XLSX needs its writer: pip install "sovplan[xlsx]"') from None
        self.c = c
        self._bytes = io.BytesIO()
        self.file: Workbook = xlsxwriter.Workbook(self._bytes, {
            "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "nan_inf_to_errors": False,
            "default_format_properties": {"font_name": "Arial", "font_size": 10},
        })
        day = c.report.provenance.as_of
        self.file.set_properties({"title": visible(c.report.assessment_name)[:255], "company": visible(c.report.organisation)[:255],
                                  "created": datetime(day.year, day.month, day.day), "comments": visible(c.report.provenance.tool)[:255]})
        self.file.set_calc_mode("auto")
        self._formats: dict[tuple[str, bool], Any] = {}

    def sheet(self, key: str) -> Worksheet:
        """A new sheet, landscape and as wide as its paper, by the phrase `sheet.KEY`."""
        made = self.file.add_worksheet(self.c.p(f"sheet.{key}"))
        made.set_landscape()
        made.set_paper(A4)
        made.fit_to_pages(1, 0)
        made.set_footer(f"&L{self._plain(self.c.report.organisation)}&R&P / &N")
        made.hide_gridlines(2)
        return made

    def style(self, name: str, quoted: bool = False) -> Any:
        """A cell format by name; `quoted`: its text stays text wherever it is copied."""
        if (name, quoted) not in self._formats:
            self._formats[name, quoted] = self.file.add_format({"valign": "top", **STYLES[name], **({"quote_prefix": True} if quoted else {})})
        return self._formats[name, quoted]

    def put(self, sheet: Worksheet, row: int, column: int, value: object, style: str = "text") -> None:
        """A value in a cell: a number, a day, or text. Nothing for None."""
        if value is None:
            sheet.write_blank(row, column, None, self.style(style))
        elif isinstance(value, (Decimal, int)):
            sheet.write_number(row, column, float(value), self.style(style))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.style("day"))
        else:
            words = visible(str(value))[:MOST_LETTERS]
            sheet.write_string(row, column, words, self.style(style, words.startswith(FIRST_CHARACTERS)))

    def formula(self, sheet: Worksheet, row: int, column: int, formula: str, value: Decimal, style: str = "money") -> None:
        """A formula of ours with the value it has today, for programs that do not compute."""
        sheet.write_formula(row, column, formula, self.style(style), float(value))

    def rise(self, sheet: Worksheet, row: int, cells: Iterable[tuple[object, int]]) -> None:
        """Make a row as high as its longest text needs, given each text with the width of its column in letters."""
        lines = max((ceil(letters(visible(str(value))) * ROOM / width) for value, width in cells if isinstance(value, str)), default=1)
        if lines > 1:
            sheet.set_row(row, min(lines * LINE_POINTS + 3, MOST_POINTS))

    def list_sheet(self, key: str, columns: Sequence[Listed], rows: Sequence[Sequence[object]]) -> Worksheet:
        """A sheet that holds one table, to be sorted and filtered; its header stays in sight and on every page."""
        sheet = self.sheet(key)
        sheet.set_paper(A3 if sum(column.width for column in columns) > WIDE else A4)
        self.rise(sheet, 0, [(column.header, column.width - 3) for column in columns])
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        for number, row in enumerate(rows, 1):
            self.rise(sheet, number, [(value, column.width) for value, column in zip(row, columns, strict=True) if column.style in WRAPPED])
            for index, value in enumerate(row):
                self.put(sheet, number, index, value, columns[index].style)
                if columns[index].style == "link" and https_only(str(value)):
                    sheet.write_url(number, index, str(value), self.style("text"))
        last = max(len(rows), 1)
        sheet.add_table(0, 0, last, len(columns) - 1, {
            "name": f"{key}_table", "style": "Table Style Light 1", "columns": [
                {"header": visible(column.header), "header_format": self.style("header")} for column in columns
            ],
        })
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        return sheet

    def bytes(self) -> bytes:
        """The file. The same report gives the same bytes."""
        self.file.close()
        return self._bytes.getvalue()

    @staticmethod
    def _plain(words: str) -> str:
        """Words in a footer, where `&` begins a command, cut to what a footer holds."""
        return visible(words)[:80].replace("&", "&&")

