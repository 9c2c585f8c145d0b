"""A plan on a terminal of 80 to 100 columns, in about fifty lines. Text from others is never read as markup or control codes."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from planner.domain.report import Finding, LawReading, Report, Scorecard, Step
from planner.reporting import terminal_law
from planner.domain.roadmap import RoadmapEntry
from planner.reporting.context import Context, estimated, lines_of
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.text import visible
from planner.reporting.view_choices import which
from planner.reporting.view_law import SEVERITIES, law_counts, status_of
from planner.reporting.view_money import used_and_limit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

ROOMY = 100  # columns from which a table can afford one more
GAP = 2
SIGNS = {"unmet": "x", "unknown": "?", "upcoming": ">", "met": "+", "informs": "i"}


def show(report: Report, console: Console, lang: str = "en", saved: bool = False) -> None:
    """Show a report: decision, choices, cost, what binds, sovereignty, law, next steps; or the conflict where there is no plan.

    Unless it is `saved` already, the last line says how to get the whole report.
    """
    c = Context(report, lang)
    _title(console, report.assessment_name, c.p("page.as_of", day=c.f.day(report.provenance.as_of)))
    for line in report.headline:
        console.print(_say(line))
    if report.plan is None:
        show_conflict(report, console, lang)
        return
    _choices(c, console)
    _layers(c, console)
    if report.binding:
        _heading(console, c.p("terminal.binds"))
        _grid(console, [[b.demand, *used_and_limit(c, b)] for b in report.binding[:6]], numeric=(1, 2))
    if report.scorecard is not None:
        _heading(console, c.p("title.sovereignty"))
        _objectives(c.p, report.scorecard, console)
    _findings(c.p, report.findings, console, 3)
    _steps(c, report.checklist, console)
    if not saved:
        console.print(_say(c.p("terminal.files"), "dim"))


def show_conflict(report: Report, console: Console, lang: str = "en") -> None:
    """Show why there is no plan: the smallest set of demands that cannot all hold, and what would make one possible."""
    c = Context(report, lang)
    if report.conflict is None:
        return
    _heading(console, c.p("title.conflict"))
    console.print(_say(c.p("conflict.minimal" if report.conflict.proved_minimal else "conflict.not_minimal"), "dim"))
    _bullets(console, [c.t(d.says) for d in report.conflict.demands])
    _heading(console, c.p("title.repairs"))
    costs = [f", {c.p('conflict.cost', cost=c.f.euros(r.cost_eur))}" if r.cost_eur is not None else "" for r in report.conflict.repairs]
    _bullets(console, [c.t(r.says) + cost for r, cost in zip(report.conflict.repairs, costs, strict=True)] or [c.p("conflict.repairs_none")])


def show_scorecard(scorecard: Scorecard, console: Console, lang: str = "en") -> None:
    """Show a scorecard: the range first, then the objectives, what remains and on whom, and the next step."""
    p = phrases(lang)
    f = Figures(p)
    overall = scorecard.overall
    low, high = overall.rating_range
    _title(console, scorecard.subject, p("sovereignty.rating", rating=f.span(low, high, 1), label=overall.label))
    console.print(_say(p("sovereignty.seal", seal=f.seals(overall.seal))))
    for weights in sorted(overall.score, reverse=True):
        first, last = overall.score_range[weights]
        known = overall.score[weights]
        tail = p("sovereignty.score_open") if known is None else p("sovereignty.score_known", score=f.number(known, 1))
        console.print(_say(p("sovereignty.score", weights=weights, score=f.span(first, last, 1)) + "; " + tail))
    _heading(console, p("sovereignty.objectives"))
    _objectives(p, scorecard, console)
    if scorecard.remaining:
        _heading(console, p("sovereignty.remaining"))
        _bullets(
            console, [f"{d.factor} {d.name} ({d.party}): {d.cause}. {p('column.cut_by')}: {d.cut_by}" for d in scorecard.remaining[:8]]
        )
        _more(p, console, len(scorecard.remaining) - 8)
    if scorecard.next_step is not None:
        step = scorecard.next_step
        _heading(console, p("sovereignty.next"))
        console.print(_say(step.says))
        console.print(_say(p("sovereignty.next_note", points=f.number(step.gain_points, 1), cost=f.euros(step.cost_eur)), "dim"))


def show_checklist(steps: Iterable[Step], console: Console, lang: str = "en") -> None:
    """Show checklist steps by horizon: when, who, what, on what evidence, and why."""
    p = phrases(lang)
    f = Figures(p)
    steps = tuple(steps)
    if not steps:
        console.print(_say(p("checklist.none")))
    for horizon in ("short", "mid", "long"):
        due = [s for s in steps if s.horizon == horizon]
        if due:
            _heading(console, p("checklist.caption", horizon=p(f"horizon.{horizon}"), steps=p.count("count.steps", len(due))))
        for step in due:
            done = f" {p('mark.done')}" if step.status == "done" else ""
            console.print(_say(f"{step.step}{done}", "bold"))
            console.print(_say(f"  {f.day(step.due)} · {step.owner} · {p('column.evidence')}: {step.evidence}"))
            console.print(_say(f"  {p('column.because')}: {step.because}" + (f" ({step.citation})" if step.citation else ""), "dim"))


def show_law(reading: LawReading, console: Console, lang: str = "en") -> None:
    """Show what the law says of some facts: classes, duties with their status, proposals apart, and the questions that decide the rest."""
    p = phrases(lang)
    f = Figures(p)
    _title(console, p("title.law"), p("page.as_of", day=f.day(reading.as_of)))
    console.print(_say(p("law.disclaimer"), "dim"))
    _heading(console, p("terminal.classes"))
    console.print(_say(terminal_law.verdict(reading, p)))
    _grid(console, terminal_law.class_rows(reading, p))
    if reading.contradicted:
        console.print(_say(p("terminal.contradicted", facts=", ".join(reading.contradicted))))
    if reading.workloads:
        _grid(console, terminal_law.use_rows(reading, p))
    if reading.roles:
        _heading(console, p("terminal.roles"))
        _grid(console, terminal_law.role_rows(reading, p))
    if reading.tuning is not None:
        console.print(_say(terminal_law.tuning_line(reading.tuning, p, f)))
    _findings(p, reading.obligations, console, len(reading.obligations))
    if reading.proposals:
        _heading(console, p("terminal.proposals"))
        _bullets(console, [f"{x.title}: {x.says}" for x in reading.proposals])
    if reading.assumed:
        console.print(_say(p("terminal.supposed", facts=", ".join(reading.assumed)), "dim"))
    if reading.questions:
        _heading(console, p("terminal.open"))
        _bullets(console, [f"{q.question} ({q.fact}; {p('column.decides').lower()} {q.decides})" for q in reading.questions])


def show_roadmap(entries: Sequence[RoadmapEntry], until: date, console: Console, lang: str = "en") -> None:
    """Show what begins and ends by law up to a day: the day, the duty, who has to act, and the latest day to begin."""
    p = phrases(lang)
    f = Figures(p)
    _heading(console, p("roadmap.law", day=f.day(until)))
    if not entries:
        console.print(_say(p("roadmap.none")))
    for day, same in groupby(entries, key=lambda entry: entry.day):
        console.print(_say(f.day(day), "bold"))
        for entry in same:
            status = f", {p(f'status.{entry.status}')}" if entry.status else ""
            console.print(_say(f"  {p(f'roadmap.kind.{entry.kind}')}: {entry.what} ({entry.citation}{status})"))
            if entry.begin_by is not None:
                late = f" {p('roadmap.late')}" if entry.late else ""
                console.print(_say(f"    {p('roadmap.by', owners=', '.join(entry.owners), day=f.day(entry.begin_by))}{late}", "dim"))


# ------------------------------------------------------------------------------------------------- parts


def _choices(c: Context, console: Console) -> None:
    keys = ("workload", "model", "how", *(("where",) if console.width >= ROOMY else ()), "cost#", "quality", "seal")
    rows = []
    for x in c.plan.choices:
        mark = " *" if estimated(lines_of(x, c.plan)) else ""
        seal = c.f.unknown if x.seal_proven is None else f"{x.seal_proven}/{'?' if x.seal_known is None else x.seal_known}"
        where = [c.name(x.site) if x.site else x.country or c.f.unknown] if console.width >= ROOMY else []
        quality = c.f.probability(x.quality_probability) if x.quality_probability is not None else c.p("known.not_measured")
        whole = which(c, x)
        rows.append([c.name(x.workload) + (f" ({whole})" if whole else ""), c.name(x.model), c.name(x.mode), *where,
                     c.f.euros(x.cost_eur) + mark, quality, seal])
    console.print()
    _grid(console, rows, [column.title for column in c.columns(*keys)], numeric=(len(keys) - 3,))
    if any(line.estimate for line in c.plan.lines):
        console.print(_say(c.p("terminal.legend", estimate=c.p("mark.estimate")), "dim"))


def _layers(c: Context, console: Console) -> None:
    cost = c.plan.cost
    _heading(console, c.p("cost.by_layer"))
    rows = []
    for layer, amount in sorted(cost.by_layer.items()):
        share = amount / cost.total_eur if cost.total_eur else Decimal(0)
        mark = " *" if any(line.estimate for line in c.plan.lines if line.layer == layer) else ""
        rows.append([c.layer(layer), c.f.euros(amount) + mark, c.f.percent(share), "█" * round(share * 20)])
    _grid(console, rows, numeric=(1, 2))


def _objectives(p: Phrases, card: Scorecard, console: Console) -> None:
    f = Figures(p)
    header = [p("column.objective"), p("column.seal"), p("column.proven"), p("column.known"), p("column.possible")]
    rows = [
        [
            f"{key} {o.name}",
            f.span(o.seal.proven, o.seal.possible),
            *(f.number(level) for level in (o.percent.proven, o.percent.known, o.percent.possible)),
        ]
        for key, o in sorted(card.objectives.items())
    ]
    _grid(console, rows, header, numeric=(1, 2, 3, 4))


def _findings(p: Phrases, findings: Sequence[Finding], console: Console, most: int) -> None:
    _heading(console, p("terminal.law", **law_counts(findings)))
    worst = sorted(findings, key=lambda x: (list(SIGNS).index(status_of(x)), SEVERITIES.index(x.severity)))
    by_rule = {(status_of(x), x.rule): x for x in reversed(worst)}
    told = [f"{SIGNS[status]} {x.title}: {x.why} ({x.citation.text})" for (status, _), x in reversed(by_rule.items())]
    for line in told[:most]:
        console.print(_say(line), no_wrap=most < len(told), overflow="ellipsis")
    _more(p, console, len(told) - most)


def _steps(c: Context, steps: Sequence[Step], console: Console) -> None:
    _heading(console, c.p("terminal.next"))
    still = [s for s in steps if s.status == "open"]
    _grid(console, [[c.f.day(s.due), s.owner, s.step] for s in still[:4]])
    _more(c.p, console, len(still) - 4)


# ------------------------------------------------------------------------------------------------ pieces


def _say(words: str, style: str = "") -> Text:
    """Words as text: what looks like markup is letters, and what would steer the terminal is spelt out."""
    from rich.text import Text

    indent = len(words) - len(words.lstrip(" "))
    return Text(" " * indent + visible(words), style=style)


def _title(console: Console, title: str, below: str) -> None:
    console.print(_say(title, "bold"))
    console.print(_say(below, "dim"))


def _heading(console: Console, words: str) -> None:
    console.print()
    console.print(_say(words, "bold cyan"))


def _bullets(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(_say(f"- {line}"))


def _more(p: Phrases, console: Console, number: int) -> None:
    if number > 0:
        console.print(_say(p("terminal.more", n=number), "dim"))


def _grid(console: Console, rows: Sequence[Sequence[str]], header: Sequence[str] = (), numeric: Sequence[int] = ()) -> None:
    """Rows of one line each; where they are too wide for the screen, the widest column of words gives way first."""
    from rich.cells import cell_len
    from rich.table import Table

    if not rows:
        return
    widths = [max(cell_len(visible(row[i])) for row in ([header] if header else []) + [*rows]) for i in range(len(rows[0]))]
    words = [i for i in range(len(widths)) if i not in numeric]
    while sum(widths) + GAP * (len(widths) - 1) > console.width and max(widths[i] for i in words) > 6:
        widths[max(words, key=lambda i: widths[i])] -= 1
    table = Table(box=None, show_header=bool(header), header_style="dim", padding=(0, GAP, 0, 0), pad_edge=False)
    for index, width in enumerate(widths):
        table.add_column(_say(header[index]) if header else None, justify="right" if index in numeric else "left", no_wrap=True,
                         overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*(_say(cell) for cell in row))
    console.print(table)
