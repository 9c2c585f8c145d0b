"""What the law says, what is to be done, what was ruled out and what is asked."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.domain.plan import Exclusion
from planner.domain.report import Finding, Question, Step
from planner.reporting.context import Context
from planner.reporting.table import Cell, Group, Table
from planner.reporting.text import https_only

MOST_ROWS = 6  # of a long table, before the reader unfolds the others
SEVERITIES = ("forbids", "warns", "informs")
STATUSES = ("unmet", "unknown", "upcoming", "met", "informs")
HORIZONS = ("short", "mid", "long")


def status_of(finding: Finding) -> str:
    """Under which heading a finding stands: what is not yet in force is upcoming, whatever its status."""
    if finding.status == "informs" or finding.law_status == "proposal":
        return "informs"
    return "upcoming" if finding.timing == "upcoming" else finding.status


def law_counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many rules stand under each heading; what one rule says of several workloads counts once."""
    return {status: len({f.rule for f in findings if status_of(f) == status}) for status in STATUSES}


def law(c: Context, findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings by status, the worst first; what one rule says of several workloads is one row."""
    together: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        together.setdefault((status_of(finding), finding.rule, finding.status), []).append(finding)
    groups = []
    for status in STATUSES:
        same = sorted((found for key, found in together.items() if key[0] == status), key=lambda found: SEVERITIES.index(found[0].severity))
        if same:
            title = c.p("law.group", status=c.p(f"status.{status}"), rules=c.p.count("count.rules", len(same)))
            rows = tuple(_finding(c, found) for found in same)
            table = Table(f"law-{status}-table", title, c.columns("rule", "why", "workloads", "citation"), rows, cards=True)
            groups.append(Group(f"law-{status}", title, status, c.shortened(table, MOST_ROWS), open=status == "unmet"))
    return tuple(groups)


def _finding(c: Context, same: list[Finding]) -> tuple[Cell, ...]:
    first = same[0]
    marks = [c.p(f"law_status.{first.law_status}")] if first.law_status != "law" else []
    if first.act_by == "vendor":
        marks.append(c.p("mark.vendor"))
    if first.verified != "text-read":
        marks.append(c.p("mark.verify"))
    workloads = sorted({f.workload for f in same if f.workload is not None})
    return (
        Cell(c.t(first.title), c.t(first.says), tuple(marks)), _why(c, same), Cell(c.whom(workloads)),
        Cell(c.t.cite(first.citation.text), c.p("law.checked", day=c.f.day(first.citation.checked)), href=https_only(first.citation.url)),
    )


def _why(c: Context, same: list[Finding]) -> Cell:
    """What the facts say: the commonest wording first, then what is said of other workloads, and what was supposed."""
    whose: dict[str, list[str]] = {}
    for finding in same:
        whose.setdefault(finding.why, []).extend(filter(None, [finding.workload]))
    main, *others = sorted(whose, key=lambda why: (-len(whose[why]), why))
    notes = [c.p("law.other", workloads=c.whom(whose[why]), why=c.t(why)) for why in others]
    if assumed := sorted({fact for f in same for fact in f.assumed}):
        notes.append(c.p("law.assumed", facts=", ".join(assumed)))
    if status_of(same[0]) == "upcoming":
        notes.insert(0, c.p("law.from", day=c.f.day(same[0].applies_from), status=c.p(f"status.{same[0].status}")))
    return Cell(c.t(main), " ".join(notes))


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
            found.append(Horizon(title, c.shortened(Table(f"steps-{horizon}", caption, columns, rows, cards=True), MOST_ROWS)))
    return tuple(found)


def _step(c: Context, step: Step) -> tuple[Cell, ...]:
    cited = "" if step.citation is None or step.citation in step.because else step.citation
    weeks = c.p.count("count.weeks", step.weeks) if step.weeks else ""
    start = c.p("checklist.start_by", day=c.f.day(step.start_by)) if step.start_by and step.start_by < step.due else ""
    return (
        Cell(c.t(step.step), c.whom(step.workloads), _standing(c, step)),
        Cell(c.t(step.owner), ", ".join(map(c.t, step.audience.split(", ")))),
        Cell(c.f.day(step.due), c.clauses([weeks, start])), Cell(c.t(step.evidence), step.evidence_at or ""),
        Cell(c.brief(c.t(step.because)), c.t.cite(cited)), c.money(step.cost_eur),
    )


def _standing(c: Context, step: Step) -> tuple[str, ...]:
    """Marks of a step: how far it is, how many steps come first, and who answers for leaving it."""
    marks = [c.p({"done": "mark.done", "in-progress": "mark.in_progress"}[step.status])] if step.status != "open" else []
    if step.depends_on:
        marks.append(c.p("checklist.after", n=len(step.depends_on)))
    if step.waiver is not None:
        marks.append(c.p("checklist.waived", owner=step.waiver.owner, day=c.f.day(step.waiver.expires)))
    return tuple(marks)


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
        rows.append((Cell(c.report.names[rule] if rule in c.report.names else c.t(rule.replace("-", " "))), Cell(c.t(main), others),
                     Cell(c.whom(sorted({x.workload for x in same}))), Cell(c.f.number(sum(x.count for x in same)))))
    table = Table("exclusions-table", c.p("why_not.caption"), c.columns("barrier", "reason", "workloads", "ways#"), tuple(rows), cards=True)
    return c.shortened(table, MOST_ROWS)


def questions(c: Context, asked: Iterable[Question]) -> Table:
    """What nobody has told us, what decides the most first."""
    rows = tuple(
        (Cell(c.t(q.question), q.fact), Cell(c.name(q.about) if q.about in c.report.names else c.t(q.about)), Cell(c.f.number(q.decides)))
        for q in sorted(asked, key=lambda q: (-q.decides, q.fact))
    )
    return c.shortened(Table("questions-table", c.p("questions.caption"), c.columns("question", "about", "decides#"), rows), MOST_ROWS)
