"""A report's drawings as pictures of their own: SVG with paper's colours and fonts, and the words that say the same."""
from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.reporting.table import Drawing
from planner.resources import bundled

_DATA = re.compile(r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')
_SIZE = re.compile(r' viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_SAYS = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
_HOVER = re.compile(r"<title[^>]*>.*?</title>|<desc[^>]*>.*?</desc>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG file, its size in pixels, and its alternative in words."""

    svg: str
    width: float
    height: float
    says: str


def picture(drawing: Drawing, fonts: Sequence[str]) -> Picture:
    """The drawing on paper, set in the first of `fonts` that has the letters. What only a mouse would show is left out."""
    file = _file(str(drawing.svg))
    says = _SAYS.search(file)
    size = _SIZE.search(file)
    assert size is not None, "every drawing of ours says its size"
    own = "" if "<style>" in file else (bundled("templates") / "picture.css").read_text(encoding="utf-8")
    families = ", ".join(f"'{name}'" for name in fonts)
    bare = _HOVER.sub("", file)
    start = bare.index("</style>") + len("</style>") if "</style>" in bare else bare.index(">") + 1
    svg = f"{bare[:start]}<style>{own}svg, text {{ font-family: {families}; }}</style>{bare[start:]}"
    return Picture(svg, float(size[1]), float(size[2]), html.unescape(says[1]) if says else drawing.table.caption)


def _file(markup: str) -> str:
    """The SVG of a drawing, which stands in the page as it is or packed in an address."""
    packed = _DATA.search(markup)
    return base64.b64decode(packed[1]).decode() if packed else markup
