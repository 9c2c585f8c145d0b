"""What the law says, what is to be done, what was ruled out and what is asked."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.plan import Exclusion
from planner.domain.report import Finding, Question, Step
from planner.reporting.context import Context
from planner.reporting.table import Cell, Group, Table
from planner.reporting.text import https_only

STATUSES = ("unmet", "unknown", "upcoming", "met", "informs")
HORIZONS = ("short", "mid", "long")


def status_of(finding: Finding) -> str:
    """Under which heading a finding stands: what is not yet in force is upcoming, whatever its status."""
    if finding.status == "informs" or finding.law_status == "proposal":
        return "informs"
    return "upcoming" if finding.timing == "upcoming" else finding.status


def law(c: Context, findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings, the worst first; one that says the same of several workloads is one row."""
    together: dict[tuple, list[Finding]] = {}
    for finding in findings:
        together.setdefault((status_of(finding), finding.rule, finding.status, finding.why), []).append(finding)
    groups = []
    for status in STATUSES:
        rows = tuple(_finding(c, same) for key, same in together.items() if key[0] == status)
        if rows:
            title = c.p("law.group", status=c.p(f"status.{status}"), rules=c.p.count("count.rules", len(rows)))
            columns = c.columns("rule", "why", "workloads", "citation")
            groups.append(Group(f"law-{status}", title, status, Table(f"law-{status}-table", title, columns, rows, cards=True),
                                open=status in ("unmet", "unknown")))
    return tuple(groups)


def _finding(c: Context, same: list[Finding]) -> tuple[Cell, ...]:
    first = same[0]
    status = status_of(first)
    marks = [c.p(f"law_status.{first.law_status}")] if first.law_status != "law" else []
    if first.act_by == "vendor":
        marks.append(c.p("mark.vendor"))
    if first.verified != "text-read":
        marks.append(c.p("mark.verify"))
    because = [c.p("law.missing", facts=", ".join(first.unknown))] if first.unknown else []
    because += [c.p("law.assumed", facts=", ".join(first.assumed))] if first.assumed else []
    if status == "upcoming":
        because.insert(0, c.p("law.from", day=c.f.day(first.applies_from), status=c.p(f"status.{first.status}")))
    workloads = sorted({f.workload for f in same if f.workload is not None})
    return (
        Cell(first.title, first.says, tuple(marks), status=status), Cell(first.why, " ".join(because)),
        Cell(c.names(workloads) if workloads else c.p("law.whole")),
        Cell(first.citation.text, c.p("law.checked", day=c.f.day(first.citation.checked)), href=https_only(first.citation.url)),
    )


# -------------------------------------------------------------------------------------------- what to do


@dataclass(frozen=True, slots=True)
class Horizon:
    """The steps of one horizon."""

    title: str
    table: Table


def checklist(c: Context, steps: Iterable[Step]) -> tuple[Horizon, ...]:
    """The steps by horizon, in the order in which they are due."""
    steps = tuple(steps)
    found = []
    for horizon in HORIZONS:
        rows = tuple(_step(c, s) for s in steps if s.horizon == horizon)
        if rows:
            title = c.p(f"horizon.{horizon}")
            caption = c.p("checklist.caption", horizon=title, steps=c.p.count("count.steps", len(rows)))
            columns = c.columns("step", "owner", "due", "evidence", "because", "cost#")
            found.append(Horizon(title, Table(f"steps-{horizon}", caption, columns, rows, cards=True)))
    return tuple(found)


def _step(c: Context, step: Step) -> tuple[Cell, ...]:
    whom = c.names(step.workloads) if step.workloads else ""
    because = Cell(step.because, step.citation or "")
    weeks = c.p.count("count.weeks", step.weeks) if step.weeks else ""
    return (
        Cell(step.step, whom, (c.p("mark.done"),) if step.status == "done" else (), status="done" if step.status == "done" else "open"),
        Cell(step.owner, step.audience), Cell(c.f.day(step.due), weeks), Cell(step.evidence), because, c.money(step.cost_eur),
    )


# ------------------------------------------------------------------------------------------ why not, asked


def exclusions(c: Context, lines: Iterable[Exclusion]) -> Table:
    """The ways ruled out, by rule: how many, for which workloads, and the reason that counts most."""
    by_rule: dict[str, list[Exclusion]] = {}
    for line in lines:
        by_rule.setdefault(line.rule, []).append(line)
    rows = []
    for rule, same in sorted(by_rule.items(), key=lambda item: (-sum(x.count for x in item[1]), item[0])):
        reasons: dict[str, int] = {}
        for line in same:
            reasons[line.reason] = reasons.get(line.reason, 0) + line.count
        main = min(reasons, key=lambda reason: (-reasons[reason], reason))
        others = c.p.count("count.other_reasons", len(reasons) - 1) if len(reasons) > 1 else ""
        rows.append((Cell(c.report.names.get(rule, rule.replace("-", " "))), Cell(main, others),
                     Cell(c.names(sorted({x.workload for x in same}))), Cell(c.f.number(sum(x.count for x in same)))))
    return Table("exclusions-table", c.p("why_not.caption"), c.columns("barrier", "reason", "workloads", "ways#"), tuple(rows), cards=True)


def questions(c: Context, asked: Iterable[Question]) -> Table:
    """What nobody has told us, what decides the most first."""
    rows = tuple(
        (Cell(q.question, q.fact), Cell(c.name(q.about)), Cell(c.f.number(q.decides)))
        for q in sorted(asked, key=lambda q: (-q.decides, q.fact))
    )
    return Table("questions-table", c.p("questions.caption"), c.columns("question", "about", "decides#"), rows, cards=True)
