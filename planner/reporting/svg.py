"""Small drawings in SVG: text that stays text, a title and a description each, no scripts, no styles of their own.

Colours come from classes in the page's style sheet, so that one drawing serves light, dark and paper. Nothing is told
by colour alone: bars carry their amounts, the three levels of the radar differ by line and mark, the stack map by shape and words.
"""
from __future__ import annotations

import base64
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from planner.reporting.text import visible

WIDTH = 380  # of the drawings that stand side by side, in pixels; fits a telephone


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar: class suffix, label, amount in words, length as a share of one, and the share in words."""

    key: str
    label: str
    amount: str
    share: float
    percent: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis of the radar, 0 to 100 outwards; `known` is None where nothing is known."""

    key: str
    name: str
    proven: float
    known: float | None
    possible: float


@dataclass(frozen=True, slots=True)
class StackCell:
    """One layer under one way of running: who owns it, under which law, and whether they could switch it off (`yes`, `no`, `unknown`)."""

    layer: str
    owner: str
    law: str
    stop: str
    key: str
    note: str


@dataclass(frozen=True, slots=True)
class Column:
    """One way of running: mode, models, the workloads that use it, and its layers from the top down."""

    mode: str
    models: str
    workloads: str
    cells: tuple[StackCell, ...]


def stacked_bar(key: str, title: str, says: str, parts: Sequence[Bar]) -> Markup:
    """One bar split into its parts, and below it a line for each part with its amount and share."""
    shapes, x = [], 0.0
    for part in parts:
        width = part.share * WIDTH
        if width > 0:
            shapes.append(_tag("rect", x=_n(x), y=0, width=_n(max(width - 2, 0.5)), height=34, class_=f"layer-{part.key}"))
        x += width
    for row, part in enumerate(parts):
        y = 64 + row * 42
        shapes.append(_tag("rect", x=0, y=y - 11, width=14, height=14, class_=f"layer-{part.key}"))
        shapes += [_text(24, y, part.label, 40), _text(24, y + 18, f"{part.amount} · {part.percent}", 46, "quiet")]
    return _picture(key, title, says, WIDTH, 64 + len(parts) * 42 - 10, shapes)


def bars(key: str, title: str, says: str, rows: Sequence[Bar]) -> Markup:
    """A bar for each row, the longest as wide as it may be, its amount above it."""
    shapes = []
    for index, row in enumerate(rows):
        y = 14 + index * 48
        shapes += [_text(0, y, row.label, 20), _text(WIDTH, y, row.amount, 24, anchor="end"),
                   _tag("rect", x=0, y=y + 8, width=WIDTH, height=10, class_="track"),
                   _tag("rect", x=0, y=y + 8, width=_n(row.share * WIDTH), height=10, class_="bar")]
    return _picture(key, title, says, WIDTH, 14 + max(len(rows), 1) * 48 - 18, shapes)


def pillars(key: str, title: str, says: str, rows: Sequence[Bar]) -> Markup:
    """A column for each row, side by side; the highest carries its amount, every one its words in a hover title. Keys are `2027 Q1`."""
    width, tall, wide = 760.0, 170.0, 760.0 / max(len(rows), 1)
    shapes = []
    years: dict[str, float] = {}
    for index, row in enumerate(rows):
        year, _, quarter = row.key.partition(" ")
        x, high = index * wide, max(row.share, 0.0) * tall
        years.setdefault(year, x)
        shapes.append(_tag("rect", _tag("title", f"{row.label}: {row.amount}"), x=_n(x + 2), y=_n(30 + tall - high), width=_n(max(wide - 4, 1)),
                           height=_n(high), class_="bar"))
        if row.share == 1:
            shapes.append(_text(min(max(x + wide / 2, 40), width - 40), 22, row.amount, 24, "strong", "middle"))
        shapes.append(_text(x + wide / 2, 30 + tall + 16, quarter, 4, "small quiet", "middle"))
    shapes.append(_tag("line", x1=0, y1=_n(30 + tall), x2=_n(width), y2=_n(30 + tall), class_="grid"))
    shapes += [_text(x + 2, 30 + tall + 36, year, 6, "strong") for year, x in years.items()]
    return _picture(key, title, says, width, 30 + tall + 44, shapes, wide=True)


# ------------------------------------------------------------------------------------------------- radar


def radar(key: str, title: str, says: str, spokes: Sequence[Spoke], legend: tuple[str, str, str]) -> Markup:
    """Three levels over all spokes: possible (dashed outline), known (line with dots, broken where not known), proven (filled)."""
    centre, radius = (WIDTH / 2, 156.0), 122.0

    def point(index: int, value: float) -> tuple[float, float]:
        angle = 2 * math.pi * index / len(spokes) - math.pi / 2
        return centre[0] + radius * value / 100 * math.cos(angle), centre[1] + radius * value / 100 * math.sin(angle)

    shapes = [_polygon([point(i, ring) for i in range(len(spokes))], "grid") for ring in (25, 50, 75, 100)]
    for index, spoke in enumerate(spokes):
        (x, y), (tx, ty) = point(index, 100), point(index, 113)
        anchor = "middle" if abs(tx - centre[0]) < 10 else "start" if tx > centre[0] else "end"
        shapes += [_tag("line", x1=_n(centre[0]), y1=_n(centre[1]), x2=_n(x), y2=_n(y), class_="grid"),
                   _text(tx, ty + 4, spoke.key, 12, anchor=anchor, hover=spoke.name)]
    shapes.append(_polygon([point(i, s.possible) for i, s in enumerate(spokes)], "possible"))
    shapes.append(_polygon([point(i, s.proven) for i, s in enumerate(spokes)], "proven"))
    known = [None if s.known is None else point(i, s.known) for i, s in enumerate(spokes)]
    for first, second in zip(known, known[1:] + known[:1]):
        if first and second:
            shapes.append(_tag("line", x1=_n(first[0]), y1=_n(first[1]), x2=_n(second[0]), y2=_n(second[1]), class_="known"))
    shapes += [_tag("circle", cx=_n(p[0]), cy=_n(p[1]), r=3.5, class_="known-dot") for p in known if p]
    shapes += _legend(legend, 326)
    return _picture(key, title, says, WIDTH, 340, shapes)


def _legend(words: tuple[str, str, str], y: int) -> list[Markup]:
    proven, known, possible = words
    return [
        _tag("rect", x=8, y=y - 11, width=22, height=13, class_="proven"), _text(37, y, proven, 14),
        _tag("line", x1=134, y1=y - 4, x2=156, y2=y - 4, class_="known"), _tag("circle", cx=145, cy=y - 4, r=3.5, class_="known-dot"),
        _text(163, y, known, 14), _tag("line", x1=262, y1=y - 4, x2=284, y2=y - 4, class_="possible"), _text(291, y, possible, 14),
    ]


def _polygon(points: Sequence[tuple[float, float]], style: str) -> Markup:
    return _tag("polygon", points=" ".join(f"{_n(x)},{_n(y)}" for x, y in points), class_=style)


# ----------------------------------------------------------------------------------------- the stack map

_LABELS, _CELL, _GAP, _HEAD, _ROW = 118, 158, 8, 74, 74


def stack_map(key: str, title: str, says: str, columns: Sequence[Column]) -> Markup:
    """Layers as rows, ways of running as columns; each cell names the owner, the law, and by a shape and words who could switch it off."""
    shapes = []
    layers = [cell.layer for cell in columns[0].cells] if columns else []
    for row, name in enumerate(layers):
        shapes += _lines(0, _HEAD + row * (_ROW + _GAP) + 30, name, 17, 3, "quiet")
    for index, column in enumerate(columns):
        x = _LABELS + index * (_CELL + _GAP)
        shapes += _lines(x, 14, column.mode, 20, 1, "strong", column.mode)
        shapes += _lines(x, 31, column.models, 21, 1, "", column.models)
        shapes += _lines(x, 48, column.workloads, 21, 1, "quiet", column.workloads)
        for row, cell in enumerate(column.cells):
            shapes += _stack_cell(x, _HEAD + row * (_ROW + _GAP), cell)
    width = _LABELS + max(len(columns), 1) * (_CELL + _GAP) - _GAP
    return _picture(key, title, says, width, _HEAD + max(len(layers), 1) * (_ROW + _GAP) - _GAP + 2, shapes, wide=True)


def _stack_cell(x: float, y: float, cell: StackCell) -> list[Markup]:
    return [
        _tag("rect", x=_n(x + 1), y=_n(y + 1), width=_CELL - 2, height=_ROW - 2, rx=3, class_=f"cell stop-{cell.key}"),
        *_lines(x + 10, y + 22, cell.owner, 21, 1, "strong", cell.owner), _text(x + 10, y + 40, cell.law, 22, "quiet", hover=cell.law),
        _sign(x + 15, y + 56, cell.key), _text(x + 27, y + 60, cell.stop, 22, "small", hover=cell.note or cell.stop),
    ]


def _sign(x: float, y: float, key: str) -> Markup:
    """A filled square: can be switched off. A ring: cannot. A diamond, open: not known."""
    if key == "yes":
        return _tag("rect", x=_n(x - 5), y=_n(y - 5), width=10, height=10, class_="sign-yes")
    if key == "no":
        return _tag("circle", cx=_n(x), cy=_n(y), r=4.5, class_="sign-no")
    return _polygon([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)], "sign-unknown")


def sheet_picture(svg: str, alternative: str) -> Markup:
    """A drawing that stands alone, as a picture of its own: its style stays inside it, and the page's stays outside."""
    data = base64.b64encode(svg.encode()).decode()
    return Markup('<img class="sheet" alt="{}" src="data:image/svg+xml;base64,{}">').format(alternative, data)


# ------------------------------------------------------------------------------------------------ pieces


def _picture(key: str, title: str, says: str, width: float, height: float, shapes: Sequence[Markup], wide: bool = False) -> Markup:
    inner = [_tag("title", title, id=f"svg-{key}-title"), _tag("desc", says, id=f"svg-{key}-desc"), *shapes]
    return _tag(
        "svg",
        *inner,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_n(width)} {_n(height)}",
        width=_n(width),
        height=_n(height),
        role="img",
        aria_labelledby=f"svg-{key}-title svg-{key}-desc",
        class_="wide" if wide else "drawing",
    )


def _tag(tag: str, *inner: str | Markup, **attributes: object) -> Markup:
    """An element; text and attribute values are escaped. `class_` stands for class, other underscores for hyphens."""
    written = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value != ""
    )
    content = Markup("").join(part if isinstance(part, Markup) else escape(visible(part)) for part in inner)
    return Markup("<{}{}>{}</{}>").format(Markup(tag), written, content, Markup(tag))


def _text(x: float, y: float, words: str, letters: int, style: str = "", anchor: str = "", hover: str = "") -> Markup:
    """One line of text, cut to so many letters; what was cut, and `hover`, stand in its title."""
    shown = _fit(visible(words), letters, 1)[0]
    told = visible(hover or words)
    inner: list[str | Markup] = [shown] + ([_tag("title", told)] if told != shown else [])
    return _tag("text", *inner, x=_n(x), y=_n(y), class_=style, text_anchor=anchor)


def _lines(x: float, y: float, words: str, letters: int, most: int, style: str = "", hover: str = "") -> list[Markup]:
    fitted = _fit(visible(words), letters, most)
    return [_text(x, y + 16 * i, part, letters, style, hover=hover if i == 0 else "") for i, part in enumerate(fitted)]


def _fit(words: str, letters: int, most: int) -> list[str]:
    """`words` in at most so many lines of so many letters; what does not fit ends in an ellipsis."""
    lines = textwrap.wrap(words, letters) or [""]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], " ".join(lines[most - 1 :])[: letters - 1].rstrip() + "…"]


def _n(value: float) -> str:
    """A coordinate with at most two decimals, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
