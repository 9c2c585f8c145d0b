"""A report's drawings as files of their own, for slides and documents: SVG, and PNG where the typesetter is installed."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from planner.domain.report import Report
from planner.problems import MissingExtra
from planner.reporting.pictures import picture
from planner.reporting.table import Drawing

_PIXELS_PER_INCH, _MM_PER_PIXEL = 192, 25.4 / 96  # a PNG twice as dense as the screen


def picture_files(report: Report, lang: str) -> dict[str, bytes]:
    """Name of the file -> its bytes, for every drawing of the report in one language; nothing where there is no plan."""
    from planner.reporting.fonts import fonts
    from planner.reporting.typesetter import png
    from planner.reporting.view import view_of

    try:
        families, dense = fonts(lang), True
    except MissingExtra:
        families, dense = ("sans-serif",), False
    made: dict[str, bytes] = {}
    for drawing in _drawings(view_of(report, lang).planned):
        shown = picture(drawing, families)
        made[f"{drawing.table.id}.svg"] = shown.svg.encode()
        if dense:
            try:
                made[f"{drawing.table.id}.png"] = png(shown.svg, shown.width * _MM_PER_PIXEL, _PIXELS_PER_INCH, system_fonts=len(families) > 1)
            except MissingExtra:
                dense = False
    return made


def _drawings(part: Any) -> Iterator[Drawing]:
    """Every drawing in a view, in the order of reading."""
    if isinstance(part, Drawing):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from _drawings(getattr(part, field.name))
    elif isinstance(part, tuple):
        for inner in part:
            yield from _drawings(inner)
