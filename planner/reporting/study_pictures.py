"""The pictures of the studies: points of a frontier, bars, and costs over traffic."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from planner.reporting.sheet import Sheet

_SHAPES = ("circle", "square", "triangle", "cross")
_STYLES = ("open", "restricted", "closed", "hollow")
_LEFT, _TOP, _WIDE, _HIGH = 90.0, 80.0, 560.0, 300.0


def draw_frontier(points: Sequence[Mapping[str, Any]]) -> str:
    """Cost from left to right, score upwards; a triangle is today's plan. Points of the carbon curve are told in the table alone."""
    mine = [p for p in points if p["curve"] == "sovereignty"]
    says = "; ".join(f"EUR {Decimal(p['cost_eur']):,.0f} for a score of {Decimal(p['score']):.1f}" for p in mine) or "no plan"
    sheet = Sheet("What sovereignty costs", says, 700)
    if mine:
        x = _scale([float(p["cost_eur"]) for p in mine], _LEFT, _LEFT + _WIDE)
        y = _scale([float(p["score"]) for p in mine], _TOP + _HIGH, _TOP)
        _axes(sheet, "cost over the horizon", "score")
        for p in mine:
            at = (x(float(p["cost_eur"])), y(float(p["score"])))
            words = f"EUR {Decimal(p['cost_eur']):,.0f}, score {Decimal(p['score']):.1f}"
            sheet.mark(*at, 6, "triangle" if p["today"] else "circle", "closed" if p["today"] else "open", words)
            sheet.text(at[0] + 9, at[1] - 6, words, "small", hover=words)
        sheet.key(20, 58, [("circle", "open", "a plan that none beats in both", ""), ("triangle", "closed", "today's plan", "")])
    return sheet.svg()


def draw_bars(title: str, rows: Sequence[tuple[str, str | None]]) -> str:
    """A bar for each amount of euros, in the order given; what has no amount says so."""
    most = max((abs(Decimal(a)) for _, a in rows if a is not None), default=Decimal(0)) or Decimal(1)
    sheet = Sheet(title, "; ".join(f"{label}: {_euros(a)}" for label, a in rows) or "nothing to show", 700)
    for n, (label, amount) in enumerate(rows):
        y = 66.0 + n * 42
        sheet.text(20, y, label, letters=70)
        sheet.text(680, y, _euros(amount), "strong", "end")
        sheet.box(20, y + 8, 660, 10, "track")
        if amount is not None:
            sheet.box(20, y + 8, float(abs(Decimal(amount)) / most) * 660, 10, "bar", _euros(amount))
    return sheet.svg()


def draw_breakeven(rows: Sequence[Mapping[str, Any]]) -> str:
    """Costs by mode over traffic, both in powers of ten, a field for each subject; modes differ by shape."""
    subjects = list(dict.fromkeys((r["subject"], r["cached_share"]) for r in rows))
    modes = list(rows[0]["cost_eur"]) if rows else []
    told = "; ".join(f"{r['subject']} at {r['traffic']} times: {r['cheapest'] or 'none'}" for r in rows)
    sheet = Sheet("Which way of running is cheapest at which traffic", told or "nothing to show", 700)
    sheet.key(20, 58, [(_SHAPES[n % 4], _STYLES[n % 4], mode, "") for n, mode in enumerate(modes)])
    for field, (subject, share) in enumerate(subjects):
        top = 90.0 + field * 240
        mine = [r for r in rows if (r["subject"], r["cached_share"]) == (subject, share)]
        costs = [math.log10(max(float(c), 1)) for r in mine for c in r["cost_eur"].values() if c is not None]
        sheet.text(20, top, subject + ("" if share is None else f", {share} of the input cached"), "strong")
        if not costs:
            sheet.text(20, top + 20, "no mode alone can serve it", "quiet")
            continue
        x = _scale([math.log10(float(r["traffic"])) for r in mine], _LEFT, _LEFT + _WIDE)
        y = _scale(costs, top + 180, top + 24)
        sheet.line(_LEFT, top + 190, _LEFT + _WIDE, top + 190, "axis")
        for r in mine:
            here = x(math.log10(float(r["traffic"])))
            sheet.text(here, top + 206, f"{r['traffic']}×", "small quiet", "middle")
            for n, mode in enumerate(modes):
                if (cost := r["cost_eur"][mode]) is not None:
                    words = f"{mode}: EUR {Decimal(cost):,.0f} at {r['traffic']} times the traffic"
                    sheet.mark(here, y(math.log10(max(float(cost), 1))), 5, _SHAPES[n % 4], _STYLES[n % 4], words)
    return sheet.svg()


def _scale(values: Sequence[float], first: float, last: float) -> Any:
    low, high = min(values), max(values)
    return lambda v: (first + last) / 2 if high == low else first + (v - low) / (high - low) * (last - first)


def _axes(sheet: Sheet, along: str, up: str) -> None:
    sheet.line(_LEFT - 20, _TOP + _HIGH + 20, _LEFT + _WIDE, _TOP + _HIGH + 20, "axis")
    sheet.line(_LEFT - 20, _TOP - 10, _LEFT - 20, _TOP + _HIGH + 20, "axis")
    sheet.text(_LEFT + _WIDE, _TOP + _HIGH + 40, along, "quiet", "end")
    sheet.text(20, _TOP, up, "quiet")


def _euros(amount: str | None) -> str:
    return "not possible" if amount is None else f"EUR {Decimal(amount):,.0f}"
