"""The roadmap made ready: a drawing, and a table that says the same."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.domain.roadmap import RoadmapEntry
from planner.reporting.citations import cited
from planner.reporting.context import Context
from planner.reporting.roadmap_drawing import draw_roadmap
from planner.reporting.svg import sheet_picture
from planner.reporting.table import Cell, Drawing, Table

MOST_ROWS = 15  # of the table, before the reader unfolds the others
MOST_STEPS = 3  # named in one row; the whole list stands in the checklist


def roadmap(c: Context, entries: Sequence[RoadmapEntry]) -> Drawing | None:
    """The roadmap of a report; none where it has none."""
    if not entries:
        return None
    start = date.fromisoformat(str(c.report.assessment["horizon"]["start"]))
    table = Table("roadmap-table", c.p("roadmap.caption"), c.columns("date", "what", "begin", "owner", "workloads"),
                  tuple(_row(c, entry) for entry in entries), cards=True)
    svg = draw_roadmap(entries, c.report.provenance.as_of, start, c.p.lang)
    return Drawing(sheet_picture(svg, c.p("roadmap.caption")), c.shortened(table, MOST_ROWS))


def _row(c: Context, entry: RoadmapEntry) -> tuple[Cell, ...]:
    marks = (c.p(f"status.{entry.status}"),) if entry.kind == "duty" and entry.status in ("unmet", "unknown", "met") else ()
    begin = c.p("known.none") if entry.begin_by is None else c.f.day(entry.begin_by)
    weeks = c.p.count("count.weeks", entry.weeks) if entry.weeks else ""
    return (
        Cell(c.f.day(entry.day), c.p(f"roadmap.kind.{entry.kind}")), Cell(_what(c, entry), _more(c, entry), marks),
        Cell(begin, weeks, (c.p("roadmap.late"),) if entry.late else ()), Cell(", ".join(map(c.t, entry.owners)) or c.p("known.none")),
        Cell(c.whom(entry.workloads)),
    )



def _what(c: Context, entry: RoadmapEntry) -> str:
    if entry.kind in ("duty", "duty-ends"):
        return c.t(entry.what)
    if entry.kind == "ready":
        return c.p.count("count.steps", len(entry.steps))
    return c.p(f"roadmap.says.{entry.kind}", what=entry.what)


def _more(c: Context, entry: RoadmapEntry) -> str:
    """Beside a duty where it is written and what has to be ready; beside steps the first of them; else the detail."""
    steps = c.clauses(c.t(step).rstrip(".") for step in entry.steps[:MOST_STEPS])
    if len(entry.steps) > MOST_STEPS:
        steps = c.p("text.more", listed=steps, n=len(entry.steps) - MOST_STEPS)
    ready = c.p("roadmap.ready", steps=steps) if steps and entry.kind == "duty" else steps
    detail = c.p(f"roadmap.detail.{entry.kind}", detail=entry.detail) if entry.detail else ""
    return " · ".join(filter(None, [cited(entry.citation or "", c.p.lang), ready, detail]))
