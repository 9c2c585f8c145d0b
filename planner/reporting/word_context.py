"""What a Word template can ask for: the document's blocks, under names that a lawyer can read. Each field's meaning stands with it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.reporting.document import Block, Bullets, Document, Heading, Section, Text, kind_of
from planner.reporting.table import Cell, Drawing, Table


def _says(words: str) -> Any:
    return field(metadata={"says": words})


@dataclass(frozen=True, slots=True)
class WordCell:
    """One cell of a table, or one line of a list."""

    text: str = _says("what stands in the cell")
    note: str = _says("the small print below it; empty where there is none")
    marks: str = _says("marks such as (estimate); empty where there are none")
    href: str = _says("the https address it leads to; empty where there is none")
    numeric: bool = _says("whether figures stand in its column")
    link: Any = _says("the text as a link, to be placed with {{r …}}; only where `href` is not empty")


@dataclass(frozen=True, slots=True)
class WordColumn:
    """One column of a table."""

    title: str = _says("its title")
    key: str = _says("its name: row.NAME is the cell under it")
    numeric: bool = _says("whether figures stand in it")


@dataclass(frozen=True, slots=True)
class WordRow:
    """One row of a table. `row.NAME` is the cell under the column of that name."""

    cells: tuple[WordCell, ...] = _says("its cells in order")
    by: Mapping[str, WordCell] = _says("its cells by the column's name")

    def __getattr__(self, name: str) -> WordCell:
        """The cell under the column of this name; AttributeError for one there is none of."""
        if name in WordRow.__slots__ or name not in self.by:
            raise AttributeError(name)
        return self.by[name]


@dataclass(frozen=True, slots=True)
class WordBlock:
    """One block of a section. Which fields are filled depends on its kind."""

    kind: str = _says("text, heading, bullets, table or picture")
    words: str = _says("of a text or a heading: what it says; of a picture: its alternative in words")
    style: str = _says("of a text: plain, intro or notice")
    aside: str = _says("of a heading: what stands at its right, such as an amount")
    caption: str = _says("of a table or a picture: its caption")
    cells: tuple[WordCell, ...] = _says("of bullets: the lines")
    columns: tuple[WordColumn, ...] = _says("of a table or a picture: the columns of its table")
    rows: tuple[WordRow, ...] = _says("of a table or a picture: the rows of its table")
    image: Any = _says("of a picture: the drawing, to be placed with {{ … }}")


@dataclass(frozen=True, slots=True)
class WordSection:
    """One section."""

    key: str = _says("its name")
    title: str = _says("its title")
    blocks: tuple[WordBlock, ...] = _says("its blocks in order")


@dataclass(frozen=True, slots=True)
class WordTile:
    """One key figure of the first page."""

    label: str = _says("what it is")
    value: str = _says("its value")
    marks: str = _says("marks such as (estimate)")
    note: str = _says("what to know beside it")


@dataclass(frozen=True, slots=True)
class WordReport:
    """Everything a template can ask for."""

    title: str = _says("the name of the plan")
    organisation: str = _says("whose plan it is")
    kind: str = _says("AI deployment plan, or: no plan exists")
    as_of: str = _says("the planning day, in a sentence")
    day: str = _says("the planning day")
    lang: str = _says("the language: en, fr, de or ja")
    contents: str = _says("the word above a table of contents")
    decision: str = _says("the plan in one sentence")
    lines: tuple[str, ...] = _says("the first lines: the decision, and how it is carried out")
    conditions_title: str = _says("on how many conditions the plan holds; empty where on none")
    conditions_intro: str = _says("what that means")
    conditions: tuple[WordCell, ...] = _says("the conditions that decide the most")
    conditions_more: str = _says("how many more there are; empty where none")
    tiles: tuple[WordTile, ...] = _says("the key figures")
    pictures: tuple[WordBlock, ...] = _says("the drawings of the first page")
    sections: tuple[WordSection, ...] = _says("the sections of these readers, in order")
    section: Mapping[str, WordSection] = _says("the sections by name")
    tables: Mapping[str, WordBlock] = _says("every table by name")
    closing: str = _says("by which tool it was made")


class Maker:
    """Makes what a template is filled with; `image` and `link` turn a drawing and an address into what Word shows."""

    def __init__(self, image: Any, link: Any):
        self._image, self._link = image, link

    def report(self, made: Document) -> WordReport:
        """All of it."""
        view, first = made.view, made.first
        points = first.conditions
        sections = tuple(self._section(section) for section in made.sections)
        tables = {block.id: block for section in made.sections for block in section.blocks if isinstance(block, Table)}
        return WordReport(
            title=view.title, organisation=view.organisation, kind=made.kind, as_of=view.p("page.as_of", day=view.as_of), day=view.as_of,
            lang=view.lang, contents=view.p("page.contents"), decision=first.lines[0] if first.lines else "", lines=first.lines,
            conditions_title=points.title if points else "", conditions_intro=view.p("headline.conditions_intro") if points else "",
            conditions=self._cells(points.first) if points else (), conditions_more=points.more if points and points.rest else "",
            tiles=tuple(WordTile(t.label, t.value, " ".join(t.marks), t.note) for t in first.tiles),
            pictures=tuple(self._block(drawing) for drawing in first.pictures), sections=sections, section={s.key: s for s in sections},
            tables={key.replace("-", "_"): self._block(table) for key, table in tables.items()}, closing=made.closing,
        )

    def _section(self, section: Section) -> WordSection:
        return WordSection(section.key, section.title, tuple(map(self._block, section.blocks)))

    def _block(self, block: Block) -> WordBlock:
        filled: dict[str, Any] = {"words": "", "style": "", "aside": "", "caption": "", "cells": (), "columns": (), "rows": (), "image": None}
        match block:
            case Text(words, style):
                filled |= {"words": words, "style": style}
            case Heading(words, aside):
                filled |= {"words": words, "aside": aside}
            case Bullets(cells):
                filled |= {"cells": self._cells(cells)}
            case Table():
                filled |= self._table(block)
            case Drawing():
                image, says = self._image(block)
                filled |= {**self._table(block.table), "image": image, "words": says}
        return WordBlock(kind=kind_of(block), **filled)

    def _table(self, table: Table) -> dict[str, Any]:
        keys = [column.key or f"column_{number}" for number, column in enumerate(table.columns, 1)]
        columns = tuple(WordColumn(column.title, key, column.numeric) for column, key in zip(table.columns, keys, strict=True))
        figures = [column.numeric for column in table.columns]
        rows = tuple(WordRow(cells, dict(zip(keys, cells, strict=True)))
                     for row in (*table.rows, *table.rest) for cells in [tuple(map(self._cell, row, figures))])
        return {"caption": table.caption, "columns": columns, "rows": rows}

    def _cells(self, cells: tuple[Cell, ...]) -> tuple[WordCell, ...]:
        return tuple(self._cell(cell, False) for cell in cells)

    def _cell(self, cell: Cell, numeric: bool) -> WordCell:
        link = self._link(cell.text, cell.href) if cell.href else ""
        return WordCell(cell.text, cell.note, " ".join(cell.marks), cell.href or "", numeric, link)
