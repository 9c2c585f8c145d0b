"""The few shapes that everything in a report is laid out in. Each holds text that is ready to be shown."""
from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: text, small print below it, marks such as "(estimate)" behind it, an https link.

    `opens` is the id of the table on the page that derives this figure.
    """

    text: str
    note: str = ""
    marks: tuple[str, ...] = ()
    href: str | None = None
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, whether figures stand in it, and the name by which a template asks for it."""

    title: str
    numeric: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. The first cell of a row names it; `cards`: a row becomes a card where the screen is narrow.

    A long table keeps its first rows in `rows`; the others, in `rest`, may be folded away under the words of `more`.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cards: bool = False
    rest: tuple[tuple[Cell, ...], ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing and the table that says the same."""

    svg: Markup
    table: Table


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure: what it is, its value, and what to know beside it."""

    label: str
    value: str
    note: str = ""
    marks: tuple[str, ...] = ()
    opens: str = ""  # the section or table of the page that says more


@dataclass(frozen=True, slots=True)
class Group:
    """A titled group of rows that may be folded away."""

    id: str
    title: str
    status: str
    table: Table
    open: bool


@dataclass(frozen=True, slots=True)
class Points:
    """A list whose end may be folded away under the words of `more`."""

    title: str
    first: tuple[Cell, ...]
    rest: tuple[Cell, ...]
    more: str
