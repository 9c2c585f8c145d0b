"""A drawing that stands alone in a file: its own style, light and dark, a title and a description, text that stays text, no scripts.

Shapes tell what colours tell: green is a circle, orange a square, blue a triangle; every mark has its words in a hover title.
"""
from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from markupsafe import Markup

from planner.reporting.svg import _fit, _n, _tag

STYLE = """
svg { font: 13px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; color-scheme: light dark; background: #fff }
text { fill: #1b1f24; stroke: #fff; stroke-width: 3px; stroke-linejoin: round; paint-order: stroke }
.quiet { fill: #57606a } .strong { font-weight: 600 } .head { font-size: 17px; font-weight: 600 } .small { font-size: 11px }
.line { stroke: #c9d1d9 } .axis { stroke: #57606a } .split { stroke: #57606a; stroke-dasharray: 5 4 } .range { stroke: #8c959f; stroke-width: 1 }
.void { fill: #0072b2; fill-opacity: .07; stroke: #0072b2; stroke-dasharray: 3 3 } .track { fill: #eaeef2 } .bar { fill: #0072b2 }
.open { fill: #009e73 } .restricted { fill: #e69f00 } .closed { fill: #0072b2 } .dot { fill: #1b1f24 } .edge { fill: #d55e00 }
.hollow { fill: none; stroke: #1b1f24; stroke-width: 1.5 } .down { fill: #d55e00 } .up { fill: #0072b2 }
@media (prefers-color-scheme: dark) {
svg { background: #12161b } text { fill: #e6edf3; stroke: #12161b } .quiet { fill: #9da7b1 } .line { stroke: #3d444d }
.axis, .split { stroke: #9da7b1 } .track { fill: #2a313a }
.dot { fill: #e6edf3 } .hollow { stroke: #e6edf3 } .closed, .bar, .up { fill: #56b4e9 } .void { fill: #56b4e9; stroke: #56b4e9 }
}
"""


class Sheet:
    """Collects shapes from the top left, in pixels, and gives the whole file. `title` and `says` are its alternative in text."""

    def __init__(self, title: str, says: str, width: float):
        self.title, self.says, self.width = title, says, width
        self._shapes: list[Markup] = []
        self._bottom = 0.0
        self.text(20, 32, title, "head", letters=int(width / 9))

    def text(self, x: float, y: float, words: str, style: str = "", anchor: str = "", letters: int = 200, hover: str = "") -> None:
        """One line of text, cut to so many letters; what was cut stands in its hover title."""
        shown = _fit(words, letters, 1)[0]
        told = hover or (words if shown != words else "")
        self._add(_tag("text", shown, *([_tag("title", told)] if told else []), x=_n(x), y=_n(y), class_=style, text_anchor=anchor), y)

    def paragraph(self, x: float, y: float, words: str, letters: int, style: str = "quiet") -> float:
        """Text over as many lines as it needs; gives the height below it."""
        lines = _fit(words, letters, 40)
        for i, line in enumerate(lines):
            self.text(x, y + 18 * i, line, style)
        return y + 18 * len(lines)

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str = "line") -> None:
        """A straight line."""
        self._add(_tag("line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), class_=style), max(y1, y2))

    def box(self, x: float, y: float, width: float, height: float, style: str, hover: str = "") -> None:
        """A rectangle."""
        title = [_tag("title", hover)] if hover else []
        self._add(_tag("rect", *title, x=_n(x), y=_n(y), width=_n(max(width, 0.5)), height=_n(max(height, 0.5)), class_=style), y + height)

    def mark(self, x: float, y: float, radius: float, shape: str, style: str, hover: str = "") -> None:
        """A `circle`, `square`, `triangle` or `cross` around a point."""
        title = [_tag("title", hover)] if hover else []
        r = radius
        if shape == "circle":
            self._add(_tag("circle", *title, cx=_n(x), cy=_n(y), r=_n(r), class_=style), y + r)
        elif shape == "square":
            self.box(x - r, y - r, 2 * r, 2 * r, style, hover)
        elif shape == "triangle":
            points = f"{_n(x)},{_n(y - r)} {_n(x + r)},{_n(y + r)} {_n(x - r)},{_n(y + r)}"
            self._add(_tag("polygon", *title, points=points, class_=style), y + r)
        else:
            path = f"M{_n(x - r)},{_n(y - r)}L{_n(x + r)},{_n(y + r)}M{_n(x - r)},{_n(y + r)}L{_n(x + r)},{_n(y - r)}"
            self._add(_tag("path", *title, d=path, class_="hollow"), y + r)

    def key(self, x: float, y: float, entries: Sequence[tuple[str, str, str, str]]) -> None:
        """A legend in a row: shape, style, words, and no more than the words say."""
        for shape, style, words, hover in entries:
            self.mark(x + 6, y - 4, 5, shape, style, hover)
            self.text(x + 17, y, words, "small")
            x += 34 + 6.6 * sum(1.8 if east_asian_width(letter) in "WF" else 1 for letter in words)

    def svg(self) -> str:
        """The file, ending with a newline."""
        height = self._bottom + 24
        inner = [_tag("title", self.title, id="title"), _tag("desc", self.says, id="desc"), Markup("<style>{}</style>").format(Markup(STYLE))]
        return str(_tag("svg", *inner, *self._shapes, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_n(self.width)} {_n(height)}",
                        width=_n(self.width), height=_n(height), role="img", aria_labelledby="title desc")) + "\n"

    def _add(self, shape: Markup, bottom: float) -> None:
        self._shapes.append(shape)
        self._bottom = max(self._bottom, bottom)
