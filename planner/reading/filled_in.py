"""A table that somebody filled in, from a CSV file or a workbook: rows as text by column, each with its number in the file."""
from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from planner.problems import MissingExtra, Problem
from planner.reading.files import decode, read_bytes, refuse, shown

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024  # of a workbook, which is a compressed archive
MAX_COLUMNS, MAX_ROWS = 200, 100_000
_AGAIN = "export it with `checklist --to csv` or `--to xlsx`"


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A table: its columns by name (lower case), and its rows that are not empty, each with its number, counted from 1."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def problem(self, row: int, column: str, message: str) -> Problem:
        """Something wrong with a row, placed by its number and the number of its column."""
        return Problem(self.file, row, self.columns.index(column) + 1 if column in self.columns else 1, column, message)


def tables_in(path: Path) -> tuple[FilledIn, ...]:
    """The tables of a file: the one of a CSV file, one for each sheet of a workbook (.xlsx).

    Raises Refused for a file that is neither, and MissingExtra where workbooks cannot be read.
    """
    raw = read_bytes(path, MAX_BYTES)
    rows = [_csv_rows(shown(path), raw)] if path.suffix.lower() != ".xlsx" else _sheets(shown(path), raw)
    return tuple(_table(shown(path), table) for table in rows)


def _table(file: str, rows: list[tuple[int, tuple[str, ...]]]) -> FilledIn:
    head = tuple(cell.strip().lower() for cell in rows[0][1]) if rows else ()
    return FilledIn(file, head, tuple((number, tuple(_unguarded(cell.strip()) for cell in cells)) for number, cells in rows[1:] if any(cells)))


def _csv_rows(file: str, raw: bytes) -> list[tuple[int, tuple[str, ...]]]:
    try:
        reader = csv.reader(io.StringIO(decode(file, raw), newline=""), strict=True)
        return [(reader.line_num, tuple(cells)) for cells in reader]
    except csv.Error as error:
        raise refuse(file, f"this is not a readable CSV file: {error}", hint=_AGAIN) from None


def _sheets(file: str, raw: bytes) -> list[list[tuple[int, tuple[str, ...]]]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtra('Reading a workbook needs its reader: pip install "sovplan[xlsx]"') from None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise refuse(file, f"the workbook holds more than {MAX_UNPACKED:,} bytes", hint=_AGAIN)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        return [list(_sheet_rows(sheet)) for sheet in book.worksheets]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:  # what a damaged workbook leads to
        raise refuse(file, f"this is not a readable workbook ({type(error).__name__})", hint=_AGAIN) from None


def _sheet_rows(sheet) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True), 1):
        yield number, tuple(map(_text, cells))


def _text(value: object) -> str:
    """What stands in a cell, as text: a day as it is written in every export, a whole number without a point."""
    if isinstance(value, datetime) and value.time() == value.time().min:
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from computing it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "|", "%") else cell
