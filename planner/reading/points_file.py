"""A CSV file of measured serving points: its columns and its numbers are checked before anything is computed from them."""
from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from planner.problems import Problem, Refused, nearest
from planner.reading.files import decode, read_bytes, refuse, shown

MAX_BYTES = 16 * 1_048_576
NUMBERS = ("tp", "isl", "osl", "concurrency", "attn_dp", "kv_bytes", "out_tps_gpu", "tpot_ms", "ttft_ms", "watts_gpu")
_NEEDED = ("gpu_key", "precision", "tp", "isl", "osl")
_NAMES = ("model_key", "model")  # one of them says which model
_READ = (*_NAMES, *_NEEDED, *NUMBERS, "row_id", "source_id", "engine")
_KEPT = ("n_gpu", "ep", "derived", "date", "url", "j_per_out_tok", "saturation", "slo", "scenario", "split", "use_for_fit")  # of the format, not read


def load_points(path: Path) -> tuple[dict[str, str], ...]:
    """The rows as text by column. Raises Refused: a column is missing, twice there or misspelt, a row has the wrong length, a number is none."""
    name = shown(path)
    text = decode(name, read_bytes(path, MAX_BYTES))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            raise refuse(name, "the file is empty", hint=f"its first line names the columns: {', '.join(dict.fromkeys(_READ))}")
        if problems := list(_header_problems(name, header)):
            raise Refused(problems)
        rows, problems = [], []
        for cells in reader:
            if not cells:
                continue
            problems += _row_problems(name, reader.line_num, header, cells)
            rows.append(dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        raise refuse(name, f"this is no CSV: {error}", reader.line_num or 1) from None
    if problems:
        raise Refused(problems[:100])
    return tuple(rows)


def _header_problems(name: str, header: list[str]) -> Iterator[Problem]:
    missing = [column for column in _NEEDED if column not in header] + ([] if set(_NAMES) & set(header) else ["model_key"])
    absent = [column for column in _READ if column not in header]
    for place, column in enumerate(header):
        at = (name, 1, _column(header, place), "")
        if column in header[:place]:
            yield Problem(*at, f"the column `{column}` is there twice")
        elif column not in (*_READ, *_KEPT) and (hint := nearest(column, absent)):
            yield Problem(*at, f"there is no column `{column}`", hint)
    for column in missing:
        yield Problem(name, 1, 1, "", f"the column `{column}` is missing", f"the file needs {', '.join(_NEEDED)}, and `model_key` or `model`")


def _row_problems(name: str, line: int, header: list[str], cells: list[str]) -> Iterator[Problem]:
    if len(cells) != len(header):
        place = min(len(cells), len(header))
        yield Problem(name, line, _column(cells, place), "", f"the row has {len(cells)} cells, and the header {len(header)}")
        return
    for place, (column, cell) in enumerate(zip(header, cells, strict=True)):
        if column in NUMBERS and cell.strip() and not _is_number(cell):
            yield Problem(name, line, _column(cells, place), column, f"`{cell.strip()[:40]}` is not a number that something can be measured as")


def _column(cells: list[str], place: int) -> int:
    """Where a cell starts in its line, counted from 1 (exact where nothing is quoted)."""
    return 1 + sum(len(cell) + 1 for cell in cells[:place])


def _is_number(cell: str) -> bool:
    try:
        value = float(cell)
    except ValueError:
        return False
    return math.isfinite(value) and 0 <= value < 1e12
