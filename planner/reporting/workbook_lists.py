"""The lists of a workbook, each a table to sort, filter and fill in: choices, checklist, findings, questions, assumptions, sources."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from planner.reporting.audiences import Audience
from planner.reporting.context import estimated, lines_of
from planner.reporting.view_law import SEVERITIES, STATUSES, status_of
from planner.reporting.workbook_book import Book, Listed

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_STATUS = ("open", "in-progress", "done")


def _headed(book: Book, *columns: tuple[Any, ...]) -> list[Listed]:
    """Columns by their phrase, their width in letters and their style, which is text that wraps where none is named."""
    return [Listed(book.c.p(f"column.{key}"), *rest) for key, *rest in columns]


def choices(book: Book, readers: Audience) -> None:
    """One row for each choice."""
    c = book.c
    columns = _headed(book, ("workload", 34), ("model", 22), ("how", 22), ("operator", 20), ("site", 26),
                       ("country", 9, "list"), ("amount_eur", 14, "money"), ("estimate", 12, "list"), ("quality", 10, "share"),
                       ("seal_proven", 9, "number"), ("seal_known", 9, "number"), ("score_known", 9, "money"), ("carbon", 12, "number"),
                       ("conditions", 50))
    rows = [
        (c.name(x.workload), c.name(x.model), c.t.name(c.name(x.mode)), c.name(x.operator), c.name(x.site), x.country or c.f.unknown, x.cost_eur,
         c.p("mark.estimate") if estimated(lines_of(x, c.plan)) else None,
         x.quality_probability if x.quality_probability is not None else c.p("known.not_measured"),
         *(c.f.unknown if value is None else value for value in (x.seal_proven, x.seal_known, x.score_known, x.carbon_kg)),
         "; ".join(map(c.fact, x.conditional_on)))
        for x in c.plan.choices
    ]
    book.list_sheet("choices", columns, rows)


def checklist(book: Book, readers: Audience) -> None:
    """One row for each step; status is picked from a list, status and evidence are there to be filled in."""
    c = book.c
    columns = _headed(book, ("horizon", 12, "list"), ("step", 50), ("workloads", 30), ("owner", 22), ("audience", 16),
                       ("start_by", 12, "day"), ("due", 12, "day"), ("status", 12, "input-text"), ("evidence", 28),
                       ("evidence_at", 28, "input-text"), ("because", 60), ("citation", 24), ("cost_eur", 12, "money"), ("after", 20),
                       ("id", 26, "quiet"))
    rows = [
        (c.p(f"horizon.{s.horizon}"), c.t(s.step), c.whom(s.workloads), c.t(s.owner), ", ".join(map(c.t, s.audience.split(", "))), s.start_by, s.due,
         s.status, c.t(s.evidence), s.evidence_at, c.t(s.because), s.citation, s.cost_eur, ", ".join(s.depends_on), s.id)
        for s in c.report.checklist if readers.sees(s)
    ]
    statuses_to_pick(book.list_sheet("checklist", columns, rows), 7, len(rows))


def statuses_to_pick(sheet: Worksheet, column: int, rows: int) -> None:
    """Let the status of each row be picked from a list; anything else is refused where it is typed."""
    if rows:
        sheet.data_validation(1, column, rows, column, {
            "validate": "list", "source": list(_STATUS), "error_title": "status", "error_message": ", ".join(_STATUS),
        })


def findings(book: Book, readers: Audience) -> None:
    """One row for each finding of each workload, the worst first."""
    c = book.c
    columns = _headed(book, ("status", 14, "list"), ("severity", 12, "list"), ("rule", 40), ("workload", 30), ("says", 60),
                       ("why", 60), ("citation", 24), ("address", 30, "link"), ("applies_from", 12, "day"), ("law_status", 16, "list"),
                       ("act_by", 12, "list"), ("id", 26, "quiet"))
    ranked = sorted(c.report.findings, key=lambda f: (STATUSES.index(status_of(f)), SEVERITIES.index(f.severity)))
    rows = [
        (c.p(f"status.{status_of(f)}"), c.p(f"severity.{f.severity}"), c.t(f.title), c.name(f.workload) if f.workload else c.p("law.whole"),
         c.t(f.says), c.t(f.why), f.citation.text, f.citation.url, f.applies_from, c.p(f"law_status.{f.law_status}"), c.p(f"act_by.{f.act_by}"),
         f.rule)
        for f in ranked
    ]
    book.list_sheet("findings", columns, rows)


def questions(book: Book, readers: Audience) -> None:
    """One row for each open fact, what decides the most first."""
    c = book.c
    rows = [(c.t(q.question), c.name(q.about) if q.about in c.report.names else c.t(q.about), q.decides, q.fact)
            for q in sorted(c.report.questions, key=lambda q: (-q.decides, q.fact))]
    book.list_sheet("questions", _headed(book, ("question", 70), ("about", 50), ("decides", 10, "number"), ("id", 34, "quiet")), rows)


def assumptions(book: Book, readers: Audience) -> None:
    """One row for each default that stood in for what the assessment does not say."""
    c = book.c
    rows = [(c.t(a.says), c.name(a.workload) if a.workload else c.p("law.whole"), a.value, c.t(a.unit), c.t(a.unsuitable_for or ""), a.name)
            for a in c.plan.assumptions]
    columns = _headed(book, ("assumption", 60), ("workload", 34), ("value", 12, "number"), ("unit", 16, "list"), ("unsuitable", 50),
                       ("id", 30, "quiet"))
    book.list_sheet("assumptions", columns, rows)


def sources(book: Book, readers: Audience) -> None:
    """One row for each source, with the day it was read and its address."""
    c = book.c
    rows = [(s.what, str(s.date), s.url, s.id) for s in c.report.sources]
    book.list_sheet("sources", _headed(book, ("source", 80), ("date", 12, "list"), ("address", 60, "link"), ("id", 30, "quiet")), rows)


SHEETS: dict[str, Callable[[Book, Audience], None]] = {
    "choices": choices, "checklist": checklist, "law": findings, "questions": questions, "assumptions": assumptions, "sources": sources,
}
