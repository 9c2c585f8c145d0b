"""The adoption checklist as a workbook to filter and fill in, and how the checklists that we write are read back."""
from __future__ import annotations

from collections.abc import Mapping

from planner.domain.report import Report, Step
from planner.reporting.context import Context
from planner.reporting.exports.steps import COLUMNS
from planner.reporting.phrases import SOURCE
from planner.reporting.text import visible
from planner.reporting.workbook_book import Book, Listed
from planner.reporting.workbook_lists import statuses_to_pick

_WIDTHS = {"id": 26, "step": 50, "because": 60, "owner": 22, "audience": 16, "horizon": 12, "start by": 12, "due": 12, "weeks": 9,
           "needed evidence": 28, "status": 13, "evidence": 28, "cost eur": 12, "depends on": 20, "workloads": 30, "citation": 24,
           "waived by": 20, "waived until": 12}
_STYLES = {"id": "quiet", "horizon": "list", "start by": "day", "due": "day", "waived until": "day", "weeks": "number", "cost eur": "money",
           "status": "input-text", "evidence": "input-text"}


def checklist_xlsx(report: Report) -> bytes:
    """The checklist as a workbook of one sheet, with the columns of the CSV file: to be sorted and filtered, its status picked from a list.

    Raises MissingExtra where the writer of workbooks is not installed.
    """
    book = Book(Context(report, SOURCE))
    sheet = book.list_sheet("checklist", [Listed(name, _WIDTHS[name], _STYLES.get(name, "list-wrap")) for name in COLUMNS],
                            [_cells(step) for step in report.checklist])
    statuses_to_pick(sheet, COLUMNS.index("status"), len(report.checklist))
    return book.bytes()


def _cells(step: Step) -> tuple[object, ...]:
    waiver = step.waiver
    return (step.id, step.step, step.because, step.owner, step.audience, step.horizon, step.start_by, step.due, step.weeks, step.evidence,
            step.status, step.evidence_at, step.cost_eur, " ".join(step.depends_on), " ".join(step.workloads), step.citation,
            waiver.owner if waiver else None, waiver.expires if waiver else None)


def steps_shown(report: Report, lang: str | None = None) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Each step and horizon as an export shows them -> as they are: those of `checklist --to`, or of a report in a language."""
    c = Context(report, lang or SOURCE)
    return {
        (visible(c.t(s.step)).strip(), c.p(f"horizon.{s.horizon}") if lang else s.horizon): (s.step, s.horizon) for s in report.checklist
    }


def report_headings(report: Report, lang: str) -> Mapping[str, str]:
    """What the columns to read are called in a report's workbook, in lower case."""
    p = Context(report, lang).p
    return {name: p(f"column.{key}").lower() for name, key in
            (("step", "step"), ("horizon", "horizon"), ("status", "status"), ("evidence", "evidence_at"))}
