"""The door to Typst, the typesetter: PDF from a template and data, and PNG from SVG. Letters that no font has are spelt out, never boxes."""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from types import ModuleType
from typing import Any

from planner.problems import MissingExtra, SovplanError
from planner.resources import bundled

_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_NO_PLACE = re.compile(r'contains the codepoint `"((?:[^"\\]|\\.)+)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_RARE = re.compile("[^\\x00-\u024f–—‘’“”…€→≤≥≈−•]")  # letters that the fonts which travel with the typesetter may not have
_TRIES = 4  # each brings letters that the last one hid; then something else is wrong


def typesetter() -> ModuleType:
    """The module `typst`. Raises MissingExtra with the line that installs it."""
    try:
        import typst
    except ImportError:
        raise MissingExtra('PDF and pictures for Word need the typesetter: pip install "sovplan[pdf]"') from None
    return typst


@cache
def _compiler(system_fonts: bool) -> Any:
    """A typesetter that has looked for its fonts once: those that travel with it, or those of the machine too."""
    typst = typesetter()
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=system_fonts))


def typeset(data: Mapping[str, Any], standards: list[str], on: date, system_fonts: bool) -> bytes:
    """The PDF of templates/report.typ with `data`, in these PDF standards; the same data and fonts give the same bytes.

    A letter that no font has is spelt out as ‹U+1F600›. Raises MissingExtra without the typesetter, SovplanError where it refuses.
    """
    typst = typesetter()
    text, refusal = json.dumps(data, ensure_ascii=False), ""
    for _ in range(_TRIES):
        try:
            return _compiler(system_fonts).compile(
                (bundled("templates") / "report.typ").read_bytes(), format="pdf", sys_inputs={"document": text}, pdf_standards=standards,
                timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
            )
        except typst.TypstError as error:
            refusal = error.diagnostic
            missing = letters_without_a_glyph(refusal)
            if not missing:
                break
            if not system_fonts:
                system_fonts = True  # the machine may have the letter
            else:
                text = json.dumps(_spelt(data, missing), ensure_ascii=False)
    raise SovplanError(f"the typesetter refused the report: {refusal[:600]}")


def letters_without_a_glyph(diagnostic: str) -> set[str]:
    """The letters that a diagnostic names as not in any font, or as not allowed in an archive."""
    quoted = _NO_GLYPH.findall(diagnostic) + _NO_PLACE.findall(diagnostic)
    plain = (_ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], one) for one in quoted)
    return {letter for text in plain for letter in text if letter not in " \u200b"}


def _spelt(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        return "".join(f"‹U+{ord(c):04X}›" if c in missing else c for c in value)
    if isinstance(value, Mapping):
        return {key: inner if key == "plan" else _spelt(inner, missing) for key, inner in value.items()}
    return [_spelt(inner, missing) for inner in value] if isinstance(value, list) else value


def png(svg: str, width_mm: float, dots_per_inch: int, system_fonts: bool) -> bytes:
    """An SVG as PNG, so wide on paper. Letters that no font has are spelt out. Raises MissingExtra without the typesetter."""
    typst = typesetter()
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", alt: "-", width: eval(sys.inputs.width))'
    inputs = {"svg": svg, "width": f"{width_mm:.1f}mm"}
    for every in dict.fromkeys((system_fonts, True)):
        missing: set[str] = set()
        if not _RARE.search(svg):
            break
        try:  # only an archive refuses a letter without a glyph; a picture would draw a box
            _compiler(every).compile(b'#set document(title: "-")\n' + page, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
        except typst.TypstError as error:
            missing = letters_without_a_glyph(error.diagnostic)
        if not missing:
            break
    inputs["svg"] = _spelt(svg, missing)
    made = _compiler(every).compile(page, format="png", ppi=dots_per_inch, sys_inputs=inputs, pdf_standards=[])
    return made if isinstance(made, bytes) else made[0]
