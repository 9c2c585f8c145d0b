"""A report as a spreadsheet: a cost model whose formulas are live, and the lists that people filter and fill in."""
from __future__ import annotations

from planner.domain.report import Report
from planner.reporting import workbook_cost, workbook_lists
from planner.reporting.audiences import audience_of
from planner.reporting.context import Context
from planner.reporting.workbook_book import Book


def xlsx(report: Report, lang: str, audience: str) -> bytes:
    """The report as a spreadsheet for one circle of readers. Raises MissingExtra where its writer is not installed."""
    c = Context(report, lang)
    readers = audience_of(audience, report)
    book = Book(c)
    parts = {**workbook_lists.SHEETS, "cost": workbook_cost.cost_model}
    workbook_cost.summary(book, readers, with_model="cost" in readers.sections and report.plan is not None)
    for section in readers.sections:
        if section in parts:
            parts[section](book, readers)
    return book.bytes()
