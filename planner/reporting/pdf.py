"""A report as PDF: archivable (PDF/A), accessible (PDF/UA-1), carrying its plan so that it can be checked again."""
from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import Any

from planner.domain.report import Report
from planner.problems import UsageError
from planner.reporting.columns import LINE, breakable, shares
from planner.reporting.document import Block, Bullets, Document, First, Heading, Text, document
from planner.reporting.fonts import fonts
from planner.reporting.json_report import report_json
from planner.reporting.pictures import picture
from planner.reporting.table import Cell, Drawing, Table, Tile
from planner.reporting.text import visible
from planner.reporting.typesetter import typeset

WITH_PLAN, WITHOUT_PLAN = ["a-3a", "ua-1"], ["a-2a", "ua-1"]  # PDF/A-2 allows no attachment that is not itself PDF/A
MOST_BYTES = 64 * 1024 * 1024  # of the plan in a PDF; no report comes near
_LONG = 700  # letters of a cell that may break over pages


def pdf(report: Report, lang: str, audience: str, with_plan: bool = True) -> bytes:
    """The report as PDF/A-3a with its plan attached, or as PDF/A-2a without; both PDF/UA-1. The same report and fonts give the same bytes.

    Raises MissingExtra without the typesetter or, in a language that needs one, without a font.
    """
    families = fonts(lang)
    data = _data(document(report, lang, audience), families)
    data["plan"] = report_json(report) if with_plan else ""
    return typeset(data, WITH_PLAN if with_plan else WITHOUT_PLAN, report.provenance.as_of, system_fonts=len(families) > 1)


def report_in_pdf(data: bytes) -> str:
    """The JSON that a PDF of ours carries. Raises UsageError where it carries none, or more than a report can be."""
    for start in re.finditer(rb"<<(?:(?!endobj|stream\b).)*?/Type\s*/EmbeddedFile\b(?:(?!endobj|stream\b).)*?>>\s*stream\r?\n", data, re.DOTALL):
        unpack = zlib.decompressobj()
        try:
            text = unpack.decompress(data[start.end():], MOST_BYTES) if b"/FlateDecode" in start[0] else b""
        except zlib.error:
            raise UsageError("the plan in this PDF is damaged: it cannot be unpacked") from None
        if unpack.unconsumed_tail and not unpack.eof:
            raise UsageError(f"the plan in this PDF is larger than {MOST_BYTES} bytes")
        if b'"format_version"' in text[:200]:
            return text.decode()
    raise UsageError("this PDF carries no plan: it is not one of ours, is a PDF/A-2, or was saved again by a program that drops attachments")


# ------------------------------------------------------------------------------------------------ data


def _data(made: Document, families: tuple[str, ...]) -> dict[str, Any]:
    view = made.view
    day = view.report_day
    return {
        "title": visible(view.title), "organisation": visible(view.organisation), "as_of": view.p("page.as_of", day=view.as_of),
        "kind": made.kind, "lang": view.lang, "day": [day.year, day.month, day.day], "fonts": list(families),
        "contents": view.p("page.contents"), "closing": visible(made.closing), "plan_says": view.p("page.embedded"),
        "first": _first(made.first, view.p("headline.conditions_intro"), families),
        "sections": [{"title": section.title, "blocks": [_block(block, families) for block in section.blocks]} for section in made.sections],
    }


def _first(first: First, intro: str, families: tuple[str, ...]) -> dict[str, Any]:
    points = first.conditions
    return {
        "lines": [visible(line) for line in first.lines],
        "conditions": None if points is None else {"title": points.title, "intro": intro, "more": points.more if points.rest else "",
                                                   "cells": [_cell(cell, LINE, True) for cell in points.first]},
        "tiles": [_tile(tile) for tile in first.tiles],
        "pictures": [_picture(drawing, families) for drawing in first.pictures],
        "steps": None if first.steps is None else _table(first.steps, families),
    }


def _block(block: Block, families: tuple[str, ...]) -> dict[str, Any]:
    match block:
        case Text(words, style):
            return {"kind": "text", "words": breakable(visible(words), LINE), "style": style}
        case Heading(words, aside):
            return {"kind": "heading", "words": breakable(visible(words), LINE), "aside": visible(aside)}
        case Bullets(cells):
            return {"kind": "bullets", "cells": [_cell(cell, LINE, True) for cell in cells]}
        case Table():
            return {"kind": "table", **_table(block, families)}
        case Drawing():
            return {"kind": "picture", **_picture(block, families), "table": _table(block.table, families)}


def _table(table: Table, families: tuple[str, ...]) -> dict[str, Any]:
    widths = shares(table)
    hyphenates = len(families) == 1  # the typesetter knows how to in every language that needs no font of its own
    room = [max(4, int(LINE * width) - 2) for width in widths]
    return {
        "caption": visible(table.caption), "shares": list(widths), "titles": [column.title for column in table.columns],
        "numeric": [column.numeric for column in table.columns],
        "rows": [[_cell(cell, most, hyphenates) for cell, most in zip(row, room, strict=True)] for row in _spared((*table.rows, *table.rest))],
    }


def _spared(rows: tuple[tuple[Cell, ...], ...]) -> list[tuple[Cell, ...]]:
    """The rows, without the small print of a first cell that says the same as the one above it."""
    heads = [None, *(row[0] for row in rows)]
    return [(replace(row[0], note=""), *row[1:]) if row[0] == above else row for above, row in zip(heads, rows, strict=False)]


def _cell(cell: Cell, most: int, hyphenates: bool) -> dict[str, Any]:
    text, note = (breakable(visible(words), most, hyphenates) for words in (cell.text, cell.note))
    return {"text": text, "note": note, "marks": [visible(mark) for mark in cell.marks], "href": cell.href, "long": len(text) + len(note) > _LONG}


def _tile(tile: Tile) -> dict[str, Any]:
    return {"label": tile.label, "value": visible(tile.value), "note": visible(tile.note), "marks": list(tile.marks)}


def _picture(drawing: Drawing, families: tuple[str, ...]) -> dict[str, Any]:
    made = picture(drawing, families)
    return {"svg": made.svg, "says": visible(made.says), "width": made.width, "height": made.height, "caption": visible(drawing.table.caption)}
