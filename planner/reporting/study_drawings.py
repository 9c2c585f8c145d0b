"""The pictures of studies, from plain data: frontier, break-even, tornado and table of regret. Each is an SVG that stands alone.

Nothing is told by colour alone: today's plan is a square among circles, each line of a break-even has a dash and a mark of its own,
and every figure stands beside its mark or in its words.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

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
class Series:
    """One way of running over a growing quantity: (quantity, cost in euros), by rising quantity."""

    name: str
    points: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where one way becomes cheaper than another: quantity, cost in euros, and which."""

    quantity: Decimal
    cost_eur: Decimal
    says: str


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


def draw_breakeven(series: Sequence[Series], crossings: Sequence[Crossing], quantity: str, lang: str = "en") -> str:
    """A line for each way of running over `quantity` (what grows, in words), a cross and its words where the cheapest changes."""
    p = phrases(lang)
    f = Figures(p)
    told = "; ".join(one.says for one in crossings) or p("study.no_crossing")
    sheet = Sheet(p("study.breakeven"), told, _LEFT + _WIDE + 60)
    spots = [spot for one in series for spot in one.points]
    if not spots:
        return _nothing(sheet, p("known.none"))
    x = _scale([a for a, _ in spots], _LEFT, _LEFT + _WIDE)
    y = _scale([Decimal(0), *(b for _, b in spots)], _TOP + _TALL, _TOP)
    _axes(sheet, quantity, p("study.cost"))
    sheet.key(20, 56, [(_MARKS[i % 4], _STYLES[i % 4], one.name, "") for i, one in enumerate(series)])
    for i, one in enumerate(series):
        for (a, b), (c, d) in zip(one.points, one.points[1:]):
            sheet.line(x(a), y(b), x(c), y(d), "split" if i % 2 else "axis")
        for a, b in one.points:
            sheet.mark(x(a), y(b), 5, _MARKS[i % 4], _STYLES[i % 4], f"{one.name}: {f.exact(a)}, {f.euros(b)}")
    for edge in (min, max):
        sheet.text(x(edge(a for a, _ in spots)), _TOP + _TALL + 18, f.exact(edge(a for a, _ in spots)), "small quiet", "middle")
    sheet.text(_LEFT - 8, y(max(b for _, b in spots)) + 4, f.euros(max(b for _, b in spots)), "small quiet", "end")
    for number, one in enumerate(crossings, 1):
        sheet.mark(x(one.quantity), y(one.cost_eur), 7, "cross", "hollow", one.says)
        sheet.text(x(one.quantity), y(one.cost_eur) - 14, str(number), "strong", "middle")
        sheet.text(20, _TOP + _TALL + 50 + 18 * number, f"{number}  {one.says}", letters=120)
    return sheet.svg()


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
