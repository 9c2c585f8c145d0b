"""The pictures of the market: portfolio matrix and competitive map."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.domain.catalog import Colour, PortfolioGroup
from planner.landscape.portfolio import Cell, Portfolio
from planner.landscape.position import Position
from planner.landscape.void import Void
from planner.reporting.sheet import Sheet

GROUPS = {PortfolioGroup.FLAGSHIP: "general flagship", PortfolioGroup.EFFICIENCY: "efficiency and edge", PortfolioGroup.SPECIALISED: "specialised"}
COLOURS = {Colour.OPEN: "open: free for every use", Colour.RESTRICTED: "restricted: weights with a limit", Colour.CLOSED: "closed: no weights"}
SHAPES = {Colour.OPEN: "circle", Colour.RESTRICTED: "square", Colour.CLOSED: "triangle"}
_LEGEND = [(SHAPES[c], c.value, words, "") for c, words in COLOURS.items()]


def draw_matrix(rows: Sequence[Portfolio], as_of: date) -> str:
    """Counts of models by group and colour, a row a vendor; for one vendor alone, the models themselves in three rows of three."""
    says = "; ".join(f"{row.name}: {_told(row)}" for row in rows) or "no current model"
    if len(rows) == 1:
        return _one_portfolio(rows[0], says, as_of)
    left, width, high = 210, 62, 30
    sheet = Sheet("Portfolio matrix", f"Models by group and colour of licence on {as_of}. {says}.", left + 9 * width + 40)
    sheet.text(20, 54, f"models in service on {as_of}, by what their licence's terms allow", "quiet")
    sheet.key(20, 80, _LEGEND)
    for i, (group, name) in enumerate(GROUPS.items()):
        x = left + i * 3 * width
        sheet.text(x + 1.5 * width, 112, name, "strong", "middle")
        sheet.line(x, 120, x, 124 + high * len(rows))
        for j, (colour, shape) in enumerate(SHAPES.items()):
            sheet.text(x + (j + 0.5) * width, 130, colour.value, "small quiet", "middle")
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


def _one_portfolio(row: Portfolio, says: str, as_of: date) -> str:
    width, left, line = 290, 165, 19
    sheet = Sheet(f"Portfolio matrix: {row.name}", f"{says}, on {as_of}.", left + 3 * width + 20)
    sheet.text(20, 54, f"models in service on {as_of}, by what their licence's terms allow; * deprecated, ? release not dated", "quiet")
    for j, (colour, words) in enumerate(COLOURS.items()):
        sheet.mark(left + j * width + 6, 80, 6, SHAPES[colour], colour.value)
        sheet.text(left + j * width + 20, 85, words, "strong")
    y = 112.0
    for group, name in GROUPS.items():
        cells = [c for c in row.cells if c.group is group]
        sheet.line(20, y - 14, left + 3 * width, y - 14)
        sheet.text(20, y + 8, name, "strong")
        for j, cell in enumerate(cells):
            for i, words in enumerate(_names(cell)):
                sheet.text(left + j * width, y + 8 + i * line, words, letters=38)
        y += max(2, *(len(c.models) for c in cells)) * line + 22
    return sheet.svg()


def _names(cell: Cell) -> list[str]:
    sign = {"deprecated": " *", "undated": " ?"}
    return [m.name + sign.get(m.standing, "") for m in cell.models] or ["none"]


def _told(row: Portfolio) -> str:
    return ", ".join(f"{len(c.models)} {GROUPS[c.group]} {c.colour.value}" for c in row.cells if c.models)


# ------------------------------------------------------------------------------------------------ the map

_LEFT, _TOP, _SIDE, _TALL = 70, 100, 720, 560


def draw_map(places: Sequence[Position], void: Void, as_of: date) -> str:
    """Openness to the right, fit upwards, both from 0 to 100; each vendor with its range, the splits, and the void shaded."""
    names = {p.vendor: p.name for p in places}
    sheet = Sheet("Competitive map", void_in_words(void, names) + " " + "; ".join(
        f"{p.name}: openness {_hundred(p.openness.value)}, fit {_hundred(p.fit.value)}" for p in places), _LEFT + _SIDE + 50)
    sheet.text(20, 54, f"on {as_of}; dot: what is known; lines: from what is proven to what is possible", "quiet")
    empty = void.empty
    sheet.box(_x(empty.openness_from), _y(empty.fit_to), _x(empty.openness_to) - _x(empty.openness_from), _y(empty.fit_from) - _y(empty.fit_to),
              "void", "the largest empty region")
    sheet.text(_x(empty.openness_to) - 12, _y(empty.fit_to) + 22, "largest empty region", "quiet strong", "end")
    for tick in (0, 25, 50, 75, 100):
        sheet.text(_x(tick / 100), _TOP + _TALL + 20, str(tick), "small quiet", "middle")
        sheet.text(_LEFT - 10, _y(tick / 100) + 4, str(tick), "small quiet", "end")
    sheet.line(_LEFT, _TOP, _LEFT, _TOP + _TALL, "axis")
    sheet.line(_LEFT, _TOP + _TALL, _LEFT + _SIDE, _TOP + _TALL, "axis")
    sheet.line(_x(void.openness_split), _TOP, _x(void.openness_split), _TOP + _TALL, "split")
    sheet.line(_LEFT, _y(void.fit_split), _LEFT + _SIDE, _y(void.fit_split), "split")
    sheet.text(_LEFT + _SIDE + 45, _TOP - 18, "open and fit ↗", "quiet", "end")
    sheet.text(20, _TOP - 18, "↑ enterprise and sovereign fit", "strong")
    sheet.text(_LEFT + _SIDE, _TOP + _TALL + 42, "openness →", "strong", "end")
    for p in places:
        x, y = _x(p.openness.value), _y(p.fit.value)
        sheet.line(x, _y(p.fit.low), x, _y(p.fit.high), "range")
        sheet.line(_x(p.openness.low), y, _x(p.openness.high), y, "range")
    for p, (tx, ty, anchor) in zip(places, _labels(places), strict=True):
        corner = p.vendor in void.quadrants["open-fit"]
        hover = f"{p.name}: " + "; ".join(part.says for axis in (p.openness, p.fit) for part in axis.parts)
        sheet.mark(_x(p.openness.value), _y(p.fit.value), 6, "square" if corner else "circle", "edge" if corner else "dot", hover)
        sheet.text(tx, ty, p.name, "strong" if corner else "", anchor, letters=28)
    bottom = sheet.paragraph(20, _TOP + _TALL + 70, void_in_words(void, names), 115)
    sheet.key(20, bottom + 6, [("circle", "dot", "a vendor", ""), ("square", "edge", "a vendor in the open and fit quarter", "")])
    return sheet.svg()


def void_in_words(void: Void, names: dict[str, str]) -> str:
    """What the map found, in a few sentences."""

    def told(ids: Sequence[str]) -> str:
        return ", ".join(names[i] for i in ids) or "nobody"

    e = void.empty
    quarter = told(void.quadrants["open-fit"])
    corner = f"Alone in the open and fit quarter, the void of this market: {quarter}." if void.alone else f"In the open and fit quarter: {quarter}."
    return (f"{corner} The largest empty region: openness {_hundred(e.openness_from)} to {_hundred(e.openness_to)}, fit {_hundred(e.fit_from)} to "
            f"{_hundred(e.fit_to)}; at its edge: {told(void.borders)}. "
            f"Beaten by nobody on both axes: {told(void.holders)}.")


def _hundred(share: object) -> str:
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
