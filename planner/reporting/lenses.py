"""Other yardsticks in words: a table of a report's operators, and one party on a terminal."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.domain.lens import LensReading
from planner.reporting.context import Context
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.table import Cell, Table
from planner.reporting.text import visible
from planner.reporting.texts import Texts, texts

if TYPE_CHECKING:
    from rich.console import Console

_SIGN = {"met": "+", "unmet": "x", "unknown": "?"}


def lens_table(c: Context, readings: Sequence[LensReading]) -> Table:
    """One row for each operator and yardstick: the level that is proven, what breaks it, and what to ask for."""
    none = c.p("known.none")
    rows = tuple(
        (Cell(c.t.name(r.name), c.t(r.says), (c.p(f"lens.status.{r.status}"),)), Cell(r.party_name),
         Cell(_level(c.p, c.t, r, r.proven), _beyond(c.p, c.t, r)), Cell(_listed(c, r, "unmet") or none), Cell(_listed(c, r, "unknown") or none))
        for r in readings
    )
    return Table("annex-lenses", c.p("lens.caption"), c.columns("yardstick", "operator", "level", "broken", "to_ask"), rows, cards=True)


def _listed(c: Context, reading: LensReading, status: str) -> str:
    """The demands that are not met, with what to ask for where they are open; each with where it is written."""
    found = [v for v in reading.criteria if v.status == status]
    return "; ".join(f"{c.t(v.says if status == 'unmet' else v.ask or v.says).rstrip('.')} ({v.cites})" for v in found)


def _level(p: Phrases, t: Texts, reading: LensReading, number: int) -> str:
    return t.name(reading.levels[number - 1]) if number else p("lens.no_level")


def _beyond(p: Phrases, t: Texts, reading: LensReading) -> str:
    """What is said but unread, where that is more than is proven, and the most that nothing rules out."""
    said = [p("lens.known", level=_level(p, t, reading, reading.known))] if reading.known > reading.proven else []
    return "; ".join([*said, p("lens.possible", level=_level(p, t, reading, reading.possible))])


def show_lenses(readings: Sequence[LensReading], console: Console, lang: str = "en") -> None:
    """Show one party by every yardstick: levels, and each demand with its verdict, where it is written and what to ask for."""
    from rich.text import Text

    p, t = phrases(lang), texts(lang)
    for r in readings:
        console.print(Text(visible(f"\n{r.party_name}: {t.name(r.name)} {p(f'lens.status.{r.status}')}").strip(), style="bold cyan"))
        console.print(Text(visible(t(r.says)), style="dim"))
        console.print(Text(visible(f"{p('column.level')}: {_level(p, t, r, r.proven)} ({p('column.proven').lower()}); {_beyond(p, t, r)}")))
        for v in r.criteria:
            mark = f" {p('mark.verify')}" if v.to_verify else ""
            console.print(Text(visible(f"{_SIGN[v.status]} {t(v.says)} ({v.cites}){mark}")))
            if v.ask:
                console.print(Text("    " + visible(t(v.ask)), style="dim"))


def lens_grid(parties: Sequence[Sequence[LensReading]], console: Console, lang: str = "en") -> None:
    """Show many parties, one column a yardstick; a cell is the number of the level that is proven, to the highest that nothing rules out."""
    from rich.table import Table as Grid
    from rich.text import Text

    p, t = phrases(lang), texts(lang)
    f = Figures(p)
    grid = Grid(box=None, header_style="bold", padding=(0, 2, 0, 0))
    grid.add_column(p("column.operator"))
    for r in parties[0] if parties else ():
        grid.add_column(Text(visible(f"{t.name(r.name)} {p(f'lens.status.{r.status}')}")))
    for readings in parties:
        cells = [f.span(r.proven, r.possible) for r in readings]
        grid.add_row(*(Text(visible(words)) for words in (readings[0].party_name, *cells)))
    console.print(grid)
    levels = p("format.range", low=p("column.proven").lower(), high=p("column.possible").lower())
    console.print(Text(f"{p('column.level')}: {levels}; 0: {p('lens.no_level')}", style="dim"))
