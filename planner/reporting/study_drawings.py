"""The pictures of studies, from plain data: frontier, break-even, tornado, bars and table of regret. Each is an SVG that stands alone.

Nothing is told by colour alone: today's plan is a square among circles, each way of a break-even has a mark of its own,
and every figure stands beside its mark or in its words.
"""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planner.reporting.figures import Figures
from planner.reporting.phrases import phrases
from planner.reporting.sheet import Sheet

_LEFT, _TOP, _WIDE, _TALL = 110, 90, 720, 400
_MARKS = ("circle", "square", "triangle", "cross")
_STYLES = ("closed", "edge", "open", "dot")


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of a frontier: its present cost in euros, its sovereignty score from 0 to 100, and what it is called."""

    cost_eur: Decimal
    score: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True)
class Swing:
    """What the cost becomes in euros where one assumption is at its low and at its high end, and what it is today."""

    name: str
    low_eur: Decimal
    high_eur: Decimal
    today_eur: Decimal


@dataclass(frozen=True, slots=True)
class Regret:
    """Plans by scenarios: what each plan costs in euros more than the best one there; None where it does not hold."""

    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    regret_eur: tuple[tuple[Decimal | None, ...], ...]  # a row a plan


def draw_frontier(points: Sequence[Point], today: Point | None, lang: str = "en") -> str:
    """Sovereignty to the right, cost upwards; today's plan is a square, and stands where it stands, on the frontier or off it."""
    p = phrases(lang)
    f = Figures(p)
    ranked = sorted(points, key=lambda one: (one.score, one.cost_eur))
    told = [f"{one.label} {f.number(one.score, 1)}: {f.euros(one.cost_eur)}".strip() for one in ranked]
    sheet = Sheet(p("study.frontier"), "; ".join(told) or p("known.none"), _LEFT + _WIDE + 60)
    every = [*ranked, *([today] if today else [])]
    if not every:
        return _nothing(sheet, p("known.none"))
    x = _scale([one.score for one in every], _LEFT, _LEFT + _WIDE)
    y = _scale([one.cost_eur for one in every], _TOP + _TALL, _TOP)
    _axes(sheet, p("study.frontier_x"), p("study.frontier_y"))
    for one, other in zip(ranked, ranked[1:]):
        sheet.line(x(one.score), y(one.cost_eur), x(other.score), y(other.cost_eur), "axis")
    for one, words in zip(ranked, told, strict=True):
        sheet.mark(x(one.score), y(one.cost_eur), 6, "circle", "closed", words)
        sheet.text(x(one.score), y(one.cost_eur) - 12, f.euros(one.cost_eur), "small", "middle", hover=words)
        sheet.text(x(one.score), _TOP + _TALL + 18, f.number(one.score, 1), "small quiet", "middle")
    if today:
        words = f"{p('study.today')}: {f.number(today.score, 1)}, {f.euros(today.cost_eur)}"
        sheet.mark(x(today.score), y(today.cost_eur), 8, "square", "edge", words)
        sheet.text(x(today.score) + 14, y(today.cost_eur) + 18, p("study.today"), "strong", letters=30)
    return sheet.svg()


def draw_breakeven(rows: Sequence[Mapping[str, Any]], lang: str = "en") -> str:
    """Costs by way of running over traffic, both in powers of ten, a field for each subject; ways differ by mark. Rows as the study gives them."""
    p = phrases(lang)
    f = Figures(p)
    subjects = list(dict.fromkeys((r["subject"], r["cached_share"]) for r in rows))
    modes = list(rows[0]["cost_eur"]) if rows else []
    told = "; ".join(f"{r['subject']} × {r['traffic']}: {r['cheapest'] or p('known.none')}" for r in rows)
    sheet = Sheet(p("study.breakeven"), told or p("known.none"), _LEFT + _WIDE + 60)
    sheet.key(20, 56, [(_MARKS[n % 4], _STYLES[n % 4], mode, "") for n, mode in enumerate(modes)])
    for field, (subject, share) in enumerate(subjects):
        top = 90.0 + field * 240
        mine = [r for r in rows if (r["subject"], r["cached_share"]) == (subject, share)]
        costs = [_power(c) for r in mine for c in r["cost_eur"].values() if c is not None]
        sheet.text(20, top, subject if share is None else f"{subject} ({f.percent(Decimal(share))})", "strong")
        if not costs:
            sheet.text(20, top + 20, p("known.none"), "quiet")
            continue
        x = _scale([_power(r["traffic"], least=0) for r in mine], _LEFT, _LEFT + _WIDE)
        y = _scale(costs, top + 180, top + 24)
        sheet.line(_LEFT, top + 190, _LEFT + _WIDE, top + 190, "axis")
        for r in mine:
            here = x(_power(r["traffic"], least=0))
            sheet.text(here, top + 206, f"{r['traffic']}×", "small quiet", "middle")
            for n, mode in enumerate(modes):
                if (cost := r["cost_eur"][mode]) is not None:
                    sheet.mark(here, y(_power(cost)), 5, _MARKS[n % 4], _STYLES[n % 4], f"{mode}: {f.euros(Decimal(cost))}, {r['traffic']}×")
            known = [Decimal(cost) for cost in r["cost_eur"].values() if cost is not None]
            if known:  # the least is told beside its mark: the axis is in powers of ten
                sheet.text(here, y(_power(min(known))) + 18, f.euros(min(known)), "small", "middle")
    return sheet.svg() if rows else _nothing(sheet, p("known.none"))


def _power(value: Any, least: float = 1) -> Decimal:
    """The power of ten of a value, not below that of `least`."""
    return Decimal(math.log10(max(float(value), least)))


def draw_tornado(bars: Sequence[Swing], lang: str = "en") -> str:
    """The assumption that moves the cost most stands first; each bar runs from its low end to its high end around today's cost."""
    p = phrases(lang)
    f = Figures(p)
    ranked = sorted(bars, key=lambda one: (-abs(one.high_eur - one.low_eur), one.name))
    told = [f"{one.name}: {f.euros(one.low_eur)}, {f.euros(one.high_eur)}" for one in ranked]
    sheet = Sheet(p("study.tornado"), "; ".join(told) or p("known.none"), 960)
    if not ranked:
        return _nothing(sheet, p("known.none"))
    x = _scale([value for one in ranked for value in (one.low_eur, one.high_eur, one.today_eur)], 380, 840)
    for row, (one, words) in enumerate(zip(ranked, told, strict=True)):
        top = 80 + row * 34
        low, middle, high = x(one.low_eur), x(one.today_eur), x(one.high_eur)
        sheet.text(20, top + 13, one.name, letters=36)
        sheet.box(min(low, middle), top, abs(middle - low), 16, "up", words)
        sheet.box(min(high, middle), top, abs(high - middle), 16, "down", words)
        sheet.text(min(low, high, middle) - 6, top + 13, f.euros(min(one.low_eur, one.high_eur, one.today_eur)), "small", "end")
        sheet.text(max(low, high, middle) + 6, top + 13, f.euros(max(one.low_eur, one.high_eur, one.today_eur)), "small")
    today = x(ranked[0].today_eur)
    sheet.line(today, 70, today, 80 + len(ranked) * 34, "axis")
    sheet.text(today, 62, f"{p('study.today')}: {f.euros(ranked[0].today_eur)}", "small quiet", "middle")
    return sheet.svg()


def draw_regret(table: Regret, lang: str = "en") -> str:
    """A row a plan, a column a scenario; the longer a cell's bar, the more would be regretted; the least worst plan is marked."""
    p = phrases(lang)
    f = Figures(p)
    worst = [None if None in row else max(row, default=Decimal(0)) for row in table.regret_eur]  # type: ignore[type-var]
    held = [value for value in worst if value is not None]
    told = "; ".join(f"{name}: {p('study.fails') if value is None else f.euros(value)}" for name, value in zip(table.plans, worst, strict=True))
    sheet = Sheet(p("study.regret"), told or p("known.none"), 260 + 130 * (len(table.scenarios) + 1))
    most = max((value for row in table.regret_eur for value in row if value is not None), default=Decimal(0)) or Decimal(1)
    for column, name in enumerate((*table.scenarios, p("study.worst"))):
        sheet.text(240 + column * 130, 72, name, "strong", letters=18)
    for row, (name, cells) in enumerate(zip(table.plans, table.regret_eur, strict=True)):
        y = 104 + row * 44
        best = worst[row] is not None and worst[row] == min(held)
        sheet.line(20, y - 20, 240 + 130 * (len(table.scenarios) + 1), y - 20)
        sheet.text(20, y, name, "strong" if best else "", letters=28)
        for column, value in enumerate((*cells, worst[row])):
            x = 240 + column * 130
            sheet.text(x, y, p("study.fails") if value is None else f.euros(value), "strong" if best and column == len(cells) else "")
            if value is not None and column < len(cells):
                sheet.box(x, y + 7, 110, 6, "track")
                sheet.box(x, y + 7, 110 * float(value / most), 6, "bar")
        if best:
            sheet.mark(10, y - 4, 4, "square", "edge", p("study.least_worst"))
    return sheet.svg()


def draw_bars(title: str, rows: Sequence[tuple[str, Decimal | None]], lang: str = "en") -> str:
    """A bar for each amount of euros, in the order given; what has no amount says so."""
    p = phrases(lang)
    f = Figures(p)
    said = [(label, p("study.fails") if amount is None else f.euros(amount)) for label, amount in rows]
    sheet = Sheet(title, "; ".join(f"{label}: {words}" for label, words in said) or p("known.none"), 700)
    most = max((abs(amount) for _, amount in rows if amount is not None), default=Decimal(0)) or Decimal(1)
    for n, ((label, amount), (_, words)) in enumerate(zip(rows, said, strict=True)):
        y = 66.0 + n * 42
        sheet.text(20, y, label, letters=70)
        sheet.text(680, y, words, "strong", "end")
        sheet.box(20, y + 8, 660, 10, "track")
        if amount is not None:
            sheet.box(20, y + 8, float(abs(amount) / most) * 660, 10, "bar", words)
    return sheet.svg()


def _axes(sheet: Sheet, across: str, upward: str) -> None:
    sheet.line(_LEFT, _TOP, _LEFT, _TOP + _TALL, "axis")
    sheet.line(_LEFT, _TOP + _TALL, _LEFT + _WIDE, _TOP + _TALL, "axis")
    sheet.text(20, _TOP - 14, f"↑ {upward}", "quiet")
    sheet.text(_LEFT + _WIDE, _TOP + _TALL + 42, f"{across} →", "quiet", "end")


def _scale(values: Sequence[Decimal], start: float, end: float):
    """A function from values to pixels; the values' ends stand a little inside, equal values in the middle."""
    low, high = float(min(values)), float(max(values))
    inset = 0.06 * (end - start)
    if low == high:
        return lambda value: (start + end) / 2
    return lambda value: start + inset + (float(value) - low) / (high - low) * (end - start - 2 * inset)


def _nothing(sheet: Sheet, words: str) -> str:
    sheet.text(20, 70, words, "quiet")
    return sheet.svg()
