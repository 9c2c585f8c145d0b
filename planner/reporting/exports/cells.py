"""Cells for spreadsheets: text that no program takes for a formula, and back."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from planner.reporting.text import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def safe_cell(text: str) -> str:
    """`text` on one line, with an apostrophe before what a spreadsheet would compute."""
    shown = visible(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def plain_cell(cell: str) -> str:
    """The inverse of `safe_cell`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV of RFC 4180, every cell made safe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
