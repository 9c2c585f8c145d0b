"""The adoption checklist as rows, CSV, Markdown and calendar."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from planner.domain.report import Report, Step
from planner.reporting.exports.cells import csv_text
from planner.reporting.text import markdown, visible

COLUMNS = ("id", "step", "because", "owner", "audience", "horizon", "start by", "due", "weeks", "needed evidence", "status", "evidence",
           "cost eur", "depends on", "workloads", "citation", "waived by", "waived until")
_LINE = 75  # octets of a content line, by RFC 5545, section 3.1


def rows(steps: Sequence[Step]) -> tuple[tuple[str, ...], ...]:
    """One row a step, in the order of COLUMNS; what is not known is empty."""
    return tuple(_row(step) for step in steps)


def _row(step: Step) -> tuple[str, ...]:
    waiver = step.waiver
    return (
        step.id, step.step, step.because, step.owner, step.audience, step.horizon, str(step.start_by or ""),
        step.due.isoformat(), str(step.weeks or ""), step.evidence, step.status, step.evidence_at or "",
        "" if step.cost_eur is None else format(step.cost_eur, "f"), " ".join(step.depends_on),
        " ".join(step.workloads), step.citation or "", waiver.owner if waiver else "", waiver.expires.isoformat() if waiver else "",
    )


def checklist_csv(report: Report) -> str:
    """The checklist as CSV; `checklist import` reads the columns step, horizon, status and evidence back."""
    return csv_text([COLUMNS, *rows(report.checklist)])


def checklist_markdown(report: Report) -> str:
    """The checklist as a list of tasks in Markdown, by horizon."""
    lines = [f"# {markdown(report.assessment_name)}", ""]
    for horizon in ("short", "mid", "long"):
        steps = [s for s in report.checklist if s.horizon == horizon]
        lines += [f"## {horizon} ({len(steps)})", "", *(_task(s) for s in steps), ""] if steps else []
    return "\n".join(lines)


def _task(step: Step) -> str:
    box = "x" if step.status == "done" else " "
    about = [f"due {step.due}", f"begin by {step.start_by}" if step.start_by else "", markdown(step.owner),
             "" if step.cost_eur is None else f"EUR {step.cost_eur:,.0f}", "in progress" if step.status == "in-progress" else "",
             f"after {', '.join(step.depends_on)}" if step.depends_on else "",
             f"waived by {markdown(step.waiver.owner)} until {step.waiver.expires}" if step.waiver else ""]
    shown = f"- [{box}] **{markdown(step.step)}** (`{step.id}`): {'; '.join(a for a in about if a)}"
    return f"{shown}\n  - Why: {markdown(step.because)}\n  - Evidence: {markdown(step.evidence_at or step.evidence)}"


# ---------------------------------------------------------------------------------------------- calendar


def checklist_calendar(report: Report) -> str:
    """The checklist as iCalendar (RFC 5545): one task a step, with a name that stays the same from plan to plan."""
    stamp = report.provenance.as_of.strftime("%Y%m%dT000000Z")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sovplan//checklist//EN", "CALSCALE:GREGORIAN"]
    for step in report.checklist:
        lines += ["BEGIN:VTODO", f"UID:{uid(report, step.step, step.horizon)}", f"DTSTAMP:{stamp}", *_dates(step), *_words(report, step), "END:VTODO"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def uid(report: Report, step: str, horizon: str) -> str:
    """The name of a task: it follows from the assessment, the words of the step and its horizon, and from nothing else."""
    digest = hashlib.sha256("\n".join((report.organisation, report.assessment_name, step, horizon)).encode()).hexdigest()
    return f"{digest[:32]}@sovplan"


def _dates(step: Step) -> list[str]:
    start = [f"DTSTART;VALUE=DATE:{_day(step.start_by)}"] if step.start_by and step.start_by < step.due else []
    return [*start, f"DUE;VALUE=DATE:{_day(step.due)}"]


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _words(report: Report, step: Step) -> list[str]:
    status = {"open": "NEEDS-ACTION", "in-progress": "IN-PROCESS", "done": "COMPLETED"}[step.status]
    by_id = {s.id: s for s in report.checklist}
    about = f"{step.owner}\n{step.because}\n{step.evidence_at or step.evidence}"
    before = [f"RELATED-TO:{uid(report, by_id[i].step, by_id[i].horizon)}" for i in step.depends_on if i in by_id]
    return [f"SUMMARY:{_text(step.step)}", f"DESCRIPTION:{_text(about)}", f"CATEGORIES:{_text(step.horizon)}", f"STATUS:{status}", *before]


def _text(words: str) -> str:
    """Words as a TEXT value: backslash, comma, semicolon and line break escaped, nothing invisible left."""
    shown = "\n".join(visible(line) for line in words.split("\n"))
    for old, new in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        shown = shown.replace(old, new)
    return shown


def _folded(line: str) -> str:
    """A content line of at most 75 octets a part, never cut inside a character."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts)
