"""What to watch once the plan runs: each figure today, its target, its formula and how it is measured."""
from __future__ import annotations

from decimal import Decimal

from planner.domain.kpi import Kpi, KpiUnit
from planner.reporting.context import Context
from planner.reporting.table import Cell, Table

MOST_PARTS = 8


def kpis(c: Context) -> Table:
    """A row a figure; what is not known says why."""
    names = {row.vendor: row.name for row in c.report.annexes.portfolios} if c.report.annexes else {}
    rows = tuple(_row(c, kpi, names) for kpi in c.report.kpis)
    return Table("kpis-table", c.p("kpi.caption"), c.columns("kpi", "today#", "target#", "formula", "measure"), rows, cards=True)


def _row(c: Context, kpi: Kpi, names: dict[str, str]) -> tuple[Cell, ...]:
    spread = kpi.low is not None or kpi.high is not None
    low, high = (kpi.value if end is None else end for end in (kpi.low, kpi.high))
    note = c.p("kpi.range", low=_amount(c, low, kpi.unit), high=_amount(c, high, kpi.unit)) if spread and low != high else ""
    why = c.t(kpi.unknown_because) if kpi.unknown_because else ""
    parts = [f"{_name(c, part.name, names)}: {_amount(c, part.value, part.unit or kpi.unit)}" for part in kpi.parts[:MOST_PARTS]]
    return (
        Cell(c.t(kpi.name)), Cell(_amount(c, kpi.value, kpi.unit), c.clauses([note, why])),
        Cell(c.p("known.none") if kpi.target is None else _amount(c, kpi.target, kpi.unit)), Cell(c.t(kpi.formula), c.clauses(parts)),
        Cell(c.t(kpi.measure)),
    )


def _name(c: Context, name: str, names: dict[str, str]) -> str:
    return c.report.names.get(name) or names.get(name) or c.t.name(name)


def _amount(c: Context, value: Decimal | None, unit: KpiUnit) -> str:
    if value is None:
        return c.f.unknown
    if unit == "share":
        return c.f.percent(value)
    if unit == "eur":
        small = 0 < value < 1
        return c.p("format.euros", amount=c.f.number(value, 4)) if small else c.f.euros(value)
    if unit == "kg":
        return c.p("format.kilograms", amount=c.f.number(value))
    return c.f.number(value, 1) if unit == "points" else c.p("kpi.years", n=c.f.number(value, 1))
