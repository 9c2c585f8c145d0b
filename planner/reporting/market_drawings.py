"""The pictures of the market: portfolio matrix and competitive map."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.domain.catalog import Colour, PortfolioGroup
from planner.domain.market import MatrixCell, Portfolio, Position, Void
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.sheet import Sheet

SHAPES = {Colour.OPEN: "circle", Colour.RESTRICTED: "square", Colour.CLOSED: "triangle"}


def draw_matrix(rows: Sequence[Portfolio], as_of: date, lang: str = "en") -> str:
    """Counts of models by group and colour, a row a vendor; for one vendor alone, the models themselves in three rows of three."""
    p = phrases(lang)
    says, day = "; ".join(f"{row.name}: {_told(row, p)}" for row in rows) or p("market.no_models"), Figures(p).day(as_of)
    if len(rows) == 1:
        return _one_portfolio(rows[0], says, day, p)
    left, width, high = 210, 62, 30
    sheet = Sheet(p("market.matrix"), f"{p('market.matrix_says', day=day)} {says}.", left + 9 * width + 40)
    sheet.text(20, 54, p("market.matrix_note", day=day), "quiet")
    sheet.key(20, 80, [(SHAPES[c], c.value, p(f"market.colour.{c}"), "") for c in Colour])
    for i, group in enumerate(PortfolioGroup):
        x = left + i * 3 * width
        sheet.text(x + 1.5 * width, 112, p(f"market.group.{group}"), "strong", "middle")
        sheet.line(x, 120, x, 124 + high * len(rows))
        for j, colour in enumerate(SHAPES):
            sheet.text(x + (j + 0.5) * width, 130, p(f"market.short.{colour}"), "small quiet", "middle")
    for r, row in enumerate(rows):
        y = 160 + r * high
        sheet.line(20, y - 20, left + 9 * width, y - 20)
        sheet.text(20, y, row.name, letters=26)
        for i, cell in enumerate(row.cells):
            x = left + (i + 0.5) * width
            if cell.models:
                names = ", ".join(m.name for m in cell.models)
                sheet.mark(x - 12, y - 4, 6, SHAPES[cell.colour], cell.colour.value, names)
                sheet.text(x + 2, y, str(len(cell.models)), "strong", hover=names)
            else:
                sheet.text(x, y, "·", "quiet", "middle")
    return sheet.svg()


def _one_portfolio(row: Portfolio, says: str, day: str, p: Phrases) -> str:
    width, left, line = 290, 165, 19
    sheet = Sheet(f"{p('market.matrix')}: {row.name}", f"{says}, {day}.", left + 3 * width + 20)
    sheet.text(20, 54, f"{p('market.matrix_note', day=day)}; {p('market.matrix_signs')}", "quiet")
    for j, colour in enumerate(Colour):
        sheet.mark(left + j * width + 6, 80, 6, SHAPES[colour], colour.value)
        sheet.text(left + j * width + 20, 85, p(f"market.colour.{colour}"), "strong")
    y = 112.0
    for group in PortfolioGroup:
        cells = [c for c in row.cells if c.group is group]
        sheet.line(20, y - 14, left + 3 * width, y - 14)
        sheet.text(20, y + 8, p(f"market.group.{group}"), "strong")
        for j, cell in enumerate(cells):
            for i, words in enumerate(names_of(cell) or [p("known.none")]):
                sheet.text(left + j * width, y + 8 + i * line, words, letters=38)
        y += max(2, *(len(c.models) for c in cells)) * line + 22
    return sheet.svg()


def names_of(cell: MatrixCell) -> list[str]:
    """The models of a cell, with a sign behind those that are on their way out or not dated."""
    sign = {"deprecated": " *", "undated": " ?"}
    return [m.name + sign.get(m.standing, "") for m in cell.models]


def _told(row: Portfolio, p: Phrases) -> str:
    return ", ".join(f"{len(c.models)} {p(f'market.group.{c.group}')} {p(f'market.short.{c.colour}')}" for c in row.cells if c.models)


# ------------------------------------------------------------------------------------------------ the map

_LEFT, _TOP, _SIDE, _TALL = 70, 100, 720, 560


def draw_map(places: Sequence[Position], void: Void, as_of: date, lang: str = "en") -> str:
    """Openness to the right, fit upwards, both from 0 to 100; each vendor with its range, the splits, and the void shaded."""
    p = phrases(lang)
    names = {place.vendor: place.name for place in places}
    sheet = Sheet(p("market.map"), void_in_words(void, names, lang) + " " + "; ".join(
        f"{x.name}: {p('market.open_axis')} {hundred(x.openness.value)}, {p('market.fit_axis')} {hundred(x.fit.value)}" for x in places
    ), _LEFT + _SIDE + 50)
    sheet.text(20, 54, p("market.map_note", day=Figures(p).day(as_of)), "quiet")
    empty = void.empty
    sheet.box(_x(empty.openness_from), _y(empty.fit_to), _x(empty.openness_to) - _x(empty.openness_from), _y(empty.fit_from) - _y(empty.fit_to),
              "void", p("market.empty"))
    sheet.text(_x(empty.openness_to) - 12, _y(empty.fit_to) + 22, p("market.empty"), "quiet strong", "end")
    for tick in (0, 25, 50, 75, 100):
        sheet.text(_x(tick / 100), _TOP + _TALL + 20, str(tick), "small quiet", "middle")
        sheet.text(_LEFT - 10, _y(tick / 100) + 4, str(tick), "small quiet", "end")
    sheet.line(_LEFT, _TOP, _LEFT, _TOP + _TALL, "axis")
    sheet.line(_LEFT, _TOP + _TALL, _LEFT + _SIDE, _TOP + _TALL, "axis")
    sheet.line(_x(void.openness_split), _TOP, _x(void.openness_split), _TOP + _TALL, "split")
    sheet.line(_LEFT, _y(void.fit_split), _LEFT + _SIDE, _y(void.fit_split), "split")
    sheet.text(_LEFT + _SIDE + 45, _TOP - 18, p("market.corner"), "quiet", "end")
    sheet.text(20, _TOP - 18, f"↑ {p('market.fit_axis')}", "strong")
    sheet.text(_LEFT + _SIDE, _TOP + _TALL + 42, f"{p('market.open_axis')} →", "strong", "end")
    for place in places:
        x, y = _x(place.openness.value), _y(place.fit.value)
        sheet.line(x, _y(place.fit.low), x, _y(place.fit.high), "range")
        sheet.line(_x(place.openness.low), y, _x(place.openness.high), y, "range")
    for place, (tx, ty, anchor) in zip(places, _labels(places), strict=True):
        corner = place.vendor in void.quadrants["open-fit"]
        hover = f"{place.name}: " + "; ".join(part.says for axis in (place.openness, place.fit) for part in axis.parts)
        sheet.mark(_x(place.openness.value), _y(place.fit.value), 6, "square" if corner else "circle", "edge" if corner else "dot", hover)
        sheet.text(tx, ty, place.name, "strong" if corner else "", anchor, letters=28)
    bottom = sheet.paragraph(20, _TOP + _TALL + 70, void_in_words(void, names, lang), 58 if lang == "ja" else 115)
    sheet.key(20, bottom + 6, [("circle", "dot", p("market.vendor"), ""), ("square", "edge", p("market.vendor_corner"), "")])
    return sheet.svg()


def void_in_words(void: Void, names: dict[str, str], lang: str = "en") -> str:
    """What the map found, in a few sentences."""

    p = phrases(lang)

    def told(ids: Sequence[str]) -> str:
        return ", ".join(names[i] for i in ids) or p("market.nobody")

    e = void.empty
    quarter = told(void.quadrants["open-fit"])
    corner = p("market.alone" if void.alone else "market.quarter", names=quarter)
    empty = p("market.void", x1=hundred(e.openness_from), x2=hundred(e.openness_to), y1=hundred(e.fit_from), y2=hundred(e.fit_to),
              names=told(void.borders))
    return f"{corner} {empty} {p('market.unbeaten', names=told(void.holders))}"


def hundred(share: object) -> str:
    """A share of one, out of a hundred."""
    return f"{float(share) * 100:.0f}"  # type: ignore[arg-type]


def _x(share: object) -> float:
    return _LEFT + _SIDE * float(share)  # type: ignore[arg-type]


def _y(share: object) -> float:
    return _TOP + _TALL * (1 - float(share))  # type: ignore[arg-type]


def _labels(places: Sequence[Position]) -> list[tuple[float, float, str]]:
    """Where each name stands: beside its dot, on the first side where it crosses no other name or dot and stays inside."""
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in ((_x(p.openness.value), _y(p.fit.value)) for p in places)]
    spots = []
    for p in places:
        x, y, wide = _x(p.openness.value), _y(p.fit.value), 7.4 * min(len(p.name), 28)
        sides = [(x + 11, y + shift, "") for shift in (4, -9, 17, -22, 30)] + [(x - 11, y + shift, "end") for shift in (4, -9, 17, -22, 30, 43, -35)]
        frames = [(tx, ty, anchor, (tx - wide if anchor else tx, ty - 12, tx if anchor else tx + wide, ty + 3)) for tx, ty, anchor in sides]
        inside = [f for f in frames if f[3][0] >= _LEFT and f[3][2] <= _LEFT + _SIDE + 45]
        free = [f for f in inside if not any(_cross(f[3], other) for other in taken)]
        tx, ty, anchor, frame = (free or inside or frames)[0]
        taken.append(frame)
        spots.append((tx, ty, anchor))
    return spots


def _cross(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
